# ruff: noqa: E501 - markup as newsrooms have it
"""Live blogs of invented publishers, in rare forms."""

import json
from dataclasses import replace

from newsrooms_more import TOLD, published, told_in
from stories import Story, entries, page, without

NAMED = TOLD | {"id"}
BERLIN, PARIS, MADRID, LONDON = "Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/London"


def flat_pairs():
    told = without(entries(8, whole=True), id=None)
    rows = "".join(
        f'<div class="col-l"><span>{e.local(LONDON):%H:%M}</span></div><div class="col-r"><h3>{e.title}</h3>{e.html}</div>'
        for e in told
    )
    return told_in("flat-pairs", LONDON, rows, told, head=published(told, LONDON), asked=TOLD)


def clock_behind_title():
    told = without(entries(8, "de", whole=True), id=None)
    rows = "".join(f"<h3>{e.title} ({e.local(BERLIN):%H.%M} Uhr)</h3>{e.html}" for e in told)
    return told_in("clock-behind", BERLIN, rows, told, title="Sturm: der Liveticker", language="de", head=published(told, BERLIN), asked=TOLD)  # fmt: skip


def small_behind_title():
    told = without(entries(8, whole=True), id=None)
    rows = "".join(
        f'<div class="item"><h3>{e.title} <small>{e.local(LONDON):%-I:%M%p}</small></h3>{e.html}</div>'
        for e in told
    )
    return told_in("small-behind", LONDON, rows, told, head=published(told, LONDON), asked=TOLD)


def update_from():
    told = without(entries(8, "de", whole=True), id=None, title="")
    rows = "".join(
        f'<p class="id-StoryElement-paragraph"><strong>Update vom {e.local(BERLIN).day}. November, {e.local(BERLIN):%H.%M} Uhr:</strong> {e.words}</p>'
        for e in told
    )
    return told_in("update-from", BERLIN, rows, told, title="Sturm am Hafen im News-Ticker", language="de", path="/welt/sturm-news-ticker-zr-1.html", head=published(told, BERLIN), asked=TOLD)  # fmt: skip


def wire_times():
    told = without(entries(8, whole=True), id=None)
    rows = "".join(f"<p><strong>{e.at:%H%M} GMT - {e.title}</strong></p>{e.html}" for e in told)
    return told_in("wire", "", rows, told, head=published(told, "UTC"), asked=TOLD)


def portuguese_minutes():
    zone = "America/Sao_Paulo"
    told = without(entries(8, whole=True), id=None)
    rows = "".join(
        f"<p><strong>{e.local(zone):%Hh%Mmin} - {e.title}</strong></p>{e.html}" for e in told
    )
    return told_in("min", zone, rows, told, title="Tempestade ao vivo: minuto a minuto", language="pt-BR", head=published(told, zone), asked=TOLD)  # fmt: skip


def argentine_hours():
    zone = "America/Argentina/Buenos_Aires"
    told = without(entries(8, whole=True), id=None)
    rows = "".join(f"<h2>{e.local(zone):%H:%M} hs. {e.title}</h2>{e.html}" for e in told)
    return told_in("hs", zone, rows, told, title="Tormenta, en vivo", language="es", head=published(told, zone), asked=TOLD)  # fmt: skip


def today_and_yesterday():
    told = without(entries(9, whole=True, step=9), id=None)
    last = told[0].local(LONDON).date()
    rows = "".join(
        f'<article class="entry"><p class="when">{"Today" if e.local(LONDON).date() == last else "Yesterday"}, {e.local(LONDON):%H:%M}</p><h3>{e.title}</h3>{e.html}</article>'
        for e in told
    )
    return told_in("yesterday", LONDON, rows, told, head=published(told, LONDON), asked=TOLD)


def attribute_with_date():
    told = entries(8, ids="{n}")
    rows = "".join(
        f'<div class="feed-row" data-id="{e.id}" data-published="{e.at:%Y-%m-%d %H:%M:%S} UTC"><h4>{e.title}</h4><div>{e.html}</div></div>'
        for e in told
    )
    return told_in("attribute", "", rows, told, asked=NAMED, exact=True)


def labelled_sections():
    told = without(entries(8, whole=True), id=None)
    rows = "".join(
        f'<section aria-label="Posted at {e.local(LONDON):%H:%M}"><p>{e.local(LONDON):%H:%M}</p><h3>{e.title}</h3>{e.html}</section>'
        for e in told
    )
    return told_in("labelled", LONDON, rows, told, head=published(told, LONDON), asked=TOLD)


def blog_postings():
    told = entries(8, ids="{n}")
    rows = "".join(
        f'<article itemscope itemtype="https://schema.org/BlogPosting" id="p{e.id}"><meta itemprop="datePublished" content="{e.iso}"><h2 itemprop="headline">{e.title}</h2><div itemprop="articleBody">{e.html}</div></article>'
        for e in told
    )
    return told_in("blog-postings", "", rows, told, asked=TOLD, exact=True)


def linked_clock():
    told = entries(8, whole=True, ids="{n}")
    rows = "".join(
        f'<div class="row" id="m{e.id}"><a class="permalink" href="#m{e.id}">{e.local(PARIS):%Hh%M}</a><p><b>{e.title}</b></p>{e.html}</div>'
        for e in told
    )
    return told_in("linked-clock", PARIS, rows, told, title="Tempête, en direct", language="fr", head=published(told, PARIS), asked=TOLD)  # fmt: skip


def summary_above():
    told = without(entries(8, whole=True), id=None)
    rows = "".join(
        f'<div class="u"><p class="t">{e.local(LONDON):%H:%M}</p><h3>{e.title}</h3>{e.html}</div>'
        for e in told
    )
    top = '<div class="sum"><h2>What we know so far</h2><ul><li>Two cranes stand still</li><li>The ferry turned back</li></ul></div><p class="intro">Follow our live coverage of the storm at the harbour, with reports from the quay.</p>'
    return told_in("summary-above", LONDON, rows, told, head=published(told, LONDON), around=top + '<div class="us">{}</div>', asked=TOLD)  # fmt: skip


def oldest_first_ids():
    told = entries(8, ids="{n}")[::-1]
    rows = "".join(
        f'<li class="evt" data-id="{e.id}"><time datetime="{e.iso}">{e.at:%H:%M}</time> <strong>{e.title}</strong> {e.html}</li>'
        for e in told
    )
    return told_in("oldest-ids", "", rows, told, around='<ol class="timeline-live">{}</ol>', exact=True)  # fmt: skip


def key_labels(language, label, name):
    def made():
        told = [
            replace(e, key=n in {1, 4})
            for n, e in enumerate(entries(8, "en" if language == "es" else language, ids="a9{n}"))
        ]
        rows = "".join(
            f'<article class="live-entry" id="{e.id}"><time datetime="{e.iso}">{e.at:%H:%M}</time>{f"<span class=tag>{label}</span>" if e.key else ""}<h3>{e.title}</h3>{e.html}</article>'
            for e in told
        )
        return told_in(name, "", rows, told, language=language, asked=NAMED | {"key"}, exact=True)

    return made


def next_payload():
    """Print a page as Next.js streams it: the entries are in its script alone."""
    told = entries(8, ids="u{n}")
    posts = [
        {"id": e.id, "title": e.title, "body": e.html, "publishedAt": e.iso, "author": e.author}
        for e in told
    ]
    chunk = "5:" + json.dumps(["$", "$L1", None, {"liveBlog": {"posts": posts}}]) + "\n"
    script = f"<script>self.__next_f.push([1,{json.dumps(chunk)}])</script>"
    url = "https://www.next-payload.example/live/storm"
    body = f'<h1>Storm live</h1><div id="app"></div>{script}'
    return Story("next-payload", url, page("Storm live", body, url=url), told)


def details_entries():
    told = without(entries(8), id=None)
    rows = "".join(
        f'<div class="post"><time datetime="{e.iso}">{e.at:%H:%M}</time><h3>{e.title}</h3>{e.html}<details><summary>Read more</summary><p>More of it below the fold.</p></details></div>'
        for e in told
    )
    return told_in("details", "", rows, told, asked=TOLD, exact=True)


def amp_without_list():
    told = without(entries(8, whole=True), id=None)
    rows = "".join(
        f'<div class="lb-item"><amp-timeago layout="fixed" width="160" height="20" datetime="{e.iso}" locale="en">{e.at:%H:%M}</amp-timeago><h3>{e.title}</h3>{e.html}</div>'
        for e in told
    )
    return told_in("amp-timeago", "", rows, told, asked=TOLD)


def day_tabs():
    told = without(entries(9, "de", whole=True, step=9), id=None)
    groups, rows = {}, ""
    for e in told:
        groups.setdefault(e.local(BERLIN).date(), []).append(e)
    for day, some in groups.items():
        inner = "".join(
            f'<li><p class="z">{e.local(BERLIN):%H:%M}</p><div><h4>{e.title}</h4>{e.html}</div></li>'
            for e in some
        )
        rows += f'<section class="tag"><h3>{day.day}.{day.month}.</h3><ul>{inner}</ul></section>'
    return told_in("day-tabs", BERLIN, rows, told, title="Newsblog: Sturm am Hafen", language="de", head=published(told, BERLIN), asked=TOLD)  # fmt: skip


def seconds_ago():
    told = [replace(e, id=None) for e in entries(8, whole=True)]
    rows = "".join(
        f'<div class="p"><abbr class="livetimestamp" title="{e.local(LONDON):%A, %-d %B %Y %H:%M}" data-utime="{e.epoch}">x</abbr><h3>{e.title}</h3>{e.html}</div>'
        for e in told
    )
    return told_in("utime", LONDON, rows, told, asked=TOLD)


THIRD = (
    flat_pairs,
    clock_behind_title,
    small_behind_title,
    update_from,
    wire_times,
    portuguese_minutes,
    argentine_hours,
    today_and_yesterday,
    attribute_with_date,
    labelled_sections,
    blog_postings,
    linked_clock,
    summary_above,
    oldest_first_ids,
    key_labels("de", "Schlüsselmoment", "key-de"),
    key_labels("fr", "Moment clé", "key-fr"),
    key_labels("en", "Key moment", "key-en"),
    key_labels("es", "Clave", "key-es"),
    next_payload,
    details_entries,
    amp_without_list,
    day_tabs,
    seconds_ago,
)
