"""Blogs of publishing systems as they were made, step by step, played through real polls."""

import json
from pathlib import Path

import pytest
from playing import play

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
# By folder: what a page alone cannot show to be deleted, for it is at the open end of a window.
PAGES = {
    "superdesk-default-bottom": (),
    "automattic-seq": ("18",),
    "easy-liveblogs": (),
    "bbc": (),
    "amp-tombstone": (),
    "plone": (),
}

of_the_corpus = pytest.mark.skipif(not CORPUS.exists(), reason=f"there are no pages in {CORPUS}")
AMP = """<!doctype html><html amp lang="en"><head><title>Harbour live</title>
<link rel="canonical" href="HERE/live"></head><body><h1>Harbour live</h1>
<amp-live-list id="live" data-poll-interval="15000" data-max-items-per-page="20">
<div items>{items}</div></amp-live-list></body></html>"""


def item(name, minute, words="", **marks):
    marks = "".join(f' data-{key}="{value}"' for key, value in marks.items())
    told = f"2026-11-18T10:{minute:02}:00Z"
    body = words and f'<time datetime="{told}">10:{minute:02}</time><p>{words}</p>'
    return f'<div id="{name}" data-sort-time="{1795000000 + minute * 60}"{marks}>{body}</div>'


def amp(*items):
    return AMP.format(items="".join(items)).encode()


def steps_of(name):
    return json.loads((CORPUS / name / "sequence.json").read_text())["steps"]


def ids(told, kind):
    return sorted(block_id for each, block_id in told if each == f"entry.{kind}")


def stated(step, *names):
    return {block_id for name in names for block_id in step.get(name, ())}


@of_the_corpus
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_told_as_they_were_made(tmp_path, name):
    async def story(playing):
        cursor = 0
        for step in steps_of(name):
            folder = CORPUS / name / f"step-{step['step']}"
            playing.bodies[playing.path] = (folder / "page.html").read_bytes()
            await playing.poll()
            await playing.poll()
            assert playing.source.state.value == "ok", playing.source.reason
            told, cursor = playing.told(cursor)
            if step["step"] == 1:
                continue
            known = playing.history().entries.keys() - PAGES[name]
            assert ids(told, "published") == sorted(stated(step, "new"))
            assert ids(told, "updated") == sorted(stated(step, "edited"))
            assert ids(told, "promoted") == sorted(stated(step, "highlight_set"))
            gone = stated(step, "deleted", "unpublished") & known
            assert ids(told, "retracted") == sorted(gone)
            assert not ids(told, "restored")

    play(tmp_path, "/live", story)


def test_a_tombstone_retracts_at_the_first_poll_and_its_return_restores(tmp_path):
    first = item("p1", 1, "The harbour is open."), item("p2", 2, "The ferry is late.")
    newest = item("p4", 4, "The wind has turned."), item("p3", 3, "The ferry has come in.")

    async def story(playing):
        playing.bodies["/live"] = amp(*newest, first[1], first[0])
        await playing.poll()
        _, cursor = playing.told()
        playing.bodies["/live"] = amp(*newest, item("p2", 2, tombstone=""), first[0])
        await playing.poll()
        told, cursor = playing.told(cursor)
        assert told == [("entry.retracted", "p2")]
        playing.bodies["/live"] = amp(*newest, first[1], first[0])
        await playing.poll()
        told, cursor = playing.told(cursor)
        assert told == [("entry.restored", "p2")]

    play(tmp_path, "/live", story)


def test_tombstones_on_most_of_a_page_wait_for_a_person(tmp_path):
    shown = [item(f"p{n}", n, f"What was said in minute {n}.") for n in range(6, 0, -1)]
    gone = [item(f"p{n}", n, tombstone="") for n in range(4, 0, -1)]

    async def story(playing):
        playing.bodies["/live"] = amp(*shown)
        await playing.poll()
        _, cursor = playing.told()
        playing.bodies["/live"] = amp(*shown[:2], *gone)
        await playing.poll()
        await playing.poll()
        assert playing.source.state.value == "held"
        told, _ = playing.told(cursor)
        assert not ids(told, "retracted")

    play(tmp_path, "/live", story)
