"""What headers ask for, by RFC 9110."""

from datetime import UTC, datetime

import pytest

from feeds.site.conditions import Conditions, is_known, read_conditions, takes_gzip

TAG = b'"abc"'
MODIFIED = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)
LAST_MODIFIED = b"Mon, 04 May 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("asked", "gzipped"),
    [
        (None, False),
        (b"", False),
        (b"gzip", True),
        (b"GZIP", True),
        (b"x-gzip", True),
        (b"br, gzip;q=0.5", True),
        (b"deflate, gzip; q=1.0, *;q=0", True),
        (b"*", True),
        (b"gzip;q=0", False),
        (b"gzip;q=0.000", False),
        (b"*;q=0", False),
        (b"*, gzip;q=0", False),
        (b"identity", False),
        (b"identity, gzip;q=0.5", False),
        (b"identity;q=0.5, gzip;q=0.5", True),
        (b"identity;q=0, gzip", True),
        (b"gzip;q=nonsense", False),
        (b"gzipped, not-gzip", False),
        (b"br, " * 1000 + b"gzip", True),
    ],
)
def test_gzip_is_given_to_those_who_ask_for_it(asked, gzipped):
    assert takes_gzip(asked) is gzipped


@pytest.mark.parametrize(
    ("tags", "known"),
    [
        (b'"abc"', True),
        (b'W/"abc"', True),
        (b'"x", W/"y" ,"abc"', True),
        (b'"x,y","abc"', True),
        (b"*", True),
        (b" * ", True),
        (b'"abd"', False),
        (b'"a", "bc"', False),
        (b"abc", False),
        (b"", False),
        (b'w/"ab"', False),
        (b'"abc-gzip"', False),
    ],
)
def test_if_none_match_is_a_list_of_tags_compared_weakly(tags, known):
    assert is_known(Conditions(if_none_match=tags), TAG, MODIFIED) is known


@pytest.mark.parametrize(
    ("date", "known"),
    [
        (LAST_MODIFIED, True),
        (b"Mon, 04 May 2026 12:00:01 GMT", True),
        (b"Mon, 04 May 2026 11:59:59 GMT", False),
        (b"Monday, 04-May-26 12:00:00 GMT", True),
        (b"Mon May  4 12:00:00 2026", True),
        (b"yesterday", False),
        (b"", False),
        (b"Mon, 04 May 99999 12:00:00 GMT", False),
        (b"x" * 10_000, False),
    ],
)
def test_if_modified_since_takes_all_three_forms_of_a_date(date, known):
    assert is_known(Conditions(if_modified_since=date), TAG, MODIFIED) is known


def test_if_none_match_decides_alone_where_it_is_sent():
    conditions = Conditions(if_none_match=b'"other"', if_modified_since=LAST_MODIFIED)
    assert not is_known(conditions, TAG, MODIFIED)


def test_a_list_sent_in_two_lines_is_one_list():
    conditions = read_conditions(
        [(b"if-none-match", b'"x"'), (b"accept", b"*/*"), (b"if-none-match", b'"abc"')]
    )
    assert is_known(conditions, TAG, MODIFIED)


def test_a_request_without_conditions_gets_everything():
    assert not is_known(Conditions(), TAG, MODIFIED)
