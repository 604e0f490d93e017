"""Captures of a page brought in as history: in order, with the times when they were witnessed."""

import asyncio
import json

import pytest
from brought import NAMES, Importing, follow_live
from captured import DAY, FOUR, ONE, THREE, TWO, TWO_EDITED, URL, at, body, id_of, name, save
from origin import Origin, answer
from sqlalchemy import func, select

from store import resorting
from store.archive import kept_pages
from store.archive.playback import read_story
from store.schema import notices


@pytest.fixture
def importing(tmp_path, address):
    made = Importing(tmp_path, address)
    yield made
    made.database.close()


def test_a_day_of_captures_becomes_the_history_that_it_was(importing):
    assert importing.bring(save(importing.folder / "day", *DAY)) == 0
    assert importing.said == ["5 captures taken: 4 new entries, 1 edit, 1 retraction"]
    assert importing.past(TWO) == [(1, TWO[2], 10), (2, TWO_EDITED[2], 15)]
    assert importing.past(ONE) == [(1, ONE[2], 2)]
    assert importing.entries()[id_of(THREE)].stored.retracted_at == at(30)
    assert importing.feed() == ["4", "3", "2", "1"]
    told = importing.changes()
    assert all(change.backfill for change in told)
    assert [change.occurred_at for change in told] == sorted(change.occurred_at for change in told)
    with importing.database.read() as connection:
        kept = [*kept_pages.pages_of_topic(connection, "harbour")]
    assert [page.page.fetched_at for page in kept] == [at(2), at(10), at(15), at(25), at(30)]


def test_what_was_brought_is_not_brought_again(importing):
    day = save(importing.folder / "day", *DAY)
    importing.bring(day)
    before = importing.entries(), len(importing.changes())
    assert importing.bring(day) == 0
    assert importing.said == ["5 captures taken: nothing that was not known"]
    assert (importing.entries(), len(importing.changes())) == before
    with importing.database.read() as connection:
        assert kept_pages.count_pages(connection, "harbour") == 5


def test_captures_from_before_tell_what_was_before_and_undo_nothing(importing):
    follow_live(importing, 25, FOUR, TWO_EDITED)
    follow_live(importing, 26, FOUR, ("2", 5, "Live words."))
    live, seen = importing.entries(), len(importing.changes())
    assert importing.bring(save(importing.folder / "day", *DAY[:4])) == 0
    assert importing.said == ["4 captures taken: 2 new entries, 1 revision from before"]
    assert importing.past(TWO) == [
        (0, TWO[2], 10),
        (1, TWO_EDITED[2], 15),
        (2, "Live words.", 26),
    ]
    now = importing.entries()
    for one in (id_of(TWO), id_of(FOUR)):
        assert now[one].stored.entry == live[one].stored.entry
        assert now[one].stored.changed_at == live[one].stored.changed_at
        assert now[one].stored.retracted_at is None
    assert now[id_of(TWO)].stored.first_seen == at(10)
    assert importing.feed() == ["4", "3", "2", "1"]
    fresh = importing.changes(seen)
    assert {change.entry["block_id"] for change in fresh} == {id_of(ONE), id_of(THREE)}
    assert all(change.backfill for change in fresh)
    assert importing.bring(importing.folder / "day") == 0
    assert importing.past(TWO)[0] == (0, TWO[2], 10)
    assert importing.entries() == now


def test_a_wording_between_two_that_are_kept_is_said_not_to_be_taken(importing):
    follow_live(importing, 7, TWO)
    follow_live(importing, 20, TWO_EDITED)
    between = ("2", 5, "The second ship is towed in.")
    importing.bring(save(importing.folder / "day", (12, between)))
    assert importing.said == [
        "1 capture taken: nothing that was not known; "
        "1 wordings between two kept revisions are not taken"
    ]
    assert len(importing.past(TWO)) == 2


def test_the_next_poll_goes_on_from_what_was_brought_and_an_old_copy_is_known_as_one(importing):
    importing.bring(save(importing.folder / "day", *DAY[:3]))
    follow_live(importing, 21, FOUR, THREE, TWO_EDITED, ONE)
    assert importing.feed()[0] == "4"
    assert importing.past(TWO) == [(1, TWO[2], 10), (2, TWO_EDITED[2], 15)]


def test_nobody_is_told_of_what_is_brought(importing):
    follow_live(importing, 25, FOUR)
    with importing.database.read() as connection:
        before = connection.scalar(select(func.count()).select_from(notices))
    importing.bring(save(importing.folder / "day", *DAY))
    with importing.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(notices)) == before


def test_what_was_brought_is_played_again_when_it_was_witnessed(importing):
    importing.bring(save(importing.folder / "day", *DAY))
    with importing.database.read() as connection:
        story = read_story(connection, URL)
    played = {
        (one.change.type.value, NAMES[one.change.block_id]): moment.at
        for moment in story.moments
        for one in moment.played
        if one.known is not None
    }
    assert played["entry.published", "2"] == at(5)
    assert played["entry.updated", "2"] == at(15)
    assert played["entry.retracted", "3"] == at(30)


def test_what_is_brought_stays_in_its_topic_when_rules_are_sorted_anew(importing):
    importing.bring(save(importing.folder / "day", *DAY))
    with importing.database.write() as connection:
        resorting.sort_anew(connection, ["harbour", "other"])
        for rule in importing.config.topics:
            assert resorting.sort_batch(connection, rule, at(99)).finished
    assert importing.feed() == ["4", "3", "2", "1"]
    assert importing.feed("other") == []


def test_where_and_when_a_page_was_saved_is_told_by_a_person_or_beside_it(importing):
    page = importing.folder / "page.html"
    page.write_bytes(body(3, ONE, site="https://copies.example"))
    importing.bring(page, url=URL, at=at(3))
    assert importing.past(ONE) == [(1, ONE[2], 3)]
    assert importing.entries()[id_of(ONE)].stored.provenance.status == 0  # nobody noted it
    capture = importing.folder / "capture"
    capture.mkdir()
    (capture / "page.html").write_bytes(body(6, TWO, ONE))
    meta = {"url": URL, "fetched_at": at(6).isoformat(), "status": 203, "headers": {"etag": '"x"'}}
    (capture / "meta.json").write_text(json.dumps(meta))
    assert importing.bring(capture) == 0
    seen = importing.entries()[id_of(TWO)].stored.provenance
    assert (seen.page_url, seen.fetched_at, seen.status, seen.etag) == (URL, at(6), 203, '"x"')


def test_each_that_fails_is_named_with_the_mend_and_the_others_go_on(importing):
    folder = importing.folder
    (folder / "empty").mkdir()
    (folder / "menu.html").write_bytes(b"<html><title>Lunch</title><p>Soup.</p></html>")
    (folder / "meta").mkdir()
    (folder / "meta" / "page.html").write_bytes(body(2, ONE))
    (folder / "meta" / "meta.json").write_text("{no json")
    (folder / "list.txt").write_text("https://news.example/live\nnews.example\n")
    given = [folder / name for name in ("gone", "empty", "menu.html", "meta", "list.txt")]
    failed = importing.bring(*given, save(folder / "day", *DAY[:2]))
    assert failed == len(importing.complained) == 5
    for words in (
        "gone: there is no such file; give",
        "empty: no saved pages are in this folder; give",
        "menu.html: no live blog or article was found",
        "meta.json cannot be read",
        "list.txt, line 2: no address: 'news.example'; mend it",
    ):
        (told,) = [one for one in importing.complained if words in one]
        assert "\n" not in told
    assert importing.said == ["2 captures taken: 3 new entries"]


def test_a_list_of_addresses_is_fetched_and_what_fails_leaves_the_rest(importing):
    async def serve():
        async with Origin({"/live": answer(200, body(6, TWO, ONE)), "*": answer(404)}) as origin:
            listed = importing.folder / "list.txt"
            listed.write_text(f"# kept\n{origin.url('/live')}\n\n{origin.url('/gone')}\n")
            return await asyncio.to_thread(importing.bring, listed)

    assert asyncio.run(serve()) == 1
    (complaint,) = importing.complained
    assert "/gone" in complaint
    assert importing.said == ["1 capture taken: 2 new entries"]


def test_an_article_is_one_entry_with_revisions(importing):
    words = " ".join(f"The ship number {n} came into the harbour in the rain." for n in range(40))

    def article(more):
        told = (
            '{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Ships", '
            f'"url": "{URL}", "datePublished": "{at(1).isoformat()}"}}'
        )
        return (
            f'<html lang="en"><head><title>Ships</title><link rel="canonical" href="{URL}">'
            f'<script type="application/ld+json">{told}</script></head><body><article>'
            f"<h1>Ships</h1><p>{words}</p><p>{more}</p></article></body></html>"
        ).encode()

    for minute, more in ((5, "It is wet."), (9, "It is dry.")):
        (importing.folder / name(minute)).write_bytes(article(more))
    given = [importing.folder / name(minute) for minute in (5, 9)]
    assert importing.bring(*given) == 0
    assert importing.said == ["2 captures taken: 1 new entry, 1 edit"]


def test_a_topic_that_is_not_configured_is_refused(importing):
    from store.errors import UnknownError  # noqa: PLC0415 - where it is raised

    with pytest.raises(UnknownError, match="no topic 'nope' is configured"):
        importing.bring(save(importing.folder / "day", *DAY), topic="nope")
