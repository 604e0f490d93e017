# ruff: noqa: E501 - markup as newsrooms have it
"""Live blogs of invented publishers: day and zone in one line, entries without headings."""

import json
from dataclasses import replace
from datetime import timedelta

from newsrooms import linked
from newsrooms_more import TOLD, told_in
from stories import entries, without

BERLIN, NEW_YORK, LONDON = "Europe/Berlin", "America/New_York", "Europe/London"
LINE = '<p>Zuletzt aktualisiert: 18. November 2026, 16:50 Uhr</p><div class="list">{}</div>'
TITLE_DE = "Der Sturm im Liveblog"


def in_berlin(name, rows, told, **more):
    return told_in(name, "", rows, told, title=TITLE_DE, language="de", around=LINE, asked=TOLD, **more)  # fmt: skip


def told_in_lists():
    told = without(entries(8, "de", whole=True), id=None)
    rows = "".join(
        f"<li><time>{e.local(BERLIN):%H:%M}</time><h3>{e.title}</h3>{e.html}</li>" for e in told
    )
    return in_berlin("items", f"<ul>{rows}</ul>", told)


def told_in_definitions():
    told = without(entries(8, "de", whole=True), id=None)
    rows = "".join(
        f"<dt>{e.local(BERLIN):%H.%M}</dt><dd><strong>{e.title}</strong>{e.html}</dd>" for e in told
    )
    return in_berlin("definitions", f"<dl>{rows}</dl>", told)


def told_in_a_table():
    told = without(entries(8, "de", whole=True), id=None)
    rows = "".join(
        f"<tr><td>{e.local(BERLIN):%H.%M}</td><td><b>{e.title}</b><br>{e.words}</td></tr>"
        for e in told
    )
    return in_berlin("rows", f"<table>{rows}</table>", told)


def headed_by_a_line():
    told = without(entries(8, "de", whole=True), id=None)
    rows = "".join(
        f'<div class="a1"><div class="a2"><div><time>{e.local(BERLIN):%H:%M}</time></div></div><div class="b7"><div class="c3"><span>{e.title}</span></div><div class="c4">{e.html}</div></div></div>'
        for e in told
    )
    return in_berlin("hashes", rows, told)


def eastern_time_in_its_line():
    told = without(entries(8, whole=True), id=None)
    rows = "".join(
        f"<p><b>{e.local(NEW_YORK):%-I:%M %p}</b></p><h3>{e.title}</h3>{e.html}" for e in told
    )
    around = "<p>Wednesday, November 18, 2026 (EST)</p><div>{}</div>"
    return told_in("eastern", "", rows, told, around=around, asked=TOLD)


def comments_below():
    told = entries(6, ids="{n}0")
    rows = "".join(
        f'<article class="live-item" id="live-item-{e.id}"><time datetime="{e.iso}">x</time><h3>{e.title}</h3>{e.html}</article>'
        for e in told
    )
    said = "".join(
        f'<li class="comment" id="comment-{n}"><time datetime="2026-11-18T1{n % 6}:0{n % 10}:30Z">x</time><p>Nobody has ever asked those who live at the harbour, says reader {n}.</p></li>'
        for n in range(14)
    )
    around = "<main>{}" + f"<section id='comments'><ol>{said}</ol></section></main>"
    return told_in("below", "", rows, told, around=around, exact=True)


def numbered_in_data_block():
    told = entries(8, ids="91{n}")
    rows = [
        f'<div class="lb-block" data-block="{e.id}"><time datetime="{e.iso}">x</time><h3>{e.title}</h3>{e.html}</div>'
        for e in told
    ]
    rows[3] += (
        '<div class="lb-block lb-block--related"><a href="/2026/old-story"><h3>The pier at a hundred</h3></a>'
        '<time datetime="2026-11-17T06:00:00Z">x</time><p>A long read about how the pier came to be.</p></div>'
    )
    return told_in("data-block", "", "".join(rows), told, exact=True)


def anchors_within():
    told = [replace(e, key=n in {0, 4}) for n, e in enumerate(entries(8, ids="u-{n}"))]
    rows = "".join(
        f'<div class="upd"><a id="{e.id}"></a><time datetime="{e.iso}">x</time><h3>{e.title}</h3>{e.html}</div>'
        for e in told
    )
    keys = "".join(f'<li><a href="#{e.id}">{e.title}</a></li>' for e in told if e.key)
    around = f"<aside><h2>Key moments</h2><ol>{keys}</ol></aside>" + "<div>{}</div>"
    return told_in("anchors", "", rows, told, around=around, asked=TOLD | {"id", "key"}, exact=True)


def printed_beside_its_attribute():
    told = entries(8, ids="{n}7")
    rows = "".join(
        f'<div class="online__item" data-time="{e.at.timestamp():.0f}" id="item{e.id}"><span class="online__t">{e.local(LONDON):%H:%M}, 18 November</span><div class="online__h">{e.title}</div><div class="online__b">{e.html}</div></div>'
        for e in told
    )
    told = [replace(e, id=f"item{e.id}") for e in told]
    return told_in("beside", "", rows, told, exact=True)


def seconds_of_clocks():
    told = without(entries(8), id=None)
    rows = "".join(
        f'<div class="row"><div class="stamp">{e.local(NEW_YORK):%m/%d/%Y %I:%M:%S %p} EST</div><div class="headline">{e.title}</div>{e.html}</div>'
        for e in told
    )
    return told_in("to-the-second", "", rows, told, asked=TOLD, exact=True)


def month_and_day_in_figures():
    told = without(entries(8, whole=True), id=None)
    rows = "".join(
        f'<div class="zb"><div class="t">{e.local("Asia/Shanghai"):%m-%d %H:%M}</div><div><b>{e.title}</b>{e.html}</div></div>'
        for e in told
    )
    return told_in("figures", "Asia/Shanghai", rows, told, title="直播：Storm at the harbour", language="zh-CN", asked=TOLD)  # fmt: skip


def updated_in_its_foot():
    told = [replace(e) for e in entries(8, ids="55{n}")]
    rows = "".join(
        f'<article id="{e.id}"><header><time datetime="{e.iso}">x</time><h3>{e.title}</h3></header>{e.html}<footer>Aggiornato alle <time datetime="{(e.at + timedelta(minutes=9)).isoformat()}">x</time></footer></article>'
        for e in told
    )
    return told_in("foot", "", rows, told, exact=True)


def posts(told):
    return [{"uid": e.id, "createdAt": e.iso, "heading": e.title, "bodyHtml": e.html} for e in told]


def state_that_nobody_calls_live():
    told = entries(7, ids="n{n}")
    state = json.dumps({"feed": {"items": posts(told)}})
    rows = f"<script>window.__INITIAL_STATE__ = {state};</script>"
    return told_in("shell", "", rows, told, exact=True)


def island_of_plain_json():
    told = entries(7, ids="n{n}")
    state = json.dumps({"liveBlog": {"entries": posts(told)}})
    rows = f'<script type="application/json" data-for="blog">{state}</script>'
    return told_in("island", "", rows, told, exact=True)


def postings_that_are_parts():
    told = entries(7, ids="b{n}")
    url = "https://www.parts.example/live/storm-harbour"
    head = (
        linked(
            told,
            url,
            headline=lambda e: e.title,
            datePublished=lambda e: e.iso,
            url=lambda e: f"{url}#{e.id}",
            articleBody=lambda e: e.words,
        )
        .replace('"liveBlogUpdate"', '"hasPart"')
        .replace('"@type": "LiveBlogPosting"', '"@type": "NewsArticle"')
    )
    return told_in("parts", "", "<p>Follow the storm.</p>", told, head=head, exact=True)


FIFTH = (
    told_in_lists,
    told_in_definitions,
    told_in_a_table,
    headed_by_a_line,
    eastern_time_in_its_line,
    comments_below,
    numbered_in_data_block,
    anchors_within,
    printed_beside_its_attribute,
    seconds_of_clocks,
    month_and_day_in_figures,
    updated_in_its_foot,
    state_that_nobody_calls_live,
    island_of_plain_json,
    postings_that_are_parts,
)
