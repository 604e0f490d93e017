"""Pages kept themselves: each body once, small, and given back byte for byte."""

import random
import tracemalloc
from datetime import timedelta

import pytest
import zstandard
from kept import NOW, URL, fill
from sqlalchemy import func, select, update

from store.archive import kept_pages
from store.archive.delta import compress, expand
from store.archive.responses import FetchedPage
from store.errors import ConflictError, DatabaseError
from store.schema import page_bodies, page_fetches
from store.upkeep.forgetting import forget

MINUTE = timedelta(minutes=1)
CHANCES = random.Random(7)
FURNITURE = CHANCES.randbytes(120_000).hex().encode()


def body(*entries):
    """A page of 240 kB that is the same from look to look but for its entries."""
    return b"<html>" + FURNITURE + b"".join(entries) + FURNITURE[::-1] + b"</html>"


def keep(database, content, minute=0, url=URL, source_id=1, **more):
    page = FetchedPage(url, content, NOW + minute * MINUTE, **more)
    with database.read() as connection:
        packed = kept_pages.pack(connection, page)
    if packed is not None:
        with database.write() as connection:
            kept_pages.keep(connection, packed, source_id)
    return packed


def kept(database, **bounds):
    with database.read() as connection:
        pages = [*kept_pages.pages_of_topic(connection, "harbour", **bounds)]
        assert len(pages) == kept_pages.count_pages(connection, "harbour", **bounds)
    return pages


def count(database, table):
    with database.read() as connection:
        return connection.scalar(select(func.count()).select_from(table))


@pytest.fixture
def followed(database):
    fill(database, 5)
    return database


def test_a_page_is_given_back_as_it_came(followed):
    headers = {"etag": 'W/"1"', "content-type": "text/html; charset=utf-8"}
    keep(followed, body(b"one"), asked="http://news.example/x", status=203, headers=headers)
    (one,) = kept(followed)
    assert one.page.body == body(b"one")
    assert (one.page.asked, one.page.status) == ("http://news.example/x", 203)
    assert (one.page.headers, one.page.fetched_at) == (headers, NOW)


def test_what_has_not_changed_is_not_kept_again_and_what_comes_back_is_kept_once(followed):
    assert keep(followed, body(b"one"))
    assert keep(followed, body(b"one"), 1) is None
    assert keep(followed, body(b"two"), 2)
    assert keep(followed, body(b"one"), 3).packed is None
    minutes = [(page.page.fetched_at - NOW) / MINUTE for page in kept(followed)]
    assert minutes == [0, 2, 3]
    assert [page.page.body for page in kept(followed)] == [body(b"one"), body(b"two"), body(b"one")]
    assert count(followed, page_bodies) == 2


def test_a_page_that_changed_a_little_takes_little(followed):
    first = keep(followed, body(b"one"))
    sizes = [len(keep(followed, body(b"one", b"x%d" % n), n).packed) for n in range(1, 30)]
    assert max(sizes) * 100 < len(first.packed)
    assert [page.page.body for page in kept(followed)][7] == body(b"one", b"x7")


def test_a_page_that_changed_much_is_the_next_base(followed):
    keep(followed, body(b"one"))
    other = keep(followed, CHANCES.randbytes(200_000), 1)
    assert other.base is None
    assert keep(followed, other.page.body + b"more", 2).base == other.sha256


def test_pages_are_of_the_topics_whose_entries_they_show_and_within_bounds(followed):
    for minute in range(5):
        keep(followed, body(b"%d" % minute), minute)
    within = kept(followed, since=NOW + MINUTE, until=NOW + 3 * MINUTE)
    assert [page.page.body for page in within] == [body(b"1"), body(b"2")]
    with followed.read() as connection:
        assert not [*kept_pages.pages_of_topic(connection, "another")]


def test_a_page_that_is_damaged_is_never_given_out(followed):
    keep(followed, body(b"one"))
    keep(followed, body(b"two"), 1)
    with followed.write() as connection:
        connection.execute(
            update(page_bodies).where(page_bodies.c.base.is_(None)).values(packed=compress(b"no"))
        )
    with pytest.raises(DatabaseError, match="is damaged"):
        kept(followed)


def test_what_is_dropped_is_gone_under_every_address_and_what_was_before_stays(followed):
    keep(followed, body(b"before"))
    keep(followed, body(b"secret"), 5)
    keep(followed, body(b"secret"), 6, url=URL + "?page=1")
    keep(followed, body(b"after"), 7)
    with followed.write() as connection:
        assert kept_pages.drop(connection, 1, NOW + MINUTE) == 3
    assert [page.page.body for page in kept(followed)] == [body(b"before")]
    assert count(followed, page_bodies) == count(followed, page_fetches) == 1
    assert keep(followed, body(b"new"), 9)


def test_a_base_that_goes_meanwhile_is_told_and_nothing_is_kept(followed):
    keep(followed, body(b"one"))
    with followed.read() as connection:
        packed = kept_pages.pack(connection, FetchedPage(URL, body(b"two"), NOW + MINUTE))
    with followed.write() as connection:
        kept_pages.drop(connection, 1, NOW)
    with pytest.raises(ConflictError), followed.write() as connection:
        kept_pages.keep(connection, packed, 1)
    assert count(followed, page_fetches) == 0


@pytest.mark.parametrize("size", [0, 1, 100, 70_000, 3_000_000])
def test_any_bytes_come_back_and_the_same_bytes_are_packed_the_same(size):
    base, said = CHANCES.randbytes(size), CHANCES.randbytes(size // 2)
    for whole in (b"", base):
        packed = compress(base + said, whole)
        assert packed == compress(base + said, whole)
        assert expand(packed, whole, size=len(base + said)) == base + said
    with pytest.raises(ValueError, match=r"bytes|match|dictionary|Data|error"):
        expand(compress(base + said), size=len(base + said) + 1)


def test_a_takedown_takes_the_pages_that_may_show_the_entry_and_no_more_are_kept(followed):
    keep(followed, body(b"before"), -600)
    keep(followed, body(b"shown"), 1)
    with followed.write() as connection:
        forget(connection, 3, "a court said so", NOW + 9 * MINUTE)
    assert [page.page.body for page in kept(followed)] == [body(b"before")]
    assert count(followed, page_bodies) == 1
    keep(followed, body(b"shown still"), 10)
    assert count(followed, page_bodies) == count(followed, page_fetches) == 1


def room_of(make):
    """Give the bytes that a value takes as long as it is kept."""
    tracemalloc.start()
    try:
        kept = make()
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
        del kept


def test_what_is_packed_takes_the_room_of_what_is_left():
    whole = b"<p>The same again.</p>" * 50_000
    assert room_of(lambda: compress(whole)) < 20_000
    assert room_of(lambda: zstandard.ZstdCompressor().compress(whole)) > len(whole)
