# ruff: noqa: E501 - markup as newsrooms have it
"""Live blogs of invented publishers, with copies, incomplete data and unusual time stamps."""

import json
from dataclasses import replace

from newsrooms import linked
from newsrooms_more import TOLD, published, told_in
from stories import Story, entries, page, without

NAMED = TOLD | {"id"}
LONDON, KOLKATA, BERLIN = "Europe/London", "Asia/Kolkata", "Europe/Berlin"


def twice_for_two_screens():
    told = entries(8, ids="e{n}")
    rows = "".join(
        f'<article class="post" data-id="{e.id}"><time datetime="{e.iso}">{e.at:%H:%M}</time><h3>{e.title}</h3>{e.html}</article>'
        for e in told
    )
    around = '<div class="desktop">{}</div>' + f'<div class="mobile">{rows}</div>'
    return told_in("twice", "", rows, told, around=around, exact=True)


def longer_index():
    told = entries(6, ids="e{n}")
    rows = "".join(
        f'<article class="live-entry" id="{e.id}"><time datetime="{e.iso}">{e.at:%H:%M}</time><h3>{e.title}</h3>{e.html}</article>'
        for e in told
    )
    more = entries(20, ids="e{n}")
    index = "".join(
        f'<li><a href="#{e.id}"><time datetime="{e.iso}">{e.at:%H:%M}</time> {e.title}</a></li>'
        for e in more
    )
    around = f'<div class="timeline"><h2>Timeline</h2><ul>{index}</ul></div>' + "<div>{}</div>"
    return told_in("long-index", "", rows, told, around=around, exact=True)


def day_in_the_attribute():
    told = without(entries(8, whole=True), id=None)
    rows = "".join(
        f'<div class="live-item"><time datetime="{e.local(LONDON):%Y-%m-%d}">{e.local(LONDON):%H:%M}</time><h3>{e.title}</h3>{e.html}</div>'
        for e in told
    )
    return told_in("day-attr", LONDON, rows, told, asked=TOLD)


def clock_in_the_attribute():
    told = without(entries(8, whole=True), id=None)
    rows = "".join(
        f'<div class="live-item"><time datetime="{e.local(LONDON):%H:%M}">{e.local(LONDON):%H:%M}</time><h3>{e.title}</h3>{e.html}</div>'
        for e in told
    )
    return told_in("clock-attr", LONDON, rows, told, head=published(told, LONDON), asked=TOLD)


def stated(name, write, *, zone="", field="liveBlogUpdate", exact=True, kind="LiveBlogPosting"):
    """Return a page whose JSON-LD writes its times in its own way, and has no body."""

    def made():
        url = f"https://www.{name}.example/live/storm"
        told = entries(7, ids="{n}", whole=not exact)
        head = linked(
            told,
            url,
            headline=lambda e: e.title,
            datePublished=write,
            url=lambda e: f"{url}#{e.id}",
            articleBody=lambda e: e.words,
        )
        head = head.replace('"liveBlogUpdate"', f'"{field}"').replace(
            '"@type": "LiveBlogPosting"', f'"@type": {json.dumps(kind)}'
        )
        body = "<h1>Storm: live</h1><p>Follow the storm with us.</p>"
        return Story(name, url, page("Storm: live", body, head=head, url=url), told, zone=zone, to_the_minute=not exact)  # fmt: skip

    return made


def in_india(e):
    return f"{e.local(KOLKATA):%Y-%m-%d %H:%M:%S} IST"


def in_words(e):
    return f"{e.local(KOLKATA):%b %d, %Y %-I:%M %p} IST"


def by_java(e):
    return f"{e.local(BERLIN).isoformat()}[Europe/Berlin]"


def by_go(e):
    return f"{e.at:%Y-%m-%d %H:%M:%S} +0000 UTC"


def stamp_in_title():
    told = without(entries(8, whole=True), id=None)
    rows = "".join(
        f'<div class="row"><span class="ago" title="{e.local(LONDON):%-d %B %Y at %-I:%M %p}">x</span><h3>{e.title}</h3>{e.html}</div>'
        for e in told
    )
    return told_in("title-stamp", LONDON, rows, told, asked=TOLD)


def nested_sections():
    told = entries(9, ids="n{n}")
    half = [told[:4], told[4:]]
    rows = "".join(
        f'<section class="chunk"><div class="inner">{"".join(f"""<div class="post" id="{e.id}"><div class="meta"><time datetime="{e.iso}">x</time></div><h3>{e.title}</h3>{e.html}</div>""" for e in some)}</div></section><div class="ad-slot"></div>'
        for some in half
    )
    return told_in("chunks", "", rows, told, exact=True)


def key_list_by_titles():
    told = [replace(e, key=n in {1, 5}) for n, e in enumerate(entries(8, ids="k{n}"))]
    rows = "".join(
        f'<div class="post" id="{e.id}"><time datetime="{e.iso}">x</time><h3>{e.title}</h3>{e.html}</div>'
        for e in told
    )
    keys = "".join(f'<li><a href="#{e.id}">{e.title}</a></li>' for e in told if e.key)
    around = f"<section><h2>Ключевые события</h2><ul>{keys}</ul></section>" + "<div>{}</div>"
    return told_in("key-list", "", rows, told, around=around, asked=NAMED | {"key"}, exact=True)


def two_columns_of_clocks():
    told = without(entries(8, "de", whole=True), id=None)
    rows = "".join(
        f'<div class="grid"><div class="g1"><div>{e.local(BERLIN):%H:%M}</div><div>Uhr</div></div><div class="g2"><p><b>{e.title}</b></p>{e.html}</div></div>'
        for e in told
    )
    return told_in("columns", BERLIN, rows, told, title="Der Sturm im Liveblog", language="de", head=published(told, BERLIN), asked=TOLD)  # fmt: skip


FOURTH = (
    twice_for_two_screens,
    longer_index,
    day_in_the_attribute,
    clock_in_the_attribute,
    stated("ld-ist", in_india),
    stated("ld-words", in_words, exact=False),
    stated("ld-java", by_java),
    stated("ld-go", by_go),
    stated("ld-blog-posts", lambda e: e.iso, field="blogPosts"),
    stated("ld-two-types", lambda e: e.iso, kind=["NewsArticle", "LiveBlogPosting"]),
    stamp_in_title,
    nested_sections,
    key_list_by_titles,
    two_columns_of_clocks,
)
