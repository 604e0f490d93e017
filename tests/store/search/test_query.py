"""What people may ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.search.query import MOST, Query, Term, read_query


def term(*words, begins=False):
    return Term(words, begins)


A, B, C = term("a"), term("b"), term("c")


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ("a b", Query(((A,), (B,)))),
        ('"a b" -c', Query(((term("a", "b"),),), (C,))),
        ("a OR b c", Query(((A, B), (C,)))),
        ("a OR b OR c", Query(((A, B, C),))),
        ("OR a OR", Query(((A,),))),
        ("a or b", Query(((A,), (term("or"),), (B,)))),
        (
            'har* -"old ha"*',
            Query(((term("har", begins=True),),), (term("old", "ha", begins=True),)),
        ),
        ('"never closed', Query(((term("never", "closed"),),))),
        ("sea-wall", Query(((term("sea", "wall"),),))),
        ("東", Query(((term("東", begins=True),),))),
        ("-a", Query((), (A,))),
        (
            "'; DROP TABLE entries; --",
            Query(((term("drop"),), (term("table"),), (term("entries"),))),
        ),
        ("title:a NEAR(b) ^c", Query(((term("title", "a"),), (term("near", "b"),), (C,)))),
        ("- * \" ( ) ''", Query()),
        ("", Query()),
    ],
)
def test_it_is_read_as_meant(asked, query):
    assert read_query(asked) == query


@given(st.text())
def test_nothing_is_an_error_and_all_is_bounded(text):
    query = read_query(text * 3)
    assert len(query.wanted) + len(query.unwanted) <= MOST
