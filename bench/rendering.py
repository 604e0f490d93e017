"""Render a feed, cold and after one change, with the fragments of the other entries cached."""

from collections.abc import Iterator

from bench.floors import template
from bench.measure import Figure, Finding, Size, at_most, milliseconds
from bench.pages import a_feed, changed
from feeds.atom import render_atom
from feeds.fragments import Fragments
from feeds.jsonfeed import render_json
from feeds.rss import render_rss

FORMATS = {"atom": render_atom, "rss": render_rss, "json": render_json}
WARM_UP = 2


def measure(size: Size) -> Iterator[Finding]:
    for count, rounds in ((50, 60), (500, 15)):
        for name in FORMATS:
            yield from _figures(name, size.entries(count), size.rounds(rounds))


def _figures(name: str, count: int, rounds: int) -> Iterator[Finding]:
    feed, render, kept = a_feed(count), FORMATS[name], Fragments()
    states = [changed(feed, run) for run in range(rounds + WARM_UP)]
    for state in (feed, states[0]):
        assert render(state, fragments=kept) == render(state), "kept fragments changed the bytes"
    assert template(feed).count(b"<entry>") == count, "the template lacks entries"
    medians = milliseconds(
        {
            "template": lambda _: template(feed),
            "cold": lambda _: render(feed),
            "warm": lambda run: render(states[run], fragments=kept),
        },
        rounds,
    )
    yield Figure(
        f"render {name} {count}, one change",
        "ms",
        medians["cold"],
        medians["warm"],
        at_most(0.15),
        "floor: the same feed rendered cold",
    )
    if name == "atom":
        note = "floor: string templating, escaped and scrubbed"
        yield Figure(
            f"render {name} {count}, cold", "ms", medians["template"], medians["cold"], None, note
        )
