"""An ordinary article as one entry: its title, authors, times and text.

trafilatura finds the text where it is installed (the extra `article`); without it the text is that
of the paragraphs in the element that holds most of them. Only this module uses trafilatura, and it
is imported when an article is read, not before.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import tzinfo
from html import escape

from selectolax.lexbor import LexborNode

from scraper.address import absolute, believed, normalise
from scraper.markup.bare_text import paragraphs_of
from scraper.markup.document import Document
from scraper.markup.html import Ours, ours, squeeze
from scraper.markup.jsonld import blocks, top_objects
from scraper.markup.loose_json import string_in
from scraper.stand_ins.kinds import kind_of
from scraper.times.instants import Moment, moment
from scraper.times.zones import changes, issues, zone_of_page
from store.entry import TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

NAME = "article"
# The id of the page's only block: the article.
BLOCK_ID = "article"
BARE = (
    "its text is what its paragraphs say, since trafilatura is not installed "
    "(pip install 'keywire[article]')"
)
_LARGEST = 2_000_000
_WORDS = 40
_HEADING = re.compile(r"^\s*(?:<[^<>]*>\s*)*?<h1>(.*?)</h1>", re.DOTALL)
# How a copied agency report ends: the agency's name, then that of the site that copied it.
_SIGNED = re.compile(r"[.!?”\"]\s+\(?(AP|AFP|dpa|Reuters|ANSA|EFE|[A-Z]{3,5})\)?$")
_SITE = re.compile(r"\{[^{}]{2,60}\}")
_AROUND = frozenset({"aside", "nav", "footer", "form", "header"})


def read_article(document: Document) -> Snapshot | None:
    """Read a page as one article; None if it is no article or has fewer than 40 words of text.

    A wall or a home page that came in an article's place gives None too.
    """
    kind, why = kind_of(document)
    if document.data is not None or (kind is not Kind.ARTICLE and not _may_be_one(document, kind)):
        return None
    claimed = document.canonical or absolute(document.meta.get("og:url", ""), document.url)
    url = normalise(claimed if believed(claimed, document.url) else document.url)
    title = _title(document)
    lines, credit = copied(document)
    body, warning = (ours(lines, url), "") if lines else _body(document, title, url)
    if len(body.text.split()) < _WORDS:
        return None
    zone = zone_of_page(document)
    published = next(_told(issues(document), zone.zone), None)
    updated = next(_told(changes(document), zone.zone), None)
    later = updated and (published is None or updated.at > published.at)
    return Snapshot(
        url=url,
        kind=Kind.ARTICLE,
        platform=NAME,
        layout="text" if lines else "paragraphs" if warning else "trafilatura",
        title=title,
        language=document.language,
        sightings=(
            Sighting(
                view=View.BLOCK,
                block_id=BLOCK_ID,
                published=published.at if published else None,
                updated=updated.at if updated and later else None,
                time_precision=_precision(published, sure=zone.sure),
                title=title,
                html=body.html,
                text=body.text,
                permalink=url,
                authors=tuple(dict.fromkeys(_authors(document))) or None,
                credit=credit or None,
            ),
        ),
        shows_top=True,
        shows_bottom=True,
        published=published.at if published else None,
        claimed_url=claimed,
        whole=document.whole,
        why=(why,),
        warnings=(warning,) if warning else (),
    )


def copied(document: Document) -> tuple[str, str]:
    """Return the html of an article that came as bare text, and the agency named at its end.

    Both are "" where they are missing.
    """
    lines = [line for line in paragraphs_of(document) if not _SITE.fullmatch(line)]
    signed = _SIGNED.search(lines[-1]) if lines else None
    credit = signed[1] if signed else ""
    if signed:
        lines[-1] = lines[-1][: signed.start(1)].rstrip()
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines), credit


def _may_be_one(document: Document, kind: Kind) -> bool:
    """Return whether a page of unknown kind, without og:type, has at least a first heading."""
    silent = kind is Kind.UNKNOWN and "og:type" not in document.meta
    return silent and document.tree.css_first("article h1, main h1, h1") is not None


def _title(document: Document) -> str:
    heading = document.tree.css_first("h1")
    return (squeeze(heading.text()) if heading else "") or document.title


def _body(document: Document, title: str, url: str) -> tuple[Ours, str]:
    extracted = _extracted(document, url) if len(document.markup) <= _LARGEST else ""
    if extracted is None:
        return ours(_paragraphs(document), url), BARE
    body = ours(extracted or _paragraphs(document), url)
    found = _HEADING.match(body.html)
    if found is not None and squeeze(found[1]) in {title, document.title}:
        return ours(body.html[found.end() :], url), ""
    return body, ""


def _extracted(document: Document, url: str) -> str | None:
    """Return the article's html as trafilatura extracts it, "" if none; None if not installed."""
    try:
        from trafilatura import extract  # noqa: PLC0415 - an extra, and slow to load
    except ImportError:
        return None
    found = extract(
        document.markup.decode("utf-8", "replace"),
        url=url,
        output_format="html",
        include_comments=False,
        include_links=True,
        include_images=True,
    )
    return found or ""


def _paragraphs(document: Document) -> str:
    """Return the paragraphs, as html, of the element whose own paragraphs have the most text."""
    held, within = Counter[int](), dict[int, list[LexborNode]]()
    for node in document.tree.css("p"):
        parent = node.parent
        if parent is None or parent.tag in _AROUND:
            continue
        held[parent.mem_id] += len(node.text())
        within.setdefault(parent.mem_id, []).append(node)
    if not held:
        return ""
    largest, _ = held.most_common(1)[0]
    return "".join(node.html or "" for node in within[largest])


def _told(values: Iterator[str], zone: tzinfo) -> Iterator[Moment]:
    found = (moment(value, zone) for value in values)
    yield from (told for told in found if told is not None)


def _precision(told: Moment | None, *, sure: bool) -> TimePrecision | None:
    if told is None:
        return None
    return told.precision if told.zoned or sure else TimePrecision.ESTIMATED


def _authors(document: Document) -> Iterator[str]:
    for block in blocks(document):
        for said in top_objects(block.said):
            people = said.get("author")
            for person in people if isinstance(people, list) else [people]:
                if name := squeeze(string_in(person, "name") if isinstance(person, dict) else ""):
                    yield name
    if name := document.meta.get("author", ""):
        yield name
