# ruff: noqa: E501 - markup as newsrooms have it
"""Live blogs of invented publishers: stamps in many scripts, names beside headlines."""

import json
from dataclasses import replace

from newsrooms import linked
from newsrooms_more import TOLD, published, told_in
from stories import entries, without

BERLIN, NEW_YORK, LONDON = "Europe/Berlin", "America/New_York", "Europe/London"
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def clocked(name, zone, row, *, ids=None, language="en", title="Storm at the harbour: live updates", **more):  # fmt: skip
    told = entries(8, whole=True, **({"ids": ids} if ids else {}))
    told = told if ids else without(told, id=None)
    rows = "".join(row(e) for e in told)
    asked = TOLD | {"id"} if ids else TOLD
    head = published(told, zone)
    return told_in(name, "", rows, told, title=title, language=language, head=head, asked=asked, **more)  # fmt: skip


def arabic_figures():
    def row(e):
        clock = f"{e.local('Asia/Riyadh'):%H:%M}".translate(ARABIC)
        return f'<div class="tl"><span class="tl-t">{clock}</span><h3>{e.title}</h3>{e.html}</div>'

    return clocked("figures-ar", "Asia/Riyadh", row, language="ar", title="تغطية مباشرة للعاصفة")


def wide_colons():
    def row(e):
        return f'<div class="unit"><p class="unit__time">{e.local("Asia/Tokyo"):%H：%M}</p><p class="unit__ttl">{e.title}</p><div>{e.html}</div></div>'

    return clocked("wide", "Asia/Tokyo", row, language="ja", title="嵐 ライブブログ")


def weekdays_of_indonesia():
    def row(e):
        return f'<div class="item"><div class="date">Rabu, {e.local("Asia/Jakarta"):%d Nov %Y %H:%M} WIB</div><h3>{e.title}</h3>{e.html}</div>'

    told = without(entries(4, whole=True), id=None)
    rows = "".join(row(e) for e in told)
    return told_in("rabu", "", rows, told, title="Live Update: Badai", language="id", asked=TOLD)


def a_word_before_its_clock():
    def row(e):
        return f'<section class="sirius"><p class="sirius__d"><span class="sr-only">Publié à </span>{e.local("Europe/Paris"):%H:%M}</p><h2>{e.title}</h2>{e.html}</section>'

    return clocked("before", "Europe/Paris", row, language="fr", title="Tempête : en direct")


def a_clock_before_its_date():
    def row(e):
        return f'<div class="live-post"><p class="timestamp">{e.local(NEW_YORK):%-I:%M %p} ET, November {e.local(NEW_YORK).day}, 2026</p><h2>{e.title}</h2>{e.html}<ul><li>7:15 a.m. first ferry</li></ul></div>'

    return clocked("clock-date", NEW_YORK, row)


def a_headline_in_a_paragraph():
    def row(e):
        return f'<div class="sc-x"><div class="sc-a"><time class="sc-b">{e.local(LONDON):%H:%M}</time></div><div class="sc-d"><p class="sc-e">{e.title}</p><div class="sc-f">{e.html}</div></div></div>'

    return clocked("sc", LONDON, row)


def names_before_headlines():
    def row(e):
        return f'<article class="entry" id="entry-{e.id}"><div class="m"><span>Harbour</span><span class="hour">{e.local(LONDON):%H:%M}</span><span>Ana Reis</span></div><h2>{e.title}</h2>{e.html}</article>'

    return clocked("names", LONDON, row, ids="{n}")


def ids_of_relations():
    def row(e):
        return f'<div class="relation" data-relation-item-id="{e.id}"><div class="relation__time">{e.local(LONDON):%H:%M}</div><div><strong>{e.title}</strong><br/>{e.html}</div></div>'

    return clocked("relations", LONDON, row, ids="{n}")


def names_below_headlines():
    told = entries(8, ids="{n}_lb")
    rows = "".join(
        f'<article class="lb_b" id="{e.id}"><div><a href="?t=live#{e.id}"><time datetime="{e.iso}">x</time></a><h3>{e.title}</h3><span class="lb_a">The Desk</span></div><div>{e.html}</div></article>'
        for e in told
    )
    return told_in("below-names", "", rows, told, exact=True)


def headline_in_a_box():
    def row(e):
        return f'<div><div class="x1"><span>By Tom Okafor</span> <time datetime="{e.iso}">x</time></div><div class="x2"><div><div>{e.title}</div></div>{e.html}</div></div>'

    told = without(entries(8), id=None)
    rows = "".join(row(e) for e in told)
    related = '<aside><time datetime="2026-11-02T08:00:00Z">x</time></aside>'
    return told_in(
        "boxes", "", rows, told, around=related + "<div>{}</div>", asked=TOLD, exact=True
    )


def stated(told, url, **fields):
    return linked(told, url, headline=lambda e: e.title, url=lambda e: f"{url}#{e.id}", **fields)


def local_times_without_a_zone():
    told = entries(8, ids="n{n}0")
    url = "https://www.local.example/live/storm-harbour"
    head = stated(
        told,
        url,
        datePublished=lambda e: f"{e.local(BERLIN):%Y-%m-%dT%H:%M:%S}",
        articleBody=lambda e: e.words,
    )
    return told_in("local", "", "<p>Folgen Sie uns.</p>", told, head=head, language="de-DE", exact=True)  # fmt: skip


def bodies_that_break_off():
    told = entries(8, ids="n{n}0")
    url = "https://www.cut.example/live/storm-harbour"
    head = stated(
        told, url, datePublished=lambda e: e.iso, articleBody=lambda e: e.words[:40] + "…"
    )
    rows = "".join(f'<div class="e" id="{e.id}"><h3>{e.title}</h3>{e.html}</div>' for e in told)
    return told_in("cut", "", rows, told, head=head, exact=True)


def posted_below_its_headline():
    def row(e):
        return f"<h2>{e.title}</h2><p><em>Posted at {e.local(NEW_YORK):%-I:%M %p}</em></p>{e.html}"

    return clocked("posted", NEW_YORK, row)


def clocks_and_bullets():
    def row(e):
        return f"<li><span>{e.local(LONDON):%H:%M}</span> • <strong>{e.title}</strong>{e.html}</li>"

    return clocked("bullets", LONDON, row, around="<ul>{}</ul>")


def portraits_of_writers():
    def row(e):
        return f'<div class="msg"><div><img src="/a.png" alt="Tom Okafor"><span>Tom Okafor</span><span>{e.local(LONDON):%H:%M}</span></div><div class="msg-title">{e.title}</div>{e.html}</div>'

    return clocked("portraits", LONDON, row)


def fonts_in_tables():
    def row(e):
        return f'<tr><td><font size="1"><b>{e.local("Europe/Rome"):%H:%M}</b></font></td><td><font><b>{e.title}</b><br>{e.words}</font></td></tr>'

    return clocked("fonts", "Europe/Rome", row, language="it", title="La diretta", around="<table><tr><td><table>{}</table></td></tr></table>")  # fmt: skip


def signed_below():
    def row(e):
        return f'<div class="akis" data-entry="{e.id}">{e.html}<div>Ada Lindqvist · {e.local(LONDON):%-d November %Y %H:%M}</div></div>'

    made = clocked("signed", LONDON, row, ids="{n}")
    return replace(made, entries=without(made.entries, title=""))


def unfolded_by_buttons():
    def row(e):
        return f'<div class="acc"><button aria-expanded="true"><span>{e.local(LONDON):%H:%M}</span><span>{e.title}</span></button><div>{e.html}</div></div>'

    return clocked("buttons", LONDON, row)


def nodes_in_a_state():
    told = entries(7, ids="gid-{n}")
    posts = [
        {
            "node": {
                "id": e.id,
                "publishedAt": e.iso,
                "title": e.title,
                "body": [{"type": "p", "text": e.words}],
            }
        }
        for e in told
    ]
    state = json.dumps({"props": {"pageProps": {"article": {"liveBlog": {"posts": posts}}}}})
    rows = f'<script id="__NEXT_DATA__" type="application/json">{state}</script>'
    return told_in("nodes", "", rows, told, exact=True)


def date_and_clock_in_items():
    def row(e):
        return f'<li class="c"><span>{e.local("Europe/Madrid"):%d/%m/%Y}</span> <span>{e.local("Europe/Madrid"):%H:%M}h</span><h3>{e.title}</h3>{e.html}</li>'

    return clocked("items-es", "Europe/Madrid", row, language="es", title="Temporal en directo", around="<ul>{}</ul>")  # fmt: skip


def dutch_hours_above_headlines():
    def row(e):
        return f"<p><strong>{e.local('Europe/Amsterdam'):%H.%M} uur</strong><br><strong>{e.title}</strong></p>{e.html}"

    return clocked("uur", "Europe/Amsterdam", row, language="nl", title="LIVE | Storm")


SIXTH = (
    date_and_clock_in_items,
    dutch_hours_above_headlines,
    fonts_in_tables,
    signed_below,
    unfolded_by_buttons,
    nodes_in_a_state,
    local_times_without_a_zone,
    bodies_that_break_off,
    posted_below_its_headline,
    clocks_and_bullets,
    portraits_of_writers,
    headline_in_a_box,
    arabic_figures,
    wide_colons,
    weekdays_of_indonesia,
    a_word_before_its_clock,
    a_clock_before_its_date,
    a_headline_in_a_paragraph,
    names_before_headlines,
    ids_of_relations,
    names_below_headlines,
)
