"""What `keywire add` asks and prints on the terminal."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.markup import escape

from keywire.commands.adding import Choice, See, addition, look, look_at_series, newest, private
from keywire.commands.config_edit import Addition, add_source
from keywire.config import Config, load
from keywire.terminal import console
from scraper.errors import ReadError
from store.sighting import Kind, Snapshot
from store.topics import TOPIC_NAME

_LONGEST: Final = 90
_KINDS: Final = {
    Kind.LIVE_BLOG: "A live blog",
    Kind.LISTING: "A page that lists live blogs",
    Kind.ARTICLE: "An ordinary article",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user gave on the command line; `series` is None where it was not given."""

    url: str
    topic: str = ""
    series: bool | None = None
    article: bool = False
    timezone: str = ""


def is_asked() -> bool:
    """Return whether stdin and stdout are a terminal, so that the user can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


async def add(wish: Wish, config: Path, see: See, ask: Callable[[str], bool] | None) -> None:
    """Recognise an address, write it into the configuration, and print where its feed is.

    `ask` asks the user a question; None where nobody can answer. Raises ReadError for a page that
    cannot be followed, ConfigError where the configuration cannot be changed.
    """
    out = console()
    if wish.topic and not TOPIC_NAME.fullmatch(wish.topic):
        mend = "it has small letters, digits and dashes, at most 63"
        raise ReadError(wish.url, f"{wish.topic!r} is no topic's name", mend)
    _check(config)
    choice = await look(wish.url, see)
    _tell_page(out, choice)
    article = _is_article(choice, wish, ask)
    if choice.series:
        choice = await _choose(out, choice, wish, see, ask)
    added = replace(addition(choice, wish.topic), timezone=wish.timezone, article=article)
    written = add_source(config, added)
    _tell_added(out, added, load(config), config, written=written)
    if choice.shown is not None:
        _tell_newest(out, choice.shown)


def _check(config: Path) -> None:
    """Raise ConfigError for a configuration with mistakes, before anything is asked."""
    if config.exists():
        load(config)


def _is_article(choice: Choice, wish: Wish, ask: Callable[[str], bool] | None) -> bool:
    """Return whether to follow an ordinary article; raise ReadError if it is declined."""
    if choice.snapshot.kind is not Kind.ARTICLE:
        return False
    if wish.article or (ask is not None and ask("Follow it as one entry, with revisions?")):
        return True
    mend = "--article follows it as one entry, with revisions"
    raise ReadError(choice.url, choice.said[0].removesuffix("."), mend)


async def _choose(
    out: Console, choice: Choice, wish: Wish, see: See, ask: Callable[[str], bool] | None
) -> Choice:
    """Return the day's blog or its series, as the user wishes; tomorrow's has another address."""
    out.print(
        f"It is one day's blog of a series, {escape(choice.series)}: tomorrow's will have another "
        "address."
    )
    wanted = wish.series
    if wanted is None and ask is not None:
        wanted = ask("Follow the series instead?")
    if not wanted:
        if wanted is None:
            out.print("This blog is followed, as it was asked for; --series follows its series.")
        return choice
    chosen = await look_at_series(choice, see)
    for said in chosen.said:
        out.print(escape(said))
    return chosen


def _tell_page(out: Console, choice: Choice) -> None:
    snapshot = choice.snapshot
    by = f", read as {snapshot.platform}" if snapshot.platform else ""
    out.print(f"[bold]{escape(snapshot.title or choice.url)}[/]")
    out.print(f"{_KINDS[snapshot.kind]}{by}, because {escape('; '.join(snapshot.why))}.")
    if snapshot.kind is Kind.LISTING:
        for said in choice.said:
            out.print(escape(said))


def _tell_added(
    out: Console, added: Addition, config: Config, path: Path, *, written: bool
) -> None:
    topic, url = escape(added.topic), escape(added.url)
    if written:
        out.print(f"[green]Added[/] to {escape(str(path))}: the topic {topic} follows {url}")
    else:
        out.print(f"The topic {topic} follows {url} already; {escape(str(path))} is as it was.")
    address = private(added.url, config.fetch.allow_private)
    if address:
        out.print(
            f"[yellow]{address} is a private address:[/] keywire polls it once fetch.allow_private "
            f'names it, as in allow_private: ["{address}"].'
        )
    site = (config.site.url or f"http://{config.site.listen}").rstrip("/")
    out.print(f"Its feed: [bold]{site}/feeds/{topic}.atom[/]  .rss  .json")
    out.print("A keywire that runs takes it by itself; none runs yet? keywire run", style="dim")


def _tell_newest(out: Console, shown: Snapshot) -> None:
    entries = newest(shown)
    out.print(f"The newest of its entries, from {escape(shown.title)}:" if entries else "")
    for block in entries:
        seen = block.sighting
        words = " ".join((seen.title or seen.text or "").split())[:_LONGEST]
        out.print(f"  {seen.published:%Y-%m-%d %H:%M} UTC  {escape(words)}")
