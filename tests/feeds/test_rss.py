import locale
from datetime import UTC, datetime

import feedparser
import pytest
from lxml import etree

from feeds.feed import Retracted
from feeds.rss import render_rss

LATER = datetime(2023, 12, 13, 19, 0, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"

GOLDEN = """\
<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0"><channel>\
<title>Q&#x26;A</title><link>https://keywire.example/topics/middle-east</link>\
<description>Q&amp;A</description>\
<atom:link href="https://keywire.example/feeds/middle-east" rel="self" \
type="application/rss+xml"/><docs>http://www.rssboard.org/rss-specification</docs>\
<generator>keywire</generator><language>en</language>\
<lastBuildDate>Wed, 13 Dec 2023 18:25:00 +0000</lastBuildDate>\
<atom:link href="https://keywire.example/websub" rel="hub"/>
<item><title>A &#x26; B &#x3C;i&gt; &#x26;amp;</title>\
<link>https://www.example.org/world/live/2023/dec/13/crisis#block-0</link>\
<description>&lt;p&gt;Body 0 &amp;amp; more.&lt;/p&gt;</description>\
<guid isPermaLink="false">tag:example.org,2023:/world/live/2023/dec/13/crisis/b0</guid>\
<category>Key event</category><category>Summary</category>\
<pubDate>Wed, 13 Dec 2023 17:25:00 GMT</pubDate>\
<dc:creator>Jane Doe</dc:creator><dc:creator>Max</dc:creator>\
<atom:updated>2023-12-13T19:00:00Z</atom:updated></item>
</channel></rss>
"""


def test_a_feed_in_full(make_entry, make_feed):
    entry = make_entry(
        title="A & B <i> &amp;",
        authors=("Jane Doe", "Max"),
        key_event=True,
        summary=True,
        changed_at=LATER,
    )
    feed = make_feed(entry, title="Q&A", language="en", hub_url="https://keywire.example/websub")
    assert render_rss(feed).decode() == GOLDEN


def test_feedparser_reads_ids_titles_and_both_times(make_entry, make_feed):
    feed = make_feed(make_entry(2, title="A & B < C"), make_entry(1, title="", changed_at=LATER))
    read = feedparser.parse(render_rss(feed))
    assert not read.bozo
    assert read.version == "rss20"
    assert read.feed.link == "https://keywire.example/topics/middle-east"
    assert [entry.id for entry in read.entries] == [entry.id for entry in feed.entries]
    assert not any(entry.guidislink for entry in read.entries)
    assert read.entries[1].title == "Body 1 & more."
    assert etree.fromstring(render_rss(feed)).findtext("channel/item/title") == "A & B < C"
    assert read.entries[1].published_parsed[:5] == (2023, 12, 13, 17, 26)
    assert read.entries[1].updated_parsed[:5] == (2023, 12, 13, 19, 0)


def test_an_item_that_never_changed_says_no_second_time(make_entry, make_feed):
    root = etree.fromstring(render_rss(make_feed(make_entry(0))))
    assert root.find(f".//item/{ATOM}updated") is None


@pytest.mark.parametrize(
    ("home", "self_url", "link"),
    [
        ("", "https://keywire.example/x.rss", "https://keywire.example/x.rss"),
        ("", "", "tag:keywire.example,2023:middle-east"),
    ],
)
def test_an_empty_feed_is_whole(make_feed, home, self_url, link):
    read = feedparser.parse(render_rss(make_feed(title="", home_url=home, self_url=self_url)))
    assert not read.bozo
    assert read.feed.link == link
    assert read.feed.title == read.feed.subtitle == "tag:keywire.example,2023:middle-east"


@pytest.mark.parametrize("retracted", [Retracted.TOMBSTONE, Retracted.HIDE])
def test_rss_has_no_word_for_deletion(make_entry, make_feed, retracted):
    feed = make_feed(make_entry(1, retracted_at=LATER), make_entry(0))
    ids = [entry.id for entry in feedparser.parse(render_rss(feed, retracted=retracted)).entries]
    assert ids == [feed.entries[1].id]


def test_a_retracted_item_is_struck_under_its_own_guid(make_entry, make_feed):
    feed = make_feed(make_entry(0, retracted_at=LATER, changed_at=LATER))
    (entry,) = feedparser.parse(render_rss(feed)).entries
    assert entry.id == feed.entries[0].id
    assert entry.title == "Retracted: Headline 0"
    assert "<del" in entry.description


def test_rendering_leaves_the_locale_as_it_was(make_entry, make_feed):
    before = locale.setlocale(locale.LC_ALL)
    render_rss(make_feed(make_entry(0)))
    assert locale.setlocale(locale.LC_ALL) == before
