"""Whatever a publisher writes, every feed stays well-formed and nothing raises (S4, S5)."""

import re
from datetime import UTC, datetime
from xml.parsers import expat

import feedparser
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feeds.atom import render_atom
from feeds.feed import Feed, Retracted
from feeds.jsonfeed import render_json
from feeds.jsonlines import render_jsonl
from feeds.rss import render_rss
from feeds.xml import scrub
from store.entry import Entry, Media, StoredEntry, TimePrecision

MONTH = st.datetimes(
    datetime(2023, 12, 1),  # noqa: DTZ001 - Hypothesis wants naive bounds
    datetime(2023, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
TEXT = st.text(alphabet=st.characters(), max_size=40) | st.sampled_from(
    [
        "\x00",
        "a\x0bb",
        "]]>",
        "<![CDATA[",
        "\ufffe\uffff",
        "\ud800",
        "\udc00\ud800",
        "&#0;",
        "&nbsp;",
        "<script>alert(1)</script>",
        "</title></item></channel></rss>",
        "<!DOCTYPE x [<!ENTITY y 'z'>]>",
        "javascript:alert(1)",
        "https://example.org/a b\x07<>\"'",
        "https://\ud800/",
        "\u202e\u2028",
    ]
)
ENTRY = st.builds(
    Entry,
    blog=TEXT,
    block_id=TEXT,
    published=MONTH,
    updated=st.none() | MONTH,
    time_precision=st.sampled_from(TimePrecision),
    title=TEXT,
    html=TEXT,
    text=TEXT,
    permalink=TEXT,
    authors=st.lists(TEXT, max_size=2).map(tuple),
    credit=TEXT,
    media=st.lists(st.builds(Media, url=TEXT, type=TEXT, alt=TEXT, credit=TEXT), max_size=2).map(
        tuple
    ),
    tags=st.lists(TEXT, max_size=2).map(tuple),
    language=TEXT,
    key_event=st.none() | st.booleans(),
    summary=st.none() | st.booleans(),
)
STORED = st.builds(
    StoredEntry,
    entry=ENTRY,
    id=TEXT.map(lambda text: "tag:example.org,2023:/" + text),
    number=st.integers(0, 2**40),
    revision=st.integers(1, 1000),
    first_seen=MONTH,
    last_seen=MONTH,
    changed_at=MONTH,
    retracted_at=st.none() | MONTH,
)
FEED = st.builds(
    Feed,
    id=TEXT.map(lambda text: "tag:keywire.example,2023:" + text),
    title=TEXT,
    subtitle=TEXT,
    home_url=TEXT,
    self_url=TEXT,
    hub_url=TEXT,
    language=TEXT,
    updated=MONTH,
    entries=st.lists(STORED, max_size=3).map(tuple),
    expired=st.booleans(),
)
XML_FORMATS = [render_atom, render_rss]
URI = re.compile(r"(?:https?://|tag:)[!-~]+")


@settings(max_examples=300)
@given(feed=FEED, retracted=st.sampled_from(Retracted))
def test_every_xml_feed_is_well_formed_and_links_to_uris(feed, retracted):
    for render in XML_FORMATS:
        document = render(feed, retracted=retracted)
        expat.ParserCreate().Parse(document, True)  # noqa: FBT003 - expat's own signature
        root = etree.fromstring(document)
        for href in root.xpath("//@href | //item/link/text()"):
            assert URI.fullmatch(href), href


@settings(max_examples=300)
@given(feed=FEED, retracted=st.sampled_from(Retracted))
def test_every_json_feed_can_be_read_and_has_the_ids_of_the_others(feed, retracted):
    document = msgspec.json.decode(render_json(feed, retracted=retracted))
    atom = etree.fromstring(render_atom(feed, retracted=retracted))
    rss = etree.fromstring(render_rss(feed, retracted=retracted))
    ids = [item["id"] for item in document["items"]]
    entries = "{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}id"
    # XML parsers read a carriage return that is written as a reference as itself.
    assert [node.text for node in atom.findall(entries)] == ids
    assert [node.text for node in rss.findall("channel/item/guid")] == ids
    lines = render_jsonl(feed).splitlines()
    assert len([msgspec.json.decode(one) for one in lines]) == len(feed.entries)


@settings(max_examples=150)
@given(feed=FEED)
def test_feedparser_finds_nothing_to_complain_of(feed):
    for render in XML_FORMATS:
        read = feedparser.parse(render(feed))
        assert not read.bozo, read.bozo_exception
        assert len(read.entries) == len(feed.entries)


@given(feed=FEED)
def test_the_same_feed_is_the_same_bytes(feed):
    for render in (render_atom, render_rss, render_json):
        assert render(feed) == render(feed)
    assert render_jsonl(feed) == render_jsonl(feed)


@pytest.mark.parametrize("field", ["title", "html", "text", "credit", "permalink"])
def test_very_long_text_is_carried(make_entry, make_feed, field):
    feed = make_feed(make_entry(0, **{"title": "", field: "<&\x00 " * 300_000}))
    for render in XML_FORMATS:
        etree.fromstring(render(feed), etree.XMLParser(huge_tree=True))
    assert len(msgspec.json.decode(render_json(feed))["items"]) == 1


def test_markup_in_plain_text_stays_text(make_entry, make_feed):
    evil = "<img src=x onerror=alert(1)>"
    feed = make_feed(make_entry(0, title=evil, authors=(evil,), tags=(evil,), credit=evil))
    for render in XML_FORMATS:
        assert not etree.fromstring(render(feed)).xpath("//*[local-name() = 'img']")
    assert feedparser.parse(render_atom(feed)).entries[0].title_detail.type == "text/plain"


@given(st.text(alphabet=st.characters()))
def test_scrubbing_takes_only_what_xml_cannot_carry(text):
    clean = scrub(text)
    assert scrub(clean) == clean
    element = etree.Element("x", a=clean)
    element.text = clean
    assert etree.fromstring(etree.tostring(element)).text in (clean, None)
    if text.isprintable():
        assert clean == text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\x00b\x0bc\x1f\x7f\x85", "abc"),
        ("\ud83d \udc00", " "),
        ("\ufffe\uffff\ufdd0", ""),
        ("tab\tline\nfeed\r", "tab\tline\nfeed\r"),
        ("Aleppo حلب 😀", "Aleppo حلب 😀"),
    ],
)
def test_scrubbing_by_example(text, clean):
    assert scrub(text) == clean
