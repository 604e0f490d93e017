from hypothesis import given
from hypothesis import strategies as st

from scraper.markup.look import Look
from scraper.read import PLATFORMS

SIGNS = frozenset({b"<rss", b"live-blog", b"live", b'"x":[{', "é".encode(), b"a.b"})
MARKUP = st.lists(
    st.sampled_from([*SIGNS, b"<r", b"ss", b"liv", b"e-", b"blog", b"a_b", b"\x00\xff", b"x" * 50])
).map(b"".join)


@given(MARKUP)
def test_one_look_finds_what_looking_for_each_finds(markup):
    look = Look(markup, SIGNS)
    alone = {sign for sign in SIGNS if look.holds(sign)}
    assert look.holds_any(SIGNS) is bool(alone)
    assert {sign for sign in SIGNS if look.holds(sign)} == alone
    assert {sign for sign in SIGNS if look.holds_any((sign,))} == alone
    assert alone == {sign for sign in SIGNS if sign in markup}


def test_what_nobody_declared_is_looked_for_all_the_same():
    look = Look(b"a live blog", frozenset({b"rss"}))
    assert not look.holds_any((b"rss",))
    assert look.holds(b"live")


def test_a_sign_of_elements_is_looked_for_in_their_part_of_a_page_alone():
    elements = b'<article class="entry">'
    look = Look(b"<script>entry, post</script>" + elements)
    assert look.holds(b"entry", elements)
    assert look.holds(b"post")
    assert not look.holds(b"post", elements)


def test_all_platforms_signs_are_looked_for_at_once():
    signs = frozenset(sign for platform in PLATFORMS for sign in platform.signs)
    markup = b" ".join(sorted(signs))
    assert all(Look(markup, signs).holds_any(p.signs) for p in PLATFORMS if p.signs)
