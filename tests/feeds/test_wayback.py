"""Links to the Wayback Machine for the moment at which something was seen."""

from datetime import UTC, datetime

from feeds.wayback import wayback_link
from store.entry import Provenance

AT = datetime(2026, 3, 4, 5, 6, 7, 890, tzinfo=UTC)


def test_a_link_names_the_moment_in_utc_and_the_whole_address():
    url = "https://news.example/live?page=2&top=a#b"
    assert wayback_link(Provenance(url, AT)) == (
        "https://web.archive.org/web/20260304050607/https://news.example/live?page=2&top=a#b"
    )


def test_a_file_has_no_link():
    assert wayback_link(Provenance("file:///home/me/page.html", AT)) == ""
