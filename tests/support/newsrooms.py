# ruff: noqa: E501 - markup as newsrooms have it
"""Pages like those of known publishers: their hooks and traps, with words of our own."""

import json
from dataclasses import replace
from datetime import timedelta
from html import escape

from stories import NEWEST, Story, entries, page, without

ALL = frozenset({"id", "title", "published", "text"})
FLAGGED = ALL | {"key", "pinned"}


def linked(told, address, /, **fields):
    """Return a live blog's JSON-LD."""
    updates = [
        {
            "@type": "BlogPosting",
            **{name: make(each) for name, make in fields.items() if make(each) is not None},
        }
        for each in told
    ]
    blog = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "headline": "Storm at the harbour: live updates",
        "url": address,
        "datePublished": told[-1].iso,
        "dateModified": told[0].iso,
        "coverageStartTime": told[-1].iso,
        "liveBlogUpdate": updates,
    }
    return f'<script type="application/ld+json">{json.dumps(blog)}</script>'


def new_york_times():
    url = "https://www.nytimes.com/live/2026/11/18/world/harbour-storm"
    told = [
        replace(e, id=f"harbour-{e.epoch % 7919}", title="" if n % 3 == 1 else e.title)
        for n, e in enumerate(entries(9))
    ]
    told[0] = replace(told[0], pinned=True)
    blocks = "".join(
        f"""<div role="article" aria-posinset="{n + 1}" aria-setsize="40" class="css-1xk">
        <div data-testid="{"live-blog-post" if e.title else "reporter-update"}" data-url="{url}#{e.id}" id="{e.id}">
        <div class="css-h1">{"<span>Pinned</span>" if e.pinned else ""}<div class="css-tt"><time datetime="{e.iso}">{e.local("America/New_York"):%b. %d, %Y, %I:%M %p} ET</time></div></div>
        {f'<h2 class="css-9">{e.title}</h2>' if e.title else ""}
        <div data-testid="live-blog-byline"><a href="/by/x">{e.author}</a></div>
        {'<figure><span class="css-v">Image</span><img src="https://static.nyt.example/p.jpg" alt="A quay"><figcaption><span>The quay at noon.</span><span class="css-c">Credit...</span><span>Kim Ngo</span></figcaption></figure>' if n == 2 else ""}
        <div class="live-blog-post-content">{e.html}</div></div></div>"""
        for n, e in enumerate(told)
    )
    ld = linked(
        told[:4],
        url,
        headline=lambda e: e.title or None,
        datePublished=lambda e: e.iso,
        url=lambda e: f"{url}#{e.id}",
    )
    body = f'<h1>Storm at the harbour</h1><section id="live-feed-items">{blocks}</section>'
    return Story(
        "nyt", url, page("Storm at the harbour", body, head=ld, url=url), tuple(told), asked=FLAGGED
    )


def new_york_times_alone():
    story = new_york_times()
    html = story.html.replace("LiveBlogPosting", "NewsArticle")
    return replace(story, name="nyt-dom", html=html)


def cnn():
    url = "https://edition.cnn.com/world/live-news/harbour-storm-11-18-26"
    told = entries(8, ids="h_{hex}")
    blocks = "".join(
        f"""<article id="{e.id}" class="live-story-post liveStoryPost" data-post-id="{e.id}" data-last-updated="{(e.at + timedelta(minutes=3)).isoformat()}">
        <h2 class="live-story-post__headline"></h2><div class="live-story-post__byline">From CNN's {e.author}</div>
        <span class="live-story-post__time"></span><div class="live-story-post__content">{e.html.replace("<p>", '<p class="paragraph inline-placeholder">')}</div></article>"""
        for e in told
    )
    ld = linked(
        told,
        url,
        headline=lambda e: e.title,
        datePublished=lambda e: e.iso,
        url=lambda e: f"{url}#{e.id}",
        articleBody=lambda e: e.words.replace("’", "�"),
    )
    body = f'<h1>Storm at the harbour</h1><div class="live-story__items-container" data-initial-count="8">{blocks}</div>'
    return Story("cnn", url, page("Storm at the harbour", body, head=ld, url=url), told)


def cnn_buttons():
    url = "https://www.cnn.com/us/live-news/harbour-storm-10-30-23/index.html"
    told = without(entries(7, whole=True), id=None)
    blocks = "".join(
        f"""<article class="sc-b {n}"><header><span class="sc-k">{e.local("America/New_York"):%-I:%M} {e.local("America/New_York"):%p}. ET, {e.local("America/New_York"):%B %-d, %Y}</span>
        <h2 class="sc-h">{e.title}</h2><p class="sc-byline">From CNN's {e.author}</p></header><div class="sc-c">{e.html}</div></article>""".replace(
            "AM.", "a.m."
        ).replace("PM.", "p.m.")
        for n, e in enumerate(told)
    )
    body = f'<h1>Live updates: storm at the harbour</h1><div id="posts-and-button"><div class="posts">{blocks}</div><button>Show more</button></div>'
    return Story(
        "cnn-buttons",
        url,
        page("Live updates: storm at the harbour", body, url=url),
        told,
        zone="America/New_York",
        to_the_minute=True,
    )


def associated_press():
    url = "https://apnews.com/live/harbour-storm-updates-11-18-2026"
    told = entries(9, ids="0000019{hex}")
    rows, day = [], None
    for e in told:
        if e.at.date() != day:
            day = e.at.date()
            rows.append(f'<h3 class="LiveBlogPage-dateGroup">{day:%B %-d, %Y}</h3>')
        rows.append(
            f"""<bsp-liveblog-post class="LiveBlogPost" data-post-id="{e.id}" data-posted-date-timestamp="{e.epoch}000" id="{e.id}">
            <div class="LiveBlogPost-time"><bsp-timestamp data-timestamp="{e.epoch}000"></bsp-timestamp></div>
            <h2 class="LiveBlogPost-headline">{e.title}</h2><div class="LiveBlogPost-byline">By {e.author}</div>
            <div class="LiveBlogPost-body"><div class="RichTextStoryBody">{e.html}<bsp-copy-link data-link="{url}#{e.id}"></bsp-copy-link></div></div></bsp-liveblog-post>"""
        )
    ld = linked(
        told,
        url,
        headline=lambda e: e.title,
        datePublished=lambda e: e.iso,
        url=lambda e: f"{url}#{e.id}",
        articleBody=lambda e: f"<bsp-x>{e.words}</bsp-x>",
    )
    body = (
        f'<h1>Live updates: storm</h1><div class="LiveBlogPage-currentPosts">{"".join(rows)}</div>'
    )
    return Story("ap", url, page("Live updates: storm", body, head=ld, url=url), told)


def le_monde():
    url = "https://www.lemonde.fr/planete/live/2026/11/18/tempete-au-port-suivez-le-direct_6402_3244.html"
    told = [replace(e, key=n == 3) for n, e in enumerate(entries(8, "fr", whole=True, ids="41{n}"))]
    blocks = "".join(
        f"""<section class="post post__live-container {"post__live-container--essential" if e.key else ""}" data-post-id="{e.id}" id="id-{e.id}">
        <span class="date">{e.local("Europe/Paris"):%H:%M}</span>{'<span class="flag">L’essentiel</span>' if e.key else ""}
        <h2 class="post__live-container--title">{e.title}</h2><div class="content--live">{e.html}
        {'<blockquote class="post__live-container--comment-blockquote"><p>Le port est-il ouvert ?</p></blockquote><p class="post__live-container--answer-text">Pas encore, répond la capitainerie.</p>' if n == 4 else ""}</div></section>"""
        for n, e in enumerate(told)
    )
    head = '<meta property="article:published_time" content="2026-11-18T06:10:00+01:00"><meta property="og:article:modified_time" content="2026-11-18T16:44:00+01:00">'
    body = f'<h1>Tempête au port : suivez le direct</h1><section id="post-container">{blocks}</section>'
    return Story(
        "lemonde",
        url,
        page("Tempête au port", body, head=head, language="fr", url=url),
        tuple(told),
        zone="Europe/Paris",
        to_the_minute=True,
        asked=ALL | {"key"},
    )


def tagesschau():
    url = "https://www.tagesschau.de/newsticker/liveblog-hafen-mittwoch-112.html"
    told = entries(9, "de", whole=True, ids="Titel-{n}")
    rows = "".join(
        f"""<div class="liveblog--anchor" id="{e.id}"></div><div class="liveblog__datetime">{e.local("Europe/Berlin"):{"%d.%m.%Y • " if n else ""}%H:%M Uhr}</div>
        <h2 class="meldung__subhead">{e.title}</h2><p class="textabsatz">{e.words}</p>{'<ul class="liste"><li>Erster Punkt</li><li>Zweiter Punkt</li></ul>' if n == 2 else ""}"""
        for n, e in enumerate(told)
    )
    head = '<meta name="date" content="2026-11-18T16:45:00">'
    body = f'<h1>Liveblog: Sturm am Hafen</h1><p class="metatextline">Stand: 18.11.2026 16:45 Uhr</p><article class="container">{rows}</article>'
    return Story(
        "tagesschau",
        url,
        page("Liveblog: Sturm am Hafen", body, head=head, language="de", url=url),
        told,
        zone="Europe/Berlin",
        to_the_minute=True,
    )


def la_repubblica():
    url = "https://www.repubblica.it/esteri/2026/11/18/diretta/tempesta_porto-424/"
    told = [
        replace(
            e,
            id=f"424110_event{90 - n}",
            key=n in {1, 5},
            more="<em>Sul molo</em> si attende." if n == 2 else "",
        )
        for n, e in enumerate(entries(9))
    ]
    blocks = "".join(
        f"""<section class="liveblog__post" id="{e.id}"><time class="liveblog__post__pubdate" datetime="{e.local("Europe/Rome"):%Y-%m-%dT%H:%MZ}">{e.local("Europe/Rome"):%H:%M}</time>
        <h2 class="liveblog__post__title"><p>{e.title}</p></h2><div class="liveblog__post__body">{e.html}</div></section>"""
        for e in told
    )
    index = "".join(f'<li><a href="#{e.id}">{e.title}</a></li>' for e in told if e.key)
    ld = linked(
        told,
        url,
        headline=lambda e: e.title,
        datePublished=lambda e: e.iso,
        articleBody=lambda e: f"{escape(escape(e.html))}[[ge:rep:1]]",
    )
    body = f'<h1>Tempesta, la diretta</h1><div class="liveblog__index"><h3 class="liveblog__index__title">Punti chiave</h3><ul class="liveblog__index__list">{index}</ul></div>{blocks}'
    return Story(
        "repubblica",
        url,
        page("Tempesta, la diretta", body, head=ld, language="it", url=url),
        tuple(told),
        asked=ALL | {"key"},
    )


def zdf():
    url = "https://www.zdfheute.de/politik/hafen-sturm-liveblog-100.html"
    told = without(entries(20, "de"), id=None)
    ld = linked(
        told,
        url,
        headline=lambda e: e.title,
        datePublished=lambda e: e.local("Europe/Berlin").isoformat(),
        articleBody=lambda e: e.words,
    )
    return Story(
        "zdf",
        url,
        page(
            "Sturm am Hafen",
            '<h1>Sturm am Hafen</h1><div class="lb-app"></div>',
            head=ld,
            language="de",
            url=url,
        ),
        told,
    )


def sky():
    url = "https://news.sky.com/story/harbour-storm-latest-12541713"
    told = [
        replace(e, id=str(7_110_000 + e.epoch % 90_000), key=n in {0, 4})
        for n, e in enumerate(entries(10))
    ]
    ld = linked(
        told,
        url,
        headline=lambda e: e.title,
        datePublished=lambda e: e.iso,
        url=lambda e: f"{url}#{e.id}",
        articleBody=lambda e: escape(e.html),
        author=lambda _: {"@type": "Organization", "name": "Sky"},
    )
    points = "".join(
        f'<li><a href="{url}?postid={e.id}#liveblog-body">{e.title}</a></li>' for e in told if e.key
    )
    body = f"<h1>Harbour storm latest</h1><div><h5>Key points</h5><ul>{points}</ul></div>"
    return Story(
        "sky",
        url,
        page("Harbour storm latest", body, head=ld, url=url),
        tuple(told),
        asked=ALL | {"key"},
    )


def nbc():
    url = "https://www.nbcnews.com/news/world/live-blog/live-updates-harbour-rcna155000"
    told = [replace(e, id=f"rcrd{40_000 - n}") for n, e in enumerate(entries(8))]
    ld = linked(
        told,
        url,
        headline=lambda e: e.title,
        datePublished=lambda e: e.iso,
        dateModified=lambda e: (e.at + timedelta(minutes=2)).isoformat(),
        url=lambda e: f"{url}#{e.id}",
        articleBody=lambda e: e.words,
        author=lambda e: [{"@type": "Person", "name": e.author}],
    )
    return Story(
        "nbc",
        url,
        page("Live updates", "<h1>Live updates</h1><p>Loading…</p>", head=ld, url=url),
        tuple(told),
    )


def cbs():
    url = "https://www.cbsnews.com/live-updates/harbour-storm-2026-11-18/"
    told = [replace(e, id=f"update-{e.epoch}") for e in entries(6)]
    ld = linked(
        told,
        url,
        headline=lambda e: e.title,
        datePublished=lambda e: e.local("America/New_York").isoformat(),
        url=lambda e: f"{url}#{e.id}",
        articleBody=lambda e: e.words,
    )
    news = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": "Storm",
            "url": url,
            "datePublished": told[-1].iso,
        }
    )
    return Story(
        "cbs",
        url,
        page(
            "Storm",
            "<h1>Storm</h1>",
            head=f'<script type="application/ld+json">{news}</script>{ld}',
            url=url,
        ),
        tuple(told),
    )


def abc():
    url = "https://abcnews.go.com/International/live-updates/harbour-storm/?id=115"
    blog = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "LiveBlogPosting",
            "headline": "Storm",
            "url": url,
        }
    )
    body = '<h1>Harbour live updates</h1><div id="live-blog-root"></div><p>Latest headlines</p>'
    return Story(
        "abc-shell",
        url,
        page(
            "Harbour live updates", body, head=f'<script type="application/ld+json">{blog}</script>'
        ),
        kind="",
    )


def globo():
    url = "https://g1.globo.com/mundo/ao-vivo/tempestade-no-porto.ghtml"
    told = [replace(e, id=f"{e.epoch:x}-a{n}") for n, e in enumerate(entries(7))]
    make = {
        "headline": lambda e: e.title,
        "datePublished": lambda e: e.iso,
        "articleBody": lambda e: e.words,
    }
    first = linked(told, url, url=lambda e: f"{url}?postId={e.id}", **make)
    amp = url.replace("/g1.globo.com/", "/g1.globo.com/google/amp/")
    second = linked(told, amp, url=lambda e: f"{amp}?postId={e.id}", **make)
    return Story(
        "globo",
        url,
        page("Tempestade", "<h1>Tempestade</h1>", head=first + second, language="pt-BR", url=url),
        tuple(told),
    )


def times_of_india():
    url = "https://timesofindia.indiatimes.com/city/harbour-live-updates/liveblog/115.cms"
    told = without(entries(9), id=None, title="")
    ld = linked(
        list(told),
        url,
        headline=lambda e: f"{e.local('Asia/Kolkata'):%H:%M} (IST) {e.words[:80]}",
        articleBody=lambda e: e.words[:96],
        datePublished=lambda e: e.local("Asia/Kolkata").isoformat(),
        url=lambda e: f"{url}#post{told.index(e) + 1}",
        author=lambda _: {"@type": "Organization", "name": "TOI"},
    )
    blocks = "".join(
        f'<div class="_3xYz{n}"><div class="qq"><time dateTime="{e.local("Asia/Kolkata").isoformat()}">{e.local("Asia/Kolkata"):%H:%M} (IST)</time></div><div class="bb"><div>{e.html}</div></div></div>'
        for n, e in enumerate(told)
    )
    return Story(
        "toi",
        url,
        page(
            "Harbour live updates",
            f"<h1>Harbour live updates</h1><div class='_lb'>{blocks}</div>",
            head=ld,
            url=url,
        ),
        told,
    )


def nzz():
    url = "https://www.nzz.ch/international/hafen-die-neusten-entwicklungen-ld.1613540"
    told = [
        replace(e, id=f"id-doc-1j{e.epoch:x}{n}")
        for n, e in enumerate(entries(11, "de", whole=True, step=9))
    ]
    rows, day = [], None
    for e in told:
        local = e.local("Europe/Zurich")
        if local.date() != day:
            day = local.date()
            name = (
                "Montag",
                "Dienstag",
                "Mittwoch",
                "Donnerstag",
                "Freitag",
                "Samstag",
                "Sonntag",
            )[day.weekday()]
            rows.append(f'<h2 class="subtitle">{name}, {day.day}. {day.month}.</h2>')
        rows.append(
            f'<h5 class="articlecomponent time" id="{e.id}">{local:%-H.%M} Uhr: {e.title}</h5><p class="articlecomponent text">{e.words}</p>'
        )
    head = '<meta property="article:published_time" content="2026-11-17T05:00:00Z"><meta property="article:modified_time" content="2026-11-18T15:44:00Z">'
    body = f'<article><h1>Hafen: die neusten Entwicklungen</h1><p class="lead">Der Sturm hält an.</p>{"".join(rows)}</article>'
    return Story(
        "nzz",
        url,
        page("Hafen: die neusten Entwicklungen", body, head=head, language="de", url=url),
        tuple(told),
        zone="Europe/Zurich",
        to_the_minute=True,
        asked=ALL,
    )


def ntv():
    url = "https://www.n-tv.de/politik/12-00-Ticker-article251.html"
    told = without(entries(9, "de", whole=True), id=None)
    rows = "".join(
        f"<p><b>+++ {e.local('Europe/Berlin'):%H:%M} {e.title} +++</b><br>{e.words}</p>"
        for e in told
    )
    head = '<meta name="date" content="2026-11-18T15:50:00Z">'
    body = f'<article class="article"><h1>Der Hafen-Ticker</h1><div class="article__text"><p><strong>Das Wichtigste</strong></p>{rows}</div></article>'
    return Story(
        "ntv",
        url,
        page("Hafen-Ticker", body, head=head, language="de", url=url),
        told,
        zone="Europe/Berlin",
        to_the_minute=True,
    )


def ntv_apart():
    story = ntv()
    told = story.entries
    rows = "".join(
        f"<p><b>+++ {e.local('Europe/Berlin'):%H:%M} {e.title} +++</b></p><p>{e.words}</p>"
        for e in told
    )
    start = story.html.index("<p><b>+++")
    end = story.html.index("</div></article>")
    return replace(story, name="ntv-apart", html=story.html[:start] + rows + story.html[end:])


def br24():
    url = "https://www.br.de/nachrichten/deutschland-welt/hafen-ticker,U1abc"
    told = without(entries(12, "de", whole=True, step=6), id=None)
    rows, before = [], None
    for e in told:
        local = e.local("Europe/Berlin")
        if before is not None and local.date() != before:
            rows.append(day_below(before))
        before = local.date()
        rows.append(f"<h3>{local:%H.%M} Uhr: {e.title}</h3><p>{e.words}</p>")
    rows.append(day_below(before))
    body = f"<article><h1>Hafen-Ticker</h1><p>Alle Entwicklungen im Ticker.</p><section>{''.join(rows)}</section></article>"
    head = '<meta property="article:modified_time" content="2026-11-18T15:50:00.000Z">'
    return Story(
        "br24",
        url,
        page("Hafen-Ticker", body, head=head, language="de", url=url),
        told,
        zone="Europe/Berlin",
        to_the_minute=True,
    )


def day_below(day):
    names = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
    months = [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ]
    return f"<h2>{names[day.weekday()]}, {day.day}. {months[day.month - 1]} {day.year}</h2>"


def les_echos():
    url = "https://www.lesechos.fr/monde/fil-info-tempete-2180001"
    told = without(entries(7, "fr", whole=True), id=None)
    rows = "".join(
        f"<h3>{e.local('Europe/Paris'):%-Hh%M} - {e.title}</h3><p>{e.words}</p>" for e in told
    )
    head = '<meta property="article:published_time" content="2026-11-18T07:00:00+01:00"><meta property="article:modified_time" content="2026-11-18T16:45:00+01:00">'
    return Story(
        "lesechos",
        url,
        page(
            "Tempête : le fil info",
            f"<article><h1>Tempête : le fil info</h1>{rows}</article>",
            head=head,
            language="fr",
            url=url,
        ),
        told,
        zone="Europe/Paris",
        to_the_minute=True,
    )


def telegraph_old():
    url = "https://www.telegraph.co.uk/news/worldnews/harbour/11300000/Harbour-storm-live.html"
    told = without(
        entries(12, whole=True, step=6, newest=NEWEST.replace(hour=8)), id=None, title=""
    )
    rows = "".join(
        f"<p><strong>{e.local('Europe/London'):%H.%M}</strong> {e.words}</p>{f'<p>{e.more}</p>' if e.more else ''}"
        for e in told
    )
    head = '<meta name="last-modified" content="2026-11-18"><meta name="DCSext.articleFirstPublished" content="2026-11-17">'
    return Story(
        "telegraph-old",
        url,
        page(
            "Harbour storm: live",
            f'<h1>Harbour storm: live</h1><div id="mainBodyArea"><div class="firstPar">{rows}</div></div>',
            head=head,
            language="en-GB",
            url=url,
        ),
        told,
        zone="Europe/London",
        to_the_minute=True,
    )


def telegraph_new():
    url = "https://www.telegraph.co.uk/world-news/2026/11/18/harbour-storm-live/"
    told = [replace(e, id=f"update-20261118-{e.local('Europe/London'):%H%M}") for e in entries(9)]
    ld = linked(
        told,
        url,
        headline=lambda e: e.title,
        datePublished=lambda e: e.iso,
        url=lambda e: f"{url}#{e.id}",
        articleBody=lambda e: e.words,
    )
    return Story(
        "telegraph-new",
        url,
        page(
            "Harbour storm: live",
            '<div class="tpl-live-blog"><h1>Harbour storm: live</h1></div>',
            head=ld,
            url=url,
        ),
        tuple(told),
        asked=ALL,
    )


def bbc_stream():
    url = "https://www.bbc.co.uk/news/live/uk-55220000"
    told = [replace(e, id=f"post_5fc{e.epoch:x}{n}") for n, e in enumerate(entries(10, whole=True))]
    rows = "".join(
        f"""<li class="lx-stream__post-container placeholder-animation-finished"><article class="qa-post gs-u-pb-alt+ lx-stream-post gs-u-pt-alt+ gs-u-align-left" id="{e.id}">
        <div class="gs-u-mb-alt+ qa-meta lx-stream-post__meta-wrapper"><time class="lx-stream-post__meta-time gs-u-align-middle"><span class="gs-u-vh">Posted at </span><span class="qa-post-auto-meta">{e.local("Europe/London"):%H:%M}</span></time></div>
        <header class="lx-stream-post__header lx-stream-post__header--contributor gs-o-media"><h3 class="lx-stream-post__header-title gs-u-align-middle"><span class="lx-stream-post__header-text gs-u-align-middle">{e.title}</span></h3></header>
        <p class="qa-contributor-name lx-stream-post__contributor-name gel-long-primer-bold">{e.author}</p>
        <div class="gs-u-mb+ gel-body-copy qa-post-body"><div class="lx-stream-post-body">{e.html}</div></div>
        <div class="qa-social-actions lx-share-tools__container"><a href="#">Share</a><span>View more share options</span></div></article></li>"""
        for e in told
    )
    head = '<meta property="article:modified_time" content="2026-11-18T15:50:00Z">'
    body = f'<h1>Harbour storm: as it happened</h1><h2>Summary</h2><ol class="lx-c-summary-points"><li>The crane stands still</li><li>The ferry is late</li></ol><div class="lx-stream"><ol class="gs-u-m0 gs-u-p0 lx-stream__feed qa-stream">{rows}</ol></div><div class="lx-pagination__nav"><a href="{url}/page/2">Next</a></div>'
    return Story(
        "bbc-stream",
        url,
        page("Harbour storm", body, head=head, language="en-GB", url=url),
        tuple(told),
        zone="Europe/London",
        to_the_minute=True,
        asked=ALL,
    )


def sportowefakty():
    url = "https://sportowefakty.wp.pl/zuzel/relacja/91234/port-stocznia"
    told = [
        replace(e, id=f"e{6_400_000 + n}", title="") for n, e in enumerate(entries(24, whole=True))
    ]
    rows = "".join(
        f'<div class="coventry" id="{e.id}"><div class="coventry__time">{e.local("Europe/Warsaw").strftime("%H:%M") if n % 3 == 0 else ""}</div><div class="coventry__text">{e.html}</div></div>'
        for n, e in enumerate(told)
    )
    body = f'<div itemscope itemtype="http://schema.org/LiveBlogPosting"><meta itemprop="datePublished" content="2026-11-18T12:00:00+01:00"><h1>Port - Stocznia: relacja na żywo</h1><div class="relation">{rows}</div></div>'
    return Story(
        "sportowefakty",
        url,
        page("Relacja na żywo", body, language="pl", url=url),
        tuple(told),
        zone="Europe/Warsaw",
        to_the_minute=True,
        asked=frozenset({"id", "text"}),
    )


def jm_live_blog():
    url = "https://blog.rope.example/storm-live/"
    told = without(entries(8, whole=True), id=None)
    rows = "".join(
        f'<div class="jm-live-blog-update" id="{len(told) - n}"><h5 class="live-blog-time">{e.at:%-I:%M %p}</h5><h4 class="live-blog-title">{e.title}</h4><div class="live-blog-content">{e.html}</div></div>'
        for n, e in enumerate(told)
    )
    head = '<meta property="article:modified_time" content="2026-11-18T15:50:00+00:00">'
    return Story(
        "jm-live-blog",
        url,
        page(
            "Storm live",
            f'<h1>Storm live</h1><div class="entry-content"><div class="jm-live-blog">{rows}</div></div>',
            head=head,
            url=url,
        ),
        told,
        zone="UTC",
        to_the_minute=True,
    )


def reach():
    url = "https://www.manchestereveningnews.co.uk/news/live-harbour-storm-29670000"
    told = [
        replace(e, key=n in {2, 5}, author="Ada Lindqvist")
        for n, e in enumerate(entries(14, ids="live-event-{n}"))
    ]
    blocks = "".join(
        f"""<div class="live-event-entry" id="{e.id}" data-type="{"key-event" if e.key else "default"}" data-post-time="{e.epoch}000" data-last-modified-time="{e.epoch}000">
        <time class="updating-timezone-live-event">{e.local("Europe/London"):%H:%M}</time>{"<mark>KEY EVENT</mark>" if e.key else f"<mark>{e.author}</mark>"}<h3>{e.title}</h3><div class="entry-content">{e.html}</div></div>"""
        for e in told[:6]
    )
    ld = linked(
        told,
        url,
        headline=lambda e: e.title,
        datePublished=lambda e: e.local("Europe/London").isoformat(),
        dateModified=lambda e: e.iso,
        url=lambda e: f"{url}#{e.id}",
        articleBody=lambda e: None if e is told[3] else e.words,
        author=lambda _: [
            {"@type": "Person", "name": "Ada Lindqvist"},
            {"@type": "Person", "name": "Tom Okafor"},
        ],
    )
    return Story(
        "reach",
        url,
        page(
            "Live: harbour storm",
            f"<h1>Live: harbour storm</h1><div class='live-event'>{blocks}</div>",
            head=ld,
            url=url,
        ),
        tuple(told),
    )


def express():
    url = "https://www.express.co.uk/news/uk/1924000/harbour-storm-live"
    told = [replace(e, id=f"live-1924000-{n}x{e.epoch % 997}") for n, e in enumerate(entries(9))]
    blocks = "".join(
        f"""<div class="live-events__entry" id="{e.id}" data-sort-time="{e.epoch}" data-update-time="{e.epoch}"><div class="live-events__entry-info"><time data-time="{e.local("Europe/London"):%Y-%m-%d %H:%M:%S}">{e.local("Europe/London"):%H:%M}</time><a class="live-events__entry-author" href="/j/1">{e.author}</a></div>
        <h3 class="live-events__entry-head">{e.title}</h3><div class="live-events__entry-text">{e.html}</div></div>"""
        for e in told
    )
    ld = linked(
        told,
        url,
        headline=lambda e: e.title,
        datePublished=lambda e: e.iso,
        url=lambda e: f"{url}#{e.id}",
        articleBody=lambda e: escape(e.html),
        author=lambda e: e.author,
    )
    return Story(
        "express",
        url,
        page(
            "Harbour storm LIVE",
            f"<h1>Harbour storm LIVE</h1><div class='live-events'>{blocks}</div>",
            head=ld,
            url=url,
        ),
        tuple(told),
    )


def independent_web():
    url = "https://www.independent.co.uk/news/world/harbour-storm-live-b2390000.html"
    told = [replace(e, id=str(1_600_000 + e.epoch % 80_000)) for n, e in enumerate(entries(8))]
    ld = linked(
        told,
        url,
        headline=lambda e: e.title,
        datePublished=lambda e: e.iso,
        url=lambda e: f"{url}#liveblogPost{e.id}",
        articleBody=lambda e: e.words,
    )
    return Story(
        "independent-web",
        url,
        page("Harbour storm", '<h1>Harbour storm</h1><div id="liveblog"></div>', head=ld, url=url),
        tuple(told),
    )


def quintype():
    url = "https://www.ropestandard.example/live-blog/harbour-storm"
    told = without(entries(8), id=None)
    told = tuple(replace(e, title="") if n == 3 else e for n, e in enumerate(told))
    head = linked(
        list(told),
        url,
        headline=lambda e: e.title or "Storm at the harbour: live updates",
        dateCreated=lambda e: e.iso,
        articleBody=lambda e: escape(f"{e.html}"),
        author=lambda _: {"@type": "Person", "name": "Desk"},
    )
    return Story(
        "quintype",
        url,
        page(
            "Storm at the harbour: live updates",
            "<h1>Storm at the harbour: live updates</h1>",
            head=head,
            language="en-IN",
            url=url,
        ),
        told,
    )


def la_diaria():
    url = "https://ladiaria.example/politica/liveblog/2026/11/tormenta-en-el-puerto/"
    told = without(entries(6), id=None, title="")
    body = ",".join(
        '{{"@type": "BlogPosting", "articleBody": "{}",\n "datePublished": "{}"}}'.format(
            escape(e.html).replace("</p", "</p\n"), e.iso
        )
        for e in told
    )
    ld = f'<script type="application/ld+json">{{"@context":"https://schema.org","@type":"LiveBlogPosting","headline":"Tormenta","about":{{"@type":"Event","startDate":"2026-11-18","coverageStartTime":"2026-11-18T10:00:00-03:00"}},"liveBlogUpdate":[{body}]}}</script>'
    return Story(
        "la-diaria",
        url,
        page(
            "Tormenta",
            '<h1>Tormenta</h1><iframe id="liveblog-iframe" src="https://live.example/5f0c0ffee000000000000001"></iframe>',
            head=ld,
            language="es",
            url=url,
        ),
        told,
    )


def times_of_israel():
    url = "https://www.timesofisrael.com/liveblog-november-18-2026/"
    told = entries(8, ids="33{n}")
    blocks = "".join(
        f"""<div class="liveblog-paragraph" id="liveblog-entry-{e.id}"><div class="liveblog-date"><a href="https://www.timesofisrael.com/liveblog_entry/entry-{e.id}/"><span data-timestamp="{e.epoch}">{e.local("Asia/Jerusalem"):%-I:%M %p}</span></a></div>
        <h4><a href="https://www.timesofisrael.com/liveblog_entry/entry-{e.id}/">{e.title}</a></h4><div class="byline">By <a href="/w/x">{e.author}</a></div>{e.html}</div>"""
        for e in told
    )
    body = f'<h1>Live blog November 18, 2026</h1><div id="liveblog-771"><div class="liveblog-content">{blocks}</div></div>'
    return Story("times-of-israel", url, page("Live blog", body, url=url), told)


def brightspot_elsewhere():
    story = associated_press()
    html = story.html.replace("apnews.com", "www.latimes.com").replace("LiveBlogPosting", "Article")
    return replace(
        story,
        name="brightspot-dom",
        url=story.url.replace("apnews.com", "www.latimes.com"),
        html=html,
    )


def independent_amp():
    url = "https://www.independent.co.uk/news/world/harbour-storm-live-b2390001.html?amp"
    told = [replace(e, id=str(1_700_000 + e.epoch % 80_000)) for n, e in enumerate(entries(8))]
    blocks = []
    for n, e in enumerate(told):
        if n % 3 == 2:
            blocks.append(f'<div id="ad-{n}" data-sort-time="{e.epoch}"><amp-ad></amp-ad></div>')
        early = int((NEWEST - timedelta(hours=9, minutes=n)).timestamp())
        blocks.append(
            f'<div id="post-{e.id}" data-sort-time="{early}000"><a class="anchor"></a><div><amp-timeago datetime="{e.iso}">{e.at:%H:%M}</amp-timeago><h3>{e.title}</h3>{e.html}</div></div>'
        )
    body = f'<h1>Harbour storm live</h1><amp-live-list id="live" data-poll-interval="15000" data-max-items-per-page="10"><button update on="tap:live.update">New</button><div items>{"".join(blocks)}</div></amp-live-list>'
    html = page("Harbour storm live", body, url=url.removesuffix("?amp")).replace(
        "<html ", "<html amp "
    )
    return Story("independent-amp", url, html, tuple(told))


def npr():
    url = "https://apps.npr.org/liveblogs/20261118-harbour/"
    told = [
        replace(e, id=f"slug-{'-'.join(e.title.lower().split()[:3])}", key=n == 2)
        for n, e in enumerate(entries(7, whole=True))
    ]
    blocks = "".join(
        f"""<article class="post published" id="{e.id}"><div class="metadata"><span class="time">{e.local("America/New_York"):%-I:%M %p} ET</span><span class="date">Nov. {e.local("America/New_York").day}, 2026</span>{'<span class="pill major">Major development</span>' if e.key else ""}</div><div class="contents"><h2 class="headline">{e.title}</h2>
        {e.html}<div class="author">— {e.author}, reporter</div></div></article>""".replace(
            " AM", " a.m."
        ).replace(" PM", " p.m.")
        for e in told
    )
    return Story(
        "npr",
        url,
        page(
            "Harbour live", f'<h1>Harbour live</h1><main class="liveblog">{blocks}</main>', url=url
        ),
        tuple(told),
        zone="America/New_York",
        to_the_minute=True,
        asked=ALL | {"key"},
    )


NAMED = (
    new_york_times, new_york_times_alone, cnn, cnn_buttons, associated_press, brightspot_elsewhere, le_monde,
    tagesschau, la_repubblica, zdf, sky, nbc, cbs, abc, globo, times_of_india, nzz, ntv, ntv_apart, br24,
    les_echos, telegraph_old, telegraph_new, bbc_stream, sportowefakty, jm_live_blog, reach, express,
    independent_web, independent_amp, quintype, la_diaria, times_of_israel, npr,
)  # fmt: skip
