"""A takedown as readers, programs and people see it."""

import asyncio

import feedparser
import pytest
from pages import block, page
from sites import MINUTE, NOW

from feeds.entry_text import write_life
from store.archive.entry_history import life_of
from store.upkeep.forgetting import forget

WORDS = "The keeper of the lighthouse was never there"
A, B = block("a", 0, "All is calm"), block("b", 10, WORDS, title="Where was the keeper?")
REASON = "a court in <Anytown> said so"


@pytest.fixture
def filled(station):
    station.follow()
    station.poll(page([B, A]))
    return station


def take_down(station):
    with station.database.write() as connection:
        forget(connection, 2, REASON, NOW + MINUTE)
    station.clock.pass_by(2)  # nobody says so here: another process did it


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
@pytest.mark.parametrize("retracted", ["mark", "tombstone", "hide"])
def test_every_feed_moves_at_once_and_holds_no_word_of_it(filled, form, retracted):
    target = f"/feeds/harbour.{form}?retracted={retracted}"
    before = filled.ask(target)
    take_down(filled)
    after = filled.ask(target, if_none_match=before.headers["etag"])
    assert after.status_code == 200
    assert "keeper" in before.text
    assert "keeper" not in after.text


def test_a_feed_shows_the_reason_under_the_same_id(filled):
    before = feedparser.parse(filled.ask("/feeds/harbour.atom").content).entries[0]
    take_down(filled)
    after = feedparser.parse(filled.ask("/feeds/harbour.atom").content).entries[0]
    assert (after.id, after.published) == (before.id, before.published)
    assert after.updated > before.updated
    assert after.title == "Retracted: 4 May 2026, 09:10 UTC"
    assert "taken down" in after.content[0].value
    assert "&lt;Anytown&gt; said so" in after.content[0].value


@pytest.mark.parametrize(
    "target",
    ["/events", "/entries/2.json", "/entries/2", "/topics/harbour", "/", "/search?q=calm"],
)
def test_programs_and_people_get_no_word_of_it(filled, target):
    take_down(filled)
    answer = filled.ask(target)
    assert answer.status_code == 200
    assert "keeper" not in answer.text


@pytest.mark.parametrize("target", ["/entries/2", "/topics/harbour"])
def test_pages_tell_why(filled, target):
    take_down(filled)
    shown = filled.ask(target).text
    assert "a court in &lt;Anytown&gt; said so" in shown
    assert "Its publisher took this entry away" not in shown


@pytest.mark.parametrize(
    ("target", "says"),
    [("/entries/2", "Taken down here: a court in"), ("/", "· taken down here")],
)
def test_no_page_blames_the_publisher_for_a_takedown(filled, target, says):
    take_down(filled)
    shown = filled.ask(target).text
    assert says in shown
    assert "by its publisher" not in shown


def test_an_entry_written_as_text_tells_why(filled):
    take_down(filled)
    with filled.database.read() as connection:
        told = write_life(life_of(connection, 2))
    assert "This entry was taken down (4 May 2026, 12:01 UTC): a court in <Anytown> said so" in told
    assert "Taken down here: a court in <Anytown> said so" in told
    assert "by its publisher" not in told


def test_programs_are_told_why(filled):
    take_down(filled)
    assert filled.ask("/entries/2.json").json()["forgotten"] == REASON
    change = filled.ask("/events").json()["changes"][-1]
    assert (change["type"], change["entry"]["forgotten"]) == ("entry.retracted", REASON)


def test_what_a_stream_keeps_in_memory_forgets_too(filled):
    tail = filled.site.tail

    async def wait(after):
        """Wait for what comes, as others do; return it once they all have it."""
        waiting = asyncio.create_task(filled.ask_async(f"/events?after={after}&wait=9"))
        while not len(tail):  # noqa: ASYNC110 - nobody tells that somebody listens
            await asyncio.sleep(0)
        return waiting

    async def follow():
        waiting = await wait(3)
        filled.poll(page([B.edited(f"{WORDS} after all"), A]), NOW + MINUTE)
        await waiting
        before = tail.after(3, None)
        waiting = await wait(4)
        take_down(filled)
        tail.ring()
        await waiting
        return before, tail.after(3, None)

    before, after = asyncio.run(follow())
    assert b"keeper" in before.body
    assert after is None or b"keeper" not in after.body
