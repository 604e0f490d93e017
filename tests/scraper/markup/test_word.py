from hypothesis import given
from hypothesis import strategies as st

from scraper.markup.word import Word

MARKUP = st.lists(st.sampled_from([b"a", b"b", b".", b"\xc3\xa9", b"\xff", b"\x00", b"\\"])).map(
    b"".join
)


@given(MARKUP, MARKUP.filter(bool), st.integers(0, 12))
def test_a_word_is_found_where_bytes_find_it(markup, word, start):
    start = min(start, len(markup))
    assert Word(word).find(markup, start) == markup.find(word, start)
    assert Word(word).is_in(markup) == (word in markup)
    places = list(Word(word).places_in(markup))
    assert len(places) == markup.count(word)
    assert places[:1] == [place for place in [markup.find(word)] if place >= 0]
