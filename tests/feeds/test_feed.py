from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.feed import Retracted, body, bylines, categories, deleted, link, media_urls, rfc3339
from feeds.feed import shown_titles as titles
from feeds.links import host, web_url
from feeds.titles import LONGEST, first_sentence
from store.entry import Media, TimePrecision

LATER = datetime(2023, 12, 13, 19, 0, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused_with_the_name_of_its_entry(make_entry, make_feed):
    naive = datetime(2023, 12, 13)  # noqa: DTZ001 - the defect itself
    for field in ("published", "updated", "changed_at", "retracted_at"):
        entry = make_entry(3, **{"changed_at": LATER, field: naive})
        with pytest.raises(ValueError, match=r"crisis/b3: a time has no time zone"):
            make_feed(entry)
    with pytest.raises(ValueError, match="middle-east: `updated` has no time zone"):
        make_feed(updated=naive)


def test_titles_that_repeat_within_a_blog_get_their_time(make_entry, make_feed):
    feed = make_feed(
        make_entry(60, title="summary "),
        make_entry(5, title="Other"),
        make_entry(0, title="Summary"),
        make_entry(1, title="Summary", blog="https://other.example/live"),
    )
    assert titles(feed, Retracted.MARK) == [
        "summary (13 Dec 2023, 18:25 UTC)",
        "Other",
        "Summary (13 Dec 2023, 17:25 UTC)",
        "Summary",
    ]


def test_a_time_no_finer_than_a_day_is_shown_as_its_day(make_entry, make_feed):
    midnight, in_kyiv = -17 * 60 - 25, 28 * 60 + 35  # of the 13th in UTC, of the 15th in Kyiv
    feed = make_feed(
        make_entry(midnight, title="Summary", time_precision=TimePrecision.DAY),
        make_entry(in_kyiv, title="Summary", time_precision=TimePrecision.DAY),
    )
    assert titles(feed, Retracted.MARK) == ["Summary (13 Dec 2023)", "Summary (15 Dec 2023)"]


def test_titles_are_the_same_whatever_a_feed_does_with_retractions(make_entry, make_feed):
    feed = make_feed(
        make_entry(1, title="Summary", retracted_at=LATER), make_entry(0, title="Summary")
    )
    plain = "Summary (13 Dec 2023, 17:25 UTC)"
    assert titles(feed, Retracted.MARK) == ["Retracted: Summary (13 Dec 2023, 17:26 UTC)", plain]
    assert titles(feed, Retracted.HIDE) == [None, plain]
    assert titles(feed, Retracted.TOMBSTONE) == [None, plain]


def test_an_untitled_entry_is_called_by_what_it_says_first(make_entry, make_feed):
    feed = make_feed(
        make_entry(1, title="", text="\n  Dr. No spoke. He left.\nMore."),
        make_entry(2, title=" \x00", text="", media=(Media("x", alt="A tank. Aleppo."),)),
        make_entry(3, title="", text=""),
    )
    assert titles(feed, Retracted.MARK) == [
        "Dr. No spoke.",
        "A tank.",
        "13 Dec 2023, 17:28 UTC",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One. Two.", "One."),
        ("No full stop\nSecond block", "No full stop"),
        ("“Is it?” he asked. Yes.", "“Is it?” he asked."),
        ("“We stay.” Then he left.", "“We stay.”"),
        ("The U.S. Army moved. More.", "The U.S. Army moved."),
        ("Am 13. Dezember begann es. Dann mehr.", "Am 13. Dezember begann es."),
        ("Version 2.5 is out! Really.", "Version 2.5 is out!"),
        ("停战。第二句。", "停战。"),
        ("It ended in 2023. Then came more.", "It ended in 2023."),
        ("", ""),
        (" \n\t", ""),
    ],
)
def test_the_first_sentence_ends_where_a_reader_would_end_it(text, sentence):
    assert first_sentence(text) == sentence


def test_a_long_first_sentence_is_cut_at_a_word():
    cut = first_sentence("word, " * 40)
    assert cut == "word, " * 15 + "word…"
    assert len(first_sentence("x" * 500)) == LONGEST
    assert len(first_sentence("x" * 100)) == LONGEST
    assert first_sentence("x" * 100) == "x" * 100


@given(st.text(alphabet=st.characters()))
def test_a_first_sentence_is_one_line_of_at_most_100_characters(text):
    sentence = first_sentence(text)
    assert len(sentence) <= LONGEST
    assert "\n" not in sentence
    assert sentence == sentence.strip()


def test_a_retracted_body_is_struck_through_after_a_note(make_entry):
    assert body(make_entry(0)) == "<p>Body 0 &amp; more.</p>"
    assert body(make_entry(0, retracted_at=LATER)) == (
        "<p><em>This entry was retracted (noticed 13 Dec 2023, 19:00 UTC).</em></p>"
        '<del datetime="2023-12-13T19:00:00Z"><p>Body 0 &amp; more.</p></del>'
    )


def test_a_forgotten_entry_leaves_a_note_and_its_time(make_entry, make_feed):
    forgotten = make_entry(0, title="", html="", text="", retracted_at=LATER, forgotten="a & b")
    assert titles(make_feed(forgotten), Retracted.MARK) == ["Retracted: 13 Dec 2023, 17:25 UTC"]
    assert body(forgotten).endswith("UTC): a &amp; b</em></p>")


def test_an_entry_without_html_shows_its_text(make_entry):
    assert body(make_entry(0, html="", text="a < b")) == "<p>a &lt; b</p>"


def test_deletions_are_named_only_where_they_are_asked_for(make_entry, make_feed):
    feed = make_feed(make_entry(1, retracted_at=LATER), make_entry(0))
    assert deleted(feed, Retracted.TOMBSTONE) == [(feed.entries[0].id, LATER)]
    assert deleted(feed, Retracted.MARK) == deleted(feed, Retracted.HIDE) == []


def test_authors_links_and_categories_say_nothing_twice_and_nothing_empty(make_entry):
    entry = make_entry(
        authors=("Jane  Doe", "", "Jane Doe"),
        permalink="javascript:alert(1)",
        media=(
            Media("https://i.example/a b.jpg"),
            Media("https://i.example/a%20b.jpg"),
            Media("https://i.example/v.mp4", type="video"),
            Media("data:image/png;base64,AAAA"),
        ),
        tags=("Syria", "", "Syria", "summary"),
        key_event=True,
    ).entry
    assert bylines(entry) == ["Jane Doe"]
    assert link(entry) == entry.blog
    assert media_urls(entry) == ["https://i.example/a%20b.jpg", "https://i.example/v.mp4"]
    assert media_urls(entry, "video") == ["https://i.example/v.mp4"]
    assert categories(entry) == [
        ("key-event", "Key event"),
        ("Syria", "Syria"),
        ("summary", "summary"),
    ]


def test_without_authors_the_credit_signs(make_entry):
    assert bylines(make_entry(credit="Reuters").entry) == ["Reuters"]
    assert bylines(make_entry().entry) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://127.0.0.1:8700/feeds/x.atom?retracted=tombstone&limit=5",
        "https://example.org/a?page=with:block-1#block-1",
        "https://[2001:db8::1]:8080/a%20b",
        "HTTPS://Example.org/~x/(y);z=1,2?q=a%2Fb",
        "https://a_b.example.org:65535#!/x?y",
        "https://example.org?x='y'&z=*$@+",
    ],
)
def test_a_valid_address_is_left_alone(url):
    assert web_url(url) == url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (" https://example.org/a b\n", "https://example.org/a%20b"),
        (
            'https://example.org/"<>\\^`{|}[]',
            "https://example.org/%22%3C%3E%5C%5E%60%7B%7C%7D%5B%5D",
        ),
        ("https://example.org/100%?x=%zz", "https://example.org/100%25?x=%25zz"),
        ("https://example.org/#a#b", "https://example.org/#a%23b"),
        ("https://example.org/x\n", "https://example.org/x"),
        ("https://example.org/١", "https://example.org/%D9%A1"),
        ("https://müller.example/ä", "https://xn--mller-kva.example/%C3%A4"),
        ("https://exam\x00ple.org/\ud800x", "https://example.org/x"),
    ],
)
def test_what_an_address_cannot_hold_is_encoded(text, url):
    assert web_url(text) == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "//example.org/x",
        "/x",
        "https://",
        "https:///x",
        "https://user:secret@example.org/",
        "https://user:1@example.org/",
        "https://example.org:١/",
        "https://example.org\\@evil.example/",
        "https://exa mple.org/",
        "https://example.org:port/",
        "https://[::1/",
        "https://<script>/",
        "https://" + "ü" * 300 + "/",
    ],
)
def test_what_is_no_web_address_is_left_out(text):
    assert web_url(text) == ""


@given(st.text(alphabet=st.characters()))
def test_web_addresses_are_ascii_and_settled(text):
    url = web_url("https://example.org/" + text)
    assert url.isascii()
    assert " " not in url
    assert web_url(url) == url


@given(st.text(alphabet="aZ0./?#:@%&='[]_-~\\ \x00é\u0663"))
def test_a_plain_address_is_read_as_any_other(text):
    for address in ("https://" + text, "http://example.org" + text):
        assert web_url(address) == web_url(" " + address)


def test_a_host_loses_its_www():
    assert host("https://www.Example.org:8080/x") == "example.org"
    assert host("mailto:x") == ""


def test_times_are_written_in_utc():
    east = timezone(timedelta(hours=3))
    assert rfc3339(datetime(2023, 12, 13, 20, 25, tzinfo=east)) == "2023-12-13T17:25:00Z"
