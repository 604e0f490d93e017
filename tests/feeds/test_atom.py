from datetime import UTC, datetime, timedelta, timezone

import feedparser
from lxml import etree

from feeds.atom import render_atom
from feeds.feed import Retracted
from store.entry import Media

LATER = datetime(2023, 12, 13, 19, 0, tzinfo=UTC)
NS = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

GOLDEN = """\
<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\
<id>tag:keywire.example,2023:middle-east</id><title>Middle East crisis</title>\
<updated>2023-12-13T18:25:00+00:00</updated>\
<author><name>Middle East crisis</name></author>\
<link href="https://keywire.example/feeds/middle-east" rel="self" type="application/atom+xml"/>\
<link href="https://keywire.example/topics/middle-east" rel="alternate" type="text/html"/>\
<link href="https://keywire.example/websub" rel="hub"/>\
<generator>keywire</generator>
<entry xml:lang="ar"><id>tag:example.org,2023:/world/live/2023/dec/13/crisis/b0</id>\
<title>A &amp; B &lt;i&gt;</title><updated>2023-12-13T19:00:00+00:00</updated>\
<author><name>Jane Doe</name></author>\
<content type="html">&lt;p&gt;Body 0 &amp;amp; more.&lt;/p&gt;</content>\
<category term="key-event" label="Key event"/><category term="Syria" label="Syria"/>\
<published>2023-12-13T17:25:00+00:00</published>\
<link rel="alternate" type="text/html" \
href="https://www.example.org/world/live/2023/dec/13/crisis#block-0"/>\
<link rel="enclosure" href="https://i.example/a.jpg"/></entry>
</feed>
"""


def test_a_feed_in_full(make_entry, make_feed):
    entry = make_entry(
        title="A & B <i>",
        authors=("Jane Doe",),
        media=(Media("https://i.example/a.jpg"),),
        tags=("Syria",),
        key_event=True,
        language="ar",
        changed_at=LATER,
    )
    feed = make_feed(entry, language="en", hub_url="https://keywire.example/websub")
    assert render_atom(feed).decode() == GOLDEN


def test_feedparser_reads_ids_titles_and_both_times(make_entry, make_feed):
    read = feedparser.parse(
        render_atom(make_feed(make_entry(2), make_entry(1, title="", changed_at=LATER)))
    )
    assert not read.bozo
    assert read.version == "atom10"
    assert [entry.id for entry in read.entries] == [
        "tag:example.org,2023:/world/live/2023/dec/13/crisis/b2",
        "tag:example.org,2023:/world/live/2023/dec/13/crisis/b1",
    ]
    assert [entry.title for entry in read.entries] == ["Headline 2", "Body 1 & more."]
    assert read.entries[1].published_parsed[:5] == (2023, 12, 13, 17, 26)
    assert read.entries[1].updated_parsed[:5] == (2023, 12, 13, 19, 0)


def test_only_the_permalink_is_an_alternate(make_entry, make_feed):
    pictures = tuple(Media(f"https://i.example/{name}.jpg") for name in "ab")
    (entry,) = feedparser.parse(render_atom(make_feed(make_entry(0, media=pictures)))).entries
    assert entry.link == "https://www.example.org/world/live/2023/dec/13/crisis#block-0"
    assert [(link.rel, link.get("type")) for link in entry.links if link.rel == "alternate"] == [
        ("alternate", "text/html")
    ]
    assert [enclosure.href for enclosure in entry.enclosures] == [
        "https://i.example/a.jpg",
        "https://i.example/b.jpg",
    ]


def test_an_empty_feed_is_whole(make_feed):
    read = feedparser.parse(render_atom(make_feed(title="", self_url="", home_url="")))
    assert not read.bozo
    assert read.feed.title == read.feed.id == "tag:keywire.example,2023:middle-east"
    assert read.feed.author == read.feed.title


def test_who_does_not_sign_is_signed_for_by_credit_or_by_host(make_entry, make_feed):
    feed = make_feed(make_entry(2, credit="Reuters"), make_entry(1), make_entry(0, blog="?"))
    root = etree.fromstring(render_atom(feed))
    names = [
        entry.findtext("a:author/a:name", namespaces=NS) for entry in root.findall("a:entry", NS)
    ]
    assert names == ["Reuters", "example.org", None]


def test_a_language_is_told_where_it_differs(make_entry, make_feed):
    feed = make_feed(
        make_entry(2, language="en"), make_entry(1, language="ar"), make_entry(0, language="?!")
    )
    for language, told in (("en", [None, "ar", None]), ("", ["en", "ar", None])):
        root = etree.fromstring(render_atom(make_feed(*feed.entries, language=language)))
        assert root.get(XML_LANG, "") == language
        assert [entry.get(XML_LANG) for entry in root.findall("a:entry", NS)] == told


def test_one_moment_in_two_zones_is_the_same_bytes(make_entry, make_feed):
    zone = timezone(timedelta(hours=3))
    here = make_feed(make_entry(changed_at=LATER))
    there = make_feed(
        make_entry(
            changed_at=LATER.astimezone(zone),
            published=here.entries[0].entry.published.astimezone(zone),
        ),
        updated=here.updated.astimezone(zone),
    )
    assert render_atom(here) == render_atom(there)


def test_a_retracted_entry_is_struck_under_its_own_id(make_entry, make_feed):
    feed = make_feed(make_entry(0, retracted_at=LATER, changed_at=LATER))
    (entry,) = feedparser.parse(render_atom(feed)).entries
    assert entry.id == feed.entries[0].id
    assert entry.title == "Retracted: Headline 0"
    assert "<del" in entry.content[0].value


def test_tombstones_stand_for_retracted_entries_and_never_beside_them(make_entry, make_feed):
    gone = [make_entry(number, retracted_at=LATER, changed_at=LATER) for number in (3, 1)]
    feed = make_feed(gone[0], make_entry(2), gone[1])
    root = etree.fromstring(render_atom(feed, retracted=Retracted.TOMBSTONE))
    refs = [tombstone.get("ref") for tombstone in root.findall("at:deleted-entry", NS)]
    assert refs == [entry.id for entry in gone]
    assert {t.get("when") for t in root.findall("at:deleted-entry", NS)} == {"2023-12-13T19:00:00Z"}
    ids = [node.text for node in root.findall("a:entry/a:id", NS)]
    assert ids == [feed.entries[1].id]


def test_a_feed_without_tombstones_does_not_speak_of_them(make_entry, make_feed):
    for feed, retracted in (
        (make_feed(make_entry(0)), Retracted.TOMBSTONE),
        (make_feed(make_entry(0, retracted_at=LATER)), Retracted.HIDE),
        (make_feed(make_entry(0, retracted_at=LATER)), Retracted.MARK),
    ):
        assert b"tombstones" not in render_atom(feed, retracted=retracted)


def test_hidden_entries_leave_nothing(make_entry, make_feed):
    feed = make_feed(make_entry(0, retracted_at=LATER))
    assert b"crisis/b0" not in render_atom(feed, retracted=Retracted.HIDE)
