"""Where publishers' own pages keep what their JSON-LD cuts, leaves out or gets wrong.

One value for each publisher, as its pages were when last seen. The blocks of a page are joined to
the updates of its JSON-LD by id.
"""

import re
from dataclasses import dataclass

ANY_ID = re.compile(r"(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Hooks:
    """Where one publisher's blocks keep their fields; "" and None for what they do not have.

    `sign` is in elements of each of its pages. `block` selects the blocks. The id is the first
    group of `id` in the attribute `id_in`. Times are looked for in turn as (selector, attribute),
    the selector "" being the block itself. `body` selects what holds the words; "" is the whole
    block without title, time, author and the classes in `skip`. An element with a class in
    `pictures` is a picture, and `caption` selects its caption. `key` and `pinned` are an attribute
    and its value on such a block; `key_list` selects links to every key event of the blog.
    """

    name: str
    hosts: tuple[str, ...]
    sign: bytes
    block: str
    id: re.Pattern[str] = ANY_ID
    id_in: str = "id"
    published: tuple[tuple[str, str], ...] = ()
    updated: tuple[tuple[str, str], ...] = ()
    title: str = ""
    body: str = ""
    author: str = ""
    no_author: frozenset[str] = frozenset()
    key: tuple[str, str] | None = None
    key_list: str = ""
    pinned: tuple[str, str] | None = None
    pictures: frozenset[str] = frozenset()
    caption: str = "figcaption"
    skip: frozenset[str] = frozenset()


# Mirror, Manchester Evening News, Cork Beo and their like: JSON-LD has every entry, the page 30.
REACH = Hooks(
    name="reach",
    hosts=("mirror.co.uk", "manchestereveningnews.co.uk", "corkbeo.ie", "dailystar.co.uk"),
    sign=b"live-event-entry",
    block="div.live-event-entry[id]",
    published=(("", "data-post-time"),),
    updated=(("", "data-last-modified-time"),),
    title="h3",
    body=".entry-content",
    author="mark",
    no_author=frozenset({"KEY EVENT"}),
    key=("data-type", "key-event"),
    pictures=frozenset({"image-container"}),
)

EXPRESS = Hooks(
    name="express",
    hosts=("express.co.uk",),
    sign=b"live-events__entry",
    block="div.live-events__entry[id]",
    published=(("", "data-sort-time"),),
    updated=(("", "data-update-time"),),
    title=".live-events__entry-head",
    author=".live-events__entry-author",
    pictures=frozenset({"photo"}),
    caption=".newsCaption",
    skip=frozenset({"live-events__entry-info"}),
)

# AMP. `data-sort-time` is when a post was written, in advance; readers see `amp-timeago`. The
# advertisements between the posts have other ids.
INDEPENDENT = Hooks(
    name="independent",
    hosts=("independent.co.uk", "standard.co.uk"),
    sign=b"amp-live-list",
    block='amp-live-list > [items] > [id^="post-"][data-sort-time]',
    id=re.compile(r"post-(\d+)"),
    published=(("amp-timeago", "datetime"), ("", "data-sort-time")),
    title="h3",
    body="a + div",
    # The last span beside it is the day and the time of day, the only one where nobody is named.
    author="a + div + div span:not(:last-child)",
)

# The `Z` of its times is false: they are Rome's.
REPUBBLICA = Hooks(
    name="repubblica",
    hosts=("repubblica.it", "lastampa.it"),
    sign=b"liveblog__post",
    block="section.liveblog__post[id]",
    published=((".liveblog__post__pubdate", "datetime"),),
    title=".liveblog__post__title",
    key_list='.liveblog__index__list a[href*="#"]',
    skip=frozenset({"liveblog__post__pubdate", "liveblog__post__share", "liveblog__post__social"}),
)

# Headline and time are empty in the page until its scripts run.
CNN = Hooks(
    name="cnn",
    hosts=("cnn.com",),
    sign=b"live-story-post",
    block="article.live-story-post[data-post-id]",
    id_in="data-post-id",
    updated=(("", "data-last-updated"),),
    title=".live-story-post__headline",
    body=".live-story-post__content",
    pinned=("data-is-pinned", "true"),
    pictures=frozenset({"image"}),
)

# Brightspot's templates, also at other publishers.
BRIGHTSPOT = Hooks(
    name="brightspot",
    hosts=("apnews.com",),
    sign=b"LiveBlogPost",
    block="bsp-liveblog-post[data-post-id]",
    id_in="data-post-id",
    published=(("", "data-posted-date-timestamp"),),
    title=".LiveBlogPost-headline",
    body=".LiveBlogPost-body",
)

HOOKS = (REACH, EXPRESS, INDEPENDENT, REPUBBLICA, CNN, BRIGHTSPOT)


@dataclass(frozen=True, slots=True)
class Flag:
    """How a publishing system states that a blog is live, and that its JSON-LD lists everything."""

    # `said` is matched where `sign` is first found; its group is `live`, `ended` or another value.
    sign: bytes
    said: re.Pattern[bytes]
    live: bytes
    ended: bytes
    lists_all: bool = False


FLAGS = (
    # easy-liveblogs 2: its JSON-LD lists every entry.
    Flag(
        sign=b'id="elb-liveblog"',
        said=re.compile(rb'id="elb-liveblog"[^<>]{0,2000}?\sdata-status="(\w{1,20})"'),
        live=b"open",
        ended=b"closed",
        lists_all=True,
    ),
    # Automattic/liveblog: `coverageEndTime` too is only there once the blog is archived.
    Flag(
        sign=b"liveblog_settings",
        said=re.compile(rb'liveblog_settings\s{0,9}=\s{0,9}\{[^{}]{0,4000}?"state":"(\w{1,20})"'),
        live=b"enable",
        ended=b"archive",
    ),
)
