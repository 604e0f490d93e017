"""The RSS beside a page, `feed.rss`: every post, the featured one too, each with its id."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin

from scraper.address import normalise
from scraper.errors import LayoutError
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.markup.html import ours, plain_text, sanitise, squeeze
from scraper.markup.pictures import pictures_in
from scraper.markup.rss import Item, is_rss, read_rss
from scraper.times.instants import moment
from store.decision.identity import address_of
from store.sighting import Sighting, Snapshot, View

GENERATOR = b"<generator>NPR News Apps Team</generator>"

MAJOR, FACT_CHECK = "Major Development", "Fact Check"


def is_feed(document: Document) -> bool:
    """Whether a document is the RSS of one of NPR's live blogs."""
    return is_rss(document.markup) and document.holds(GENERATOR)


def read_feed(document: Document, name: str) -> Snapshot:
    """Read the RSS; raise LayoutError if it is invalid or of another live blog than its address."""
    try:
        channel = read_rss(document.markup)
    except ValueError as error:
        raise LayoutError(document.page.url, f"an RSS that cannot be read: {error}") from error
    claimed = channel.said.get("link", "")
    beside = urljoin(document.url, ".")
    if claimed and document.url.startswith("http") and not _is_beside(claimed, beside):
        raise LayoutError(document.page.url, f"the feed is of another live blog, {claimed}")
    blank = bare(document, name, claimed)
    return replace(
        blank,
        layout="rss",
        title=channel.said.get("title", ""),
        language=channel.said.get("language", ""),
        sightings=tuple(_sightings(channel.items, blank.url, document.page.url)),
        shows_top=True,
        shows_bottom=document.whole or None,
    )


def _is_beside(claimed: str, folder: str) -> bool:
    return address_of(normalise(urljoin(claimed, "."))) == address_of(normalise(folder))


def _sightings(items: tuple[Item, ...], base: str, url: str) -> Iterator[Sighting]:
    for item in items:
        block_id = item.said.get("guid", "").partition("#")[2]
        published = moment(item.said.get("pubDate", ""))
        if not block_id or published is None or not published.zoned:
            raise LayoutError(url, "an item of NPR's feed has no id, or no time that is known")
        body = ours(item.said.get("description", ""), base)
        tags = (tag for tag in item.categories if tag != MAJOR)
        yield Sighting(
            view=View.BLOCK,
            block_id=block_id,
            published=published.at,
            time_precision=published.precision,
            title=squeeze(plain_text(sanitise(item.said.get("title", ""), base))),
            html=body.html,
            text=body.text,
            permalink=f"{base}#{block_id}",
            media=pictures_in(body.html) or None,
            tags=tuple("Fact check" if tag == FACT_CHECK else tag for tag in tags),
            key_event=MAJOR in item.categories,
        )
