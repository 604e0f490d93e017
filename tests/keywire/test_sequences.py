"""Blogs of publishing systems as they were made, step by step, played through real polls."""

import json
from pathlib import Path

import pytest
from playing import play

from store.coverage import describe

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


def automattic_answers(folder, path):
    if "/get-entries/" in path:
        return (folder / f"get-entries-{path.split('/get-entries/')[1][0]}.json").read_bytes()
    window = folder / "entries-window.json"
    said = json.loads(window.read_text())["answer"] if window.exists() else NOTHING_CHANGED
    return json.dumps(said).encode()


def superdesk_answers(folder, path):
    folder = CORPUS / "superdesk-api" / folder.name
    since = folder / "v1-updated-since.json"
    if "source=" not in path:
        return (folder / "v1-posts.json").read_bytes()
    return since.read_bytes() if since.exists() else b'{"_items": [], "_meta": {"total": 0}}'


def easy_answers(folder, _):
    return (folder / "feed.json").read_bytes()


NOTHING_CHANGED = {"entries": [], "latest_timestamp": None, "pages": False}
# By folder: where its answers are, what gives them, and what else its pages call themselves.
ANSWERED = {
    "automattic-seq": ("/wp-json/liveblog/v1/4/", automattic_answers),
    "superdesk-default-bottom": ("/api/client_blogs/", superdesk_answers),
    "easy-liveblogs": ("/wp-json/easy-liveblogs/v1/", easy_answers),
}


@of_the_corpus
@pytest.mark.parametrize("name", ANSWERED)
def test_pages_with_their_answers_are_told_as_they_were_made(tmp_path, name):
    beginning, answer = ANSWERED[name]

    async def story(playing):
        cursor = 0
        for step in steps_of(name):
            folder = CORPUS / name / f"step-{step['step']}"

            def answered(path, folder=folder):
                return at_home(answer(folder, path)) if path.startswith(beginning) else 404

            playing.bodies["/live"] = at_home((folder / "page.html").read_bytes())
            playing.bodies["*"] = answered
            for _ in range(2):
                await playing.poll()
                assert playing.source.state.value == "ok", playing.source.reason
                assert not [w for w in playing.source.warnings if "without an answer" in w]
            told, cursor = playing.told(cursor)
            if step["step"] == 1:
                continue
            known = playing.history().entries.keys()
            assert ids(told, "published") == sorted(stated(step, "new"))
            assert ids(told, "updated") == sorted(stated(step, "edited"))
            assert ids(told, "promoted") == sorted(stated(step, "highlight_set"))
            gone = stated(step, "deleted", "unpublished") & known
            assert ids(told, "retracted") == sorted(gone)
            assert not ids(told, "restored")
        assert any(path.startswith(beginning) for path in playing.origin.paths())

    play(tmp_path, "/live", story)


@of_the_corpus
@pytest.mark.parametrize("name", ["automattic-seq", "superdesk-default-bottom"])
def test_a_blog_read_to_its_first_entry_is_told_whole(tmp_path, name):
    beginning, answer = ANSWERED[name]

    async def story(playing):
        cursor = 0
        for step in steps_of(name):
            folder = CORPUS / name / f"step-{step['step']}"

            def answered(path, folder=folder):
                return at_home(answer(folder, path)) if path.startswith(beginning) else 404

            playing.bodies["/live"] = at_home((folder / "page.html").read_bytes())
            playing.bodies["*"] = answered
            await playing.poll()
            await playing.poll()
            if step["step"] == 1:
                await playing.walk()
                assert describe(playing.history().coverage) == "complete"
                assert len(playing.history().entries) == 20
            told, cursor = playing.told(cursor)
            if step["step"] > 1:
                assert ids(told, "published") == sorted(stated(step, "new"))
                assert ids(told, "updated") == sorted(stated(step, "edited"))
                assert ids(told, "promoted") == sorted(stated(step, "highlight_set"))
                assert ids(told, "retracted") == sorted(stated(step, "deleted", "unpublished"))

    play(tmp_path, "/live", story)


@of_the_corpus
def test_an_older_page_of_the_guardians_is_where_its_link_says_and_edits_nothing(tmp_path):
    newest, older = (
        (CORPUS / "guardian" / f"dcr-2026-08-politics-pmqs-{name}" / "page.html").read_bytes()
        for name in ("live", "page2")
    )

    async def story(playing):
        first = "/politics/live?page=with:block-6579c37e8f08e3b7ab1a2fd6"
        playing.bodies = {"/politics/live": newest, first: older}
        await playing.poll()
        _, cursor = playing.told()
        await playing.walk()
        asked = [path for path in playing.origin.paths() if "page=" in path]
        assert asked == [first, "/politics/live?page=with:block-65797aee8f0889f38750afea"]
        assert playing.told(cursor)[0] == []
        missing = "missing what is older than 2023-12-13 09:41 UTC"
        assert describe(playing.history().coverage).startswith(missing)

    play(tmp_path, "/politics/live", story)


def at_home(body):
    for name in (b"https://daily.example", b"https:\\/\\/daily.example"):
        body = body.replace(name, b"HERE")
    return body.replace(b"https://liveblog.example.org", b"HERE")


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
