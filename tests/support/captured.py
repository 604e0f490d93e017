"""Saved pages of one live blog, older than any poll by keywire."""

from datetime import UTC, datetime, timedelta

from keywire.demo.blog import Blog, block, block_id
from keywire.demo.page import render

BEGUN = datetime(2024, 12, 2, 9, 0, tzinfo=UTC)
SITE, PATH = "https://news.example", "/world/live/2024/dec/02/harbour"
URL = SITE + PATH
ONE = ("1", 1, "The first ship is at the quay.")
TWO = ("2", 5, "The second ship waits outside.")
TWO_EDITED = ("2", 5, "The second ship is at the quay now.")
THREE = ("3", 9, "A third ship is seen.")
FOUR = ("4", 20, "The tide goes out.")


def at(minute):
    return BEGUN + timedelta(minutes=minute)


def id_of(post):
    """Return the publisher's id of a post's block."""
    name, minute, _ = post
    return block_id(name, at(minute))


def body(now, *posts, site=SITE):
    """Return the page as of a minute: posts, each a name, a minute and words, the newest first."""
    blocks = tuple(block(name, at(minute), f"<p>{words}</p>") for name, minute, words in posts)
    blog = Blog(PATH, "At the harbour", BEGUN, blocks=blocks, page_size=50)
    return render(blog, at(now), site).encode()


def name(minute):
    """Return a file name with the time of its capture, as web archives write it."""
    return f"{at(minute):%Y%m%d%H%M%S}.html"


def save(folder, *captures):
    """Save captures, each a minute and its posts, in a folder."""
    folder.mkdir(exist_ok=True)
    for minute, *posts in captures:
        (folder / name(minute)).write_bytes(body(minute, *posts))
    return folder


DAY = (
    (10, THREE, TWO, ONE),
    (2, ONE),
    (15, THREE, TWO_EDITED, ONE),
    (25, FOUR, TWO_EDITED, ONE),
    (30, FOUR, TWO_EDITED, ONE),
)
