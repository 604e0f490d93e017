# ruff: noqa: E501 - markup as newsrooms have it
"""Live blogs of invented publishers, in as many shapes as newsrooms use."""

from dataclasses import replace
from datetime import timedelta
from html import escape

from stories import NEWEST, Story, entries, page, without

ALL = frozenset({"id", "title", "published", "text"})
IDLESS = ALL
HEAD = '<meta property="article:modified_time" content="2026-11-18T15:50:00+00:00"><meta property="article:published_time" content="2026-11-18T06:00:00+00:00">'


def list_items():
    url = "https://www.pier-post.example/live/harbour-storm"
    told = entries(9)
    rows = "".join(
        f'<li class="update" data-id="{e.id}"><p class="meta"><time datetime="{e.iso}">{e.at:%H:%M}</time> <span class="author">{e.author}</span></p><h3>{e.title}</h3>{e.html}</li>'
        for e in told
    )
    return Story(
        "list-items",
        url,
        page(
            "Harbour storm: live updates",
            f'<h1>Harbour storm: live updates</h1><ul class="updates">{rows}</ul>',
            url=url,
        ),
        told,
    )


def div_soup():
    url = "https://www.anchor-daily.example/news/storm-live-updates-2026"
    told = without(entries(8), id=None)
    rows = "".join(
        f'<div class="x1a"><div class="b7"><div class="c"><span class="q" data-time="{e.epoch}">{e.at:%H:%M}</span></div></div><div class="z9"><div class="x-title">{e.title}</div><div class="k"><div>{e.words}</div></div></div></div>'
        for e in told
    )
    return Story(
        "div-soup",
        url,
        page(
            "Storm: live updates",
            f'<h1>Storm: live updates</h1><div class="p0"><div class="p1">{rows}</div></div>',
            url=url,
        ),
        told,
    )


def definition_list():
    url = "https://www.mole-zeitung.example/hafen/liveticker-sturm"
    told = without(entries(8, "de", whole=True), id=None)
    rows = "".join(
        f"<dt>{e.local('Europe/Berlin'):%H:%M} Uhr</dt><dd><h4>{e.title}</h4>{e.html}</dd>"
        for e in told
    )
    return Story(
        "definition-list",
        url,
        page(
            "Liveticker: Sturm am Hafen",
            f"<h1>Liveticker: Sturm am Hafen</h1><dl class='ticker'>{rows}</dl>",
            head=HEAD,
            language="de",
            url=url,
        ),
        told,
        zone="Europe/Berlin",
        to_the_minute=True,
    )


def table_rows():
    url = "https://www.kaipost.example/sturm/liveticker"
    told = without(entries(9, "de", whole=True), id=None, title="")
    rows = "".join(
        f"<tr><td class='time'>{e.local('Europe/Berlin'):%H:%M}</td><td>{e.words}</td></tr>"
        for e in told
    )
    return Story(
        "table",
        url,
        page(
            "Liveticker zum Sturm",
            f"<h1>Liveticker zum Sturm</h1><table class='liveticker'><tbody>{rows}</tbody></table>",
            head=HEAD,
            language="de",
            url=url,
        ),
        told,
        zone="Europe/Berlin",
        to_the_minute=True,
    )


def sections():
    url = "https://www.lagoon-news.example/en-direct/tempete"
    told = entries(8, "fr", ids="p{n}")
    rows = "".join(
        f'<section id="{e.id}"><header><time datetime="{e.local("Europe/Paris").isoformat()}">{e.local("Europe/Paris"):%Hh%M}</time><h2>{e.title}</h2></header>{e.html}<footer><a href="#share">Partager</a></footer></section>'
        for e in told
    )
    return Story(
        "sections",
        url,
        page(
            "Tempête : suivez notre direct",
            f"<h1>Tempête : suivez notre direct</h1><div class='direct'>{rows}</div>",
            language="fr",
            url=url,
        ),
        told,
    )


def web_components():
    url = "https://www.tidewater.example/live/storm"
    told = entries(8, ids="tw-{hex}")
    rows = "".join(
        f'<tide-entry entry-id="{e.id}" id="{e.id}"><template shadowrootmode="open"><article><relative-time datetime="{e.iso}">{5 + n} minutes ago</relative-time><h3>{e.title}</h3><div class="body">{e.html}</div></article></template></tide-entry>'
        for n, e in enumerate(told)
    )
    return Story(
        "web-components",
        url,
        page("Storm live", f"<h1>Storm live</h1><tide-live-feed>{rows}</tide-live-feed>", url=url),
        told,
    )


def slots():
    url = "https://www.tidewater.example/live/storm-2"
    told = entries(8, ids="tw-{hex}")
    rows = "".join(
        f'<live-update id="{e.id}"><template shadowrootmode="open"><slot name="time"></slot><slot name="title"></slot><slot></slot></template><relative-time slot="time" datetime="{e.iso}">vor {5 + n} Minuten</relative-time><h3 slot="title">{e.title}</h3>{e.html}</live-update>'
        for n, e in enumerate(told)
    )
    return Story(
        "slots",
        url,
        page("Storm live", f"<h1>Storm live</h1><live-feed>{rows}</live-feed>", url=url),
        told,
    )


def scripted(language, title, name, live):
    def made():
        url = f"https://www.{name}.example/{live}/harbour"
        told = entries(8, language, ids="n{n}")
        rows = "".join(
            f'<div class="update-item" id="{e.id}"><time datetime="{e.iso}">{e.at:%H:%M}</time><h3>{e.title}</h3>{e.html}</div>'
            for e in told
        )
        return Story(
            name,
            url,
            page(
                title,
                f"<h1>{title}</h1><div class='updates-list'>{rows}</div>",
                language=language,
                url=url,
            ),
            told,
        )

    return made


def scripted_clock(language, title, name, zone):
    def made():
        url = f"https://www.{name}.example/news/4711"
        told = without(entries(8, language, whole=True), id=None)
        rows = "".join(f"<h3>{e.local(zone):%H:%M} {e.title}</h3><p>{e.words}</p>" for e in told)
        return Story(
            name,
            url,
            page(
                title,
                f"<article><h1>{title}</h1>{rows}</article>",
                language=language,
                head=HEAD,
                url=url,
            ),
            told,
            zone=zone,
            to_the_minute=True,
        )

    return made


def oldest_first():
    url = "https://www.ebb-flow.example/live-blog/storm"
    told = tuple(reversed(entries(8, ids="u-{n}")))
    rows = "".join(
        f'<article class="live-post" id="{e.id}"><time datetime="{e.iso}"></time><h3>{e.title}</h3>{e.html}</article>'
        for e in told
    )
    return Story(
        "oldest-first",
        url,
        page("Storm, as it happened", f"<h1>Storm, as it happened</h1><div>{rows}</div>", url=url),
        told,
    )


def days_above():
    url = "https://www.harbour-herald.example/rolling-coverage/storm"
    told = without(entries(12, whole=True, step=8), id=None)
    rows, day = [], None
    for e in told:
        if e.at.date() != day:
            day = e.at.date()
            rows.append(f"<h2>{day:%A, %B %-d}</h2>")
        rows.append(
            f'<div class="note"><span class="clock">{e.at:%-I:%M %p}</span><h3>{e.title}</h3>{e.html}</div>'
        )
    return Story(
        "days-above",
        url,
        page(
            "Storm: rolling live coverage",
            f"<h1>Storm: rolling live coverage</h1><div class='notes'>{''.join(rows)}</div>",
            head=HEAD,
            url=url,
        ),
        told,
        zone="UTC",
        to_the_minute=True,
    )


def relative(language, title, say, name):
    def made():
        url = f"https://www.{name}.example/live/storm"
        fetched = NEWEST + timedelta(minutes=20)
        told = entries(8, language, whole=True, ids="r{n}")
        rows = "".join(
            f'<div class="live-item" data-post-id="{e.id}"><span class="ago">{say(int((fetched - e.at).total_seconds() // 60))}</span><h3>{e.title}</h3>{e.html}</div>'
            for e in told
        )
        return Story(
            name,
            url,
            page(
                title,
                f"<h1>{title}</h1><div class='live-items'>{rows}</div>",
                language=language,
                url=url,
            ),
            told,
            fetched_at=fetched,
            asked=ALL - {"published"},
        )

    return made


def ago_en(minutes):
    return f"{minutes}m ago" if minutes < 60 else f"{minutes // 60}h ago"


def ago_de(minutes):
    return (
        f"vor {minutes} Minuten"
        if minutes < 60
        else f"vor {minutes // 60} Stunde{'n' if minutes >= 120 else ''}"
    )


def ago_fr(minutes):
    return f"il y a {minutes} min" if minutes < 60 else f"il y a {minutes // 60} h"


def twelve_hours():
    url = "https://www.bay-bugle.example/live/storm-updates"
    told = without(entries(9, whole=True, step=3), id=None)
    rows = "".join(
        f'<div class="entry"><p class="time">{e.local("America/New_York"):%-I:%M %p} ET</p><h3>{e.title}</h3>{e.html}</div>'
        for e in told
    )
    return Story(
        "twelve-hours",
        url,
        page(
            "Storm live updates",
            f"<h1>Storm live updates</h1><div class='entries'>{rows}</div>",
            head=HEAD,
            url=url,
        ),
        told,
        to_the_minute=True,
    )


def relative_time_element():
    url = "https://www.code-coast.example/live/storm"
    told = without(entries(8), id=None)
    rows = "".join(
        f'<article class="live-entry"><relative-time datetime="{e.iso}" prefix="">on Nov 18</relative-time><h3>{e.title}</h3>{e.html}</article>'
        for e in told
    )
    return Story(
        "relative-time-element",
        url,
        page("Storm live", f"<h1>Storm live</h1><div class='live'>{rows}</div>", url=url),
        told,
    )


def unix_attributes():
    url = "https://www.epoch-times-not.example/liveblog/storm"
    told = entries(8, ids="{n}")
    rows = "".join(
        f'<div class="lb-item" data-key="{e.id}" data-ts="{e.epoch}"><div class="lb-item__head">{e.title}</div><div class="lb-item__body">{e.html}</div></div>'
        for e in told
    )
    return Story(
        "unix-attributes",
        url,
        page("Storm liveblog", f"<h1>Storm liveblog</h1><div class='lb'>{rows}</div>", url=url),
        told,
    )


def milliseconds():
    url = "https://www.milli.example/ticker/storm"
    told = entries(8, ids="{n}")
    rows = "".join(
        f'<div class="ticker-entry" id="entry-{e.id}" data-created="{e.epoch}000"><h4>{e.title}</h4>{e.html}</div>'
        for e in told
    )
    return Story(
        "milliseconds",
        url,
        page("Storm ticker", f"<h1>Storm ticker</h1><div class='ticker'>{rows}</div>", url=url),
        told,
    )


def no_ids():
    url = "https://www.nameless.example/live/storm"
    told = without(entries(9), id=None)
    rows = "".join(
        f'<article class="live-update"><time datetime="{e.iso}">{e.at:%H:%M}</time><h2>{e.title}</h2>{e.html}</article>'
        for e in told
    )
    return Story(
        "no-ids",
        url,
        page("Storm live", f"<h1>Storm live</h1><div class='live-updates'>{rows}</div>", url=url),
        told,
    )


def permalinks():
    url = "https://www.perma.example/live/storm"
    told = [replace(e, id=f"e{e.id}") for e in entries(8)]
    rows = "".join(
        f'<div class="live-entry"><a class="permalink" href="{url}#{e.id}"><time datetime="{e.iso}">{e.at:%H:%M}</time></a><h2>{e.title}</h2>{e.html}</div>'
        for e in told
    )
    return Story(
        "permalinks",
        url,
        page("Storm live", f"<h1>Storm live</h1><div class='live-entries'>{rows}</div>", url=url),
        tuple(told),
    )


def local_clock_attribute():
    url = "https://www.localtime.example/direkte/storm"
    told = entries(8, ids="s{n}", whole=True)
    rows = "".join(
        f'<article class="studio-post" id="{e.id}"><time datetime="{e.local("Europe/Oslo"):%Y-%m-%dT%H:%M}">{e.local("Europe/Oslo"):%H.%M}</time><h3>{e.title}</h3>{e.html}</article>'
        for e in told
    )
    head = '<meta property="article:modified_time" content="2026-11-18T16:50:00+01:00">'
    return Story(
        "local-attribute",
        url,
        page(
            "Storm direkte",
            f"<h1>Storm direkte</h1><div class='studio'>{rows}</div>",
            head=head,
            language="nb",
            url=url,
        ),
        told,
    )


def false_z():
    url = "https://www.zulu.example/liveticker/sturm"
    told = entries(8, "de", ids="z{n}", whole=True)
    rows = "".join(
        f'<article class="ticker-post" id="{e.id}"><time datetime="{e.local("Europe/Berlin"):%Y-%m-%dT%H:%MZ}">{e.local("Europe/Berlin"):%H:%M}</time><h3>{e.title}</h3>{e.html}</article>'
        for e in told
    )
    return Story(
        "false-z",
        url,
        page(
            "Sturm im Liveticker",
            f"<h1>Sturm im Liveticker</h1><div class='ticker'>{rows}</div>",
            language="de-DE",
            url=url,
        ),
        told,
        zone="Europe/Berlin",
        fetched_at=NEWEST + timedelta(minutes=9),
    )


def pinned_and_key():
    url = "https://www.pinboard.example/live/storm"
    told = [replace(e, key=n in {2, 4}) for n, e in enumerate(entries(8, ids="k{n}"))]
    told = [replace(told[5], pinned=True), *told[:5], *told[6:]]
    rows = "".join(
        f'<div class="live-blog-post {"is-pinned" if e.pinned else ""}" id="{e.id}" data-key-event="{str(e.key).lower()}"><time datetime="{e.iso}">{e.at:%H:%M}</time><h3>{e.title}</h3>{e.html}</div>'
        for e in told
    )
    return Story(
        "pinned-and-key",
        url,
        page("Storm live", f"<h1>Storm live</h1><div class='live-blog'>{rows}</div>", url=url),
        tuple(told),
        asked=ALL | {"key", "pinned"},
    )


def indexed():
    url = "https://www.summit-sun.example/live/storm"
    told = [replace(e, key=n in {1, 4}) for n, e in enumerate(entries(8, ids="i{n}"))]
    index = "".join(f'<li><a href="#{e.id}">{e.title}</a></li>' for e in told if e.key)
    rows = "".join(
        f'<div class="live-blog-post" id="{e.id}"><time datetime="{e.iso}">{e.at:%H:%M}</time><h3>{e.title}</h3>{e.html}</div>'
        for e in told
    )
    return Story(
        "indexed",
        url,
        page(
            "Storm live",
            f"<h1>Storm live</h1><div class='summary'><h2>Key events</h2><ul>{index}</ul></div><div class='live-blog'>{rows}</div>",
            url=url,
        ),
        tuple(told),
        asked=ALL | {"key"},
    )


def comments_below():
    story = no_ids()
    comments = "".join(
        f'<div class="comment" id="c{n}"><b>reader{n}</b> <time datetime="2026-11-18T15:{n:02}:00Z">x</time><p>I saw the crane stop with my own eyes, and it was loud.</p></div>'
        for n in range(30)
    )
    html = story.html.replace(
        "</main>", f'<section class="comments"><h2>Comments</h2>{comments}</section></main>'
    )
    return replace(story, name="comments-below", html=html)


def advertisements_between():
    story = permalinks()
    html = story.html.replace(
        '<div class="live-entry">',
        '<div class="ad-slot"><p>Advertisement</p></div><div class="live-entry">',
    )
    return replace(story, name="advertisements-between", html=html)


def days_as_sections():
    url = "https://www.daybook.example/liveblog/storm"
    told = entries(12, ids="d{n}", step=8)
    rows, day = [], None
    for e in told:
        if e.at.date() != day:
            rows.append(
                ("</section>" if day else "") + f"<section class='day'><h2>{e.at:%d %B %Y}</h2>"
            )
            day = e.at.date()
        rows.append(
            f'<article id="{e.id}" class="post"><time datetime="{e.iso}">{e.at:%H:%M}</time><h3>{e.title}</h3>{e.html}</article>'
        )
    return Story(
        "days-as-sections",
        url,
        page(
            "Storm liveblog",
            f"<h1>Storm liveblog</h1><div class='timeline'>{''.join(rows)}</section></div>",
            url=url,
        ),
        told,
    )


def untitled_notes():
    url = "https://www.short-notes.example/live/storm"
    told = [replace(e, title="") for e in entries(10, ids="note-{n}")]
    rows = "".join(
        f'<div class="live-note" id="{e.id}"><span class="by">{e.author}</span><time datetime="{e.iso}">{e.at:%H:%M}</time>{e.html}</div>'
        for e in told
    )
    return Story(
        "untitled",
        url,
        page("Storm live", f"<h1>Storm live</h1>{rows}", url=url),
        tuple(replace(e, id=e.id.removeprefix("note-")) for e in told),
        asked=ALL - {"id"},
    )


def bold_clock_paragraphs():
    url = "https://www.riverbank.example/news/storm-updates-live"
    told = without(entries(9, whole=True, step=3), id=None, title="")
    rows = "".join(
        f"<p><strong>{e.at:%-I.%M%p}:</strong> {e.words}</p>".replace("AM:", "am:").replace(
            "PM:", "pm:"
        )
        for e in told
    )
    return Story(
        "bold-clock",
        url,
        page(
            "Storm updates live",
            f"<article><h1>Storm updates live</h1>{rows}</article>",
            head=HEAD,
            language="en-GB",
            url=url,
        ),
        told,
        zone="UTC",
        to_the_minute=True,
    )


def spans_with_clock_and_date():
    url = "https://www.glockenblatt.example/newsblog/sturm"
    told = entries(8, "de", whole=True, ids="nb{n}")
    rows = "".join(
        f'<div class="newsblog-item" id="{e.id}"><span class="newsblog-item__date">{e.local("Europe/Berlin"):%d.%m.%Y, %H:%M} Uhr</span><h3>{e.title}</h3>{e.html}</div>'
        for e in told
    )
    return Story(
        "clock-and-date",
        url,
        page(
            "Newsblog zum Sturm",
            f"<h1>Newsblog zum Sturm</h1><div class='newsblog'>{rows}</div>",
            language="de",
            url=url,
        ),
        told,
        zone="Europe/Berlin",
        to_the_minute=True,
        asked=ALL,
    )


def escaped_in_state():
    url = "https://www.doubly.example/live/storm"
    told = without(entries(7), id=None)
    updates = ",".join(
        f'{{"@type":"BlogPosting","headline":"{e.title}","datePublished":"{e.iso}","articleBody":"{escape(escape(e.html))}"}}'
        for e in told
    )
    ld = f'<script type="application/ld+json">[{{"@context":"https://schema.org","@type":["LiveBlogPosting"],"name":"Storm","mainEntityOfPage":{{"@id":"{url}"}},"liveBlogUpdate":[{updates}]}}]</script>'
    return Story(
        "escaped-twice", url, page("Storm live", "<h1>Storm live</h1>", head=ld, url=url), told
    )


INVENTED = (
    list_items, div_soup, definition_list, table_rows, sections, web_components, slots,
    scripted("ar", "عاصفة الميناء: تغطية مباشرة", "mina-arabic", "live"),
    scripted("he", "סערה בנמל: עדכונים שוטפים", "namal-hebrew", "updates"),
    scripted("ja", "港の嵐 ライブ更新", "minato-japanese", "news"),
    scripted("ru", "Шторм в порту: онлайн", "port-russian", "online"),
    scripted_clock("ru", "Шторм в порту. Онлайн-трансляция", "port-clock", "Europe/Moscow"),
    scripted_clock("ja", "港の嵐 速報ライブ", "minato-clock", "Asia/Tokyo"),
    scripted_clock("ar", "عاصفة الميناء لحظة بلحظة", "mina-clock", "Asia/Riyadh"),
    oldest_first, days_above,
    relative("en", "Storm live", ago_en, "ago-english"), relative("de", "Sturm im Liveticker", ago_de, "ago-german"),
    relative("fr", "Tempête en direct", ago_fr, "ago-french"),
    twelve_hours, relative_time_element, unix_attributes, milliseconds, no_ids, permalinks, local_clock_attribute,
    false_z, pinned_and_key, indexed, comments_below, advertisements_between, days_as_sections, untitled_notes,
    bold_clock_paragraphs, spans_with_clock_and_date, escaped_in_state,
)  # fmt: skip
