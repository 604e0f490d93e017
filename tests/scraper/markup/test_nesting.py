import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.markup.nesting import DEEPEST, _depth, too_deep

PAGE = b"<div><p>x<p>y<br><img></div>"


@pytest.mark.parametrize(
    ("markup", "deep"),
    [
        (b"<div>" * 4_000, True),
        (b"<div>" * 20_000 + b"</div>" * 20_000, True),
        (b"<p><font size=1>" * 20_000, True),
        (b"<div></p>" * 20_000, True),
        (b"<DIV>" * DEEPEST + PAGE * 20_000, True),
        (PAGE * 20_000, False),
        (b"<p>" * 40_000, False),
        (b"<script>" + b"if (i<n) x();" * 40_000 + b"</script>", False),
        (b"</div>" * 40_000, False),
    ],
    ids=range(9),
)
def test_what_is_nested_beyond_reason_is_told_from_what_is_long(markup, deep):
    assert too_deep(markup) is deep


TAGS = ["<div>", "</DIV>", "<p>", "</p>", "<script>", "</script>", "<b", "</b>", "<br/>", "<x:y>"]
OPENING, CLOSING = {"<div>", "<b", "<x:y>"}, {"</div>", "</b>"}


@given(st.lists(st.sampled_from(TAGS)))
def test_depth_counts_elements_that_stay_open_and_none_in_scripts(tags):
    depth = deepest = 0
    in_script = False
    for tag in map(str.lower, tags):
        in_script = tag == "<script>" if "script" in tag else in_script
        if not in_script and tag in OPENING | CLOSING:
            depth = depth + 1 if tag in OPENING else max(0, depth - 1)
            deepest = max(deepest, depth)
    assert _depth(" ".join(tags).encode()) == deepest
