import pytest

from scraper.markup.paths import first, steps_of, walk
from scraper.markup.state import referring

SAID = {
    "layout": [
        {"modules": [{"name": "top", "data": 1}, {"name": "body", "data": [{"t": "a"}, 3]}]},
        {"modules": [{"name": "body", "data": [{"t": "b"}]}]},
        "no object",
    ],
    "Blog:1": {"title": "One"},
    "Blog:2": {"title": "Two"},
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("layout[].modules[name=body].data[].t", ["a", "b"]),
        ("layout[].modules[name=top].data", [1]),
        ("Blog:*.title", ["One", "Two"]),
        ("layout[].modules[name=side].data", []),
        ("layout.modules", []),
        ("layout[].modules[].name[]", []),
        ("nothing.at.all", []),
        ("", [SAID]),
    ],
)
def test_a_path_gives_what_stands_at_its_end_in_order(path, found):
    assert list(walk(SAID, path)) == found


@pytest.mark.parametrize("path", ["a..b", "a[b", "[x=y]", "a[]]"])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(ValueError, match="is no path"):
        steps_of(path)


def test_the_first_of_several_paths_that_says_something_is_taken():
    assert first({"a": "", "b": None, "c": 0, "d": 5}, ("a", "b", "c", "d")) == 0
    assert first({"a": []}, ("a", "z")) is None


@pytest.mark.parametrize(
    "reference", [{"__ref": "Post:1"}, {"type": "id", "id": "Post:1", "generated": False}]
)
def test_references_are_followed_on_the_way(reference):
    cache = {"Post:1": {"title": "Found"}, "posts": [reference, {"__ref": "Post:9"}]}
    assert list(walk(cache, "posts[].title", referring(cache))) == ["Found"]


def test_an_object_that_has_an_id_is_no_reference():
    cache = {"1": {"title": "Other"}}
    assert list(walk({"post": {"id": "1", "title": "Own"}}, "post.title", referring(cache))) == [
        "Own"
    ]
