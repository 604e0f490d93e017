"""The pages and feeds to measure with: publishers' pages if the corpus is here, else synthetic."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from feeds.feed import Feed
from keywire.demo.blog import Block, Blog, Kind, add, block
from keywire.demo.page import render
from scraper.page import Page
from store.entry import Entry, StoredEntry

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
SAVED = datetime(2027, 1, 1, tzinfo=UTC)  # later than any page of the corpus
SITE = "https://news.example"
PATH = "/live/2026/jul/01/bench"
URL = SITE + PATH
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
SENTENCE = "The tower moved another stroke inland, and the crowd behind the rope moved with it. "
MINUTE = timedelta(minutes=1)


def corpus_page(folder: str) -> tuple[Page, int] | None:
    """Return a page of the corpus and the number of entries on it; None if it is not here."""
    place = CORPUS / folder
    if not (place / "page.html").is_file():
        return None
    page = saved_page(place / "page.html")
    return page, int(_noted(place, "expected.json")["n_entries"] or 0)


def saved_page(path: Path) -> Page:
    """Return the page, or the JSON answer, whose body is a file of the corpus."""
    expected, meta = (_noted(path.parent, name) for name in ("expected.json", "meta.json"))
    url = expected.get("url") or meta.get("url") or meta.get("original_url") or URL
    kind = "application/json" if path.suffix == ".json" else "text/html"
    return _page(url, path.read_bytes(), SAVED, kind)


def _noted(place: Path, name: str) -> dict[str, Any]:
    """Return a JSON file beside a page of the corpus; {} if there is none."""
    path = place / name
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Any]) if path.is_file() else {}


def html_page(url: str, body: bytes, at: datetime = NOON) -> Page:
    """Return a page as the fetcher returns it."""
    return _page(url, body, at, "text/html")


def _page(url: str, body: bytes, at: datetime, kind: str) -> Page:
    headers = {"content-type": f"{kind}; charset=utf-8"}
    return Page(url=url, final_url=url, body=body, fetched_at=at, headers=headers)


@lru_cache
def a_blog(count: int) -> Blog:
    """Return a synthetic blog of `count` entries on one page; every fifth one is a key event."""
    blog = Blog(PATH, "A long day – live", NOON, page_size=count)
    return add(blog, *(a_block(f"entry {n}", n, count) for n in range(count)))


def a_block(name: str, number: int, count: int) -> Block:
    """Return one block of a blog of `count`, published a minute after the one before."""
    paragraphs = (f"<p>{SENTENCE * (1 + (number + part) % 4)}</p>" for part in range(4))
    return block(
        name,
        NOON - MINUTE * (count - number),
        *paragraphs,
        title=f"Stroke {number}" if number % 3 == 0 else "",
        kind=Kind.KEY_EVENT if number % 5 == 0 else Kind.ORDINARY,
        authors=("Mara Quill",),
    )


def a_page(count: int) -> Page:
    """Return the page of the synthetic blog of `count` entries."""
    return html_page(URL, render(a_blog(count), NOON, SITE).encode())


def linked_page(count: int) -> Page:
    """Return a page that has these entries only in JSON-LD, with their whole text."""
    updates = [
        {
            "@type": "BlogPosting",
            "@id": f"{URL}#{written.id}",
            "url": f"{URL}#{written.id}",
            "headline": written.title or f"Update {n}",
            "datePublished": written.published.isoformat(),
            "dateModified": written.published.isoformat(),
            "articleBody": html_of(written),
            "author": {"@type": "Person", "name": "Mara Quill"},
        }
        for n, written in enumerate(a_blog(count).blocks)
    ]
    said = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "@id": URL,
        "url": URL,
        "headline": "A long day – live",
        "datePublished": NOON.isoformat(),
        "liveBlogUpdate": updates,
    }
    script = msgspec.json.encode(said).replace(b"</", b"<\\/")
    body = (
        b'<!doctype html><html lang="en"><head><title>A long day</title>'
        b'<script type="application/ld+json">' + script + b"</script></head><body>"
        b"<h1>A long day</h1>" + b"<p>A paragraph of the page.</p>" * count + b"</body></html>"
    )
    return html_page(URL, body)


def html_of(written: Block) -> str:
    return "".join(part for part in written.body if isinstance(part, str))


def a_feed(count: int) -> Feed:
    """Return a feed of the same entries, as if they had been stored."""
    entries = tuple(a_stored(written, count - n) for n, written in enumerate(a_blog(count).blocks))
    return Feed(
        id="tag:news.example,2026:bench",
        title="Bench",
        home_url=SITE,
        self_url=f"{SITE}/feeds/bench.atom",
        updated=NOON,
        entries=entries,
    )


def a_stored(written: Block, number: int) -> StoredEntry:
    """Return the entry of a block as the store returns it."""
    return StoredEntry(
        entry=Entry(
            blog=URL,
            block_id=written.id,
            published=written.published,
            title=written.title,
            html=html_of(written),
            text=f"{SENTENCE * 4}",
            permalink=f"{URL}#block-{written.id}",
            authors=written.authors,
            key_event=written.kind is not Kind.ORDINARY,
        ),
        id=f"tag:news.example,2026:{PATH}/{written.id}",
        number=number,
        revision=1,
        first_seen=written.published,
        last_seen=written.published,
        changed_at=written.published,
    )


def changed(feed: Feed, run: int) -> Feed:
    """Return the feed with its newest entry edited, differently for each `run`.

    The other entries are equal to the old ones but new objects, as after another read of the store.
    """
    newest, *rest = feed.entries
    when = newest.changed_at + timedelta(seconds=run + 1)
    entry = replace(newest.entry, html=f"{newest.entry.html}<p>Edit {run}.</p>", updated=when)
    edited = replace(newest, entry=entry, revision=run + 2, changed_at=when)
    read_anew = (replace(stored, entry=replace(stored.entry)) for stored in rest)
    return replace(feed, entries=(edited, *read_anew), updated=when)
