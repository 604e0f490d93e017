# ruff: noqa: E501 - markup as newsrooms have it
"""Variants of known newsrooms' pages: another edition, fewer facts stated."""

from dataclasses import replace
from datetime import UTC, datetime
from html import escape

from newsrooms import ALL, bbc_stream, linked
from stories import Story, entries, page, without


def independent_for_browsers():
    """Print when entries were published, and state when they were written, some the night before."""
    url = "https://www.independent.co.uk/news/world/harbour-storm-live-b2392480.html"
    told = entries(20, ids="12{n}")
    written = {
        e.id: e.at if n < 3 else datetime(2026, 11, 18, 4, 15, n, tzinfo=UTC)
        for n, e in enumerate(told)
    }
    ld = linked(
        told,
        url,
        headline=lambda e: e.title,
        articleBody=lambda e: e.words,
        datePublished=lambda e: written[e.id].isoformat(),
        url=lambda e: f"{url}/#liveblogPost{e.id}",
        author=lambda e: {"@type": "Person", "name": e.author},
    )
    blocks = "".join(
        f"""<div id="post-{e.id}" class="sc-a"><div class="sc-b"><time datetime="{e.iso}">{e.local("Europe/London"):%d %B %Y %H:%M}</time></div>
        <h2>{e.title}</h2><div class="sc-c">{e.html}</div><div class="sc-d"><span>{e.author}</span></div></div>"""
        for e in told
    )
    body = f'<h1>Storm latest</h1><div id="liveblog">{blocks}</div>'
    return Story("independent-html", url, page("Storm latest", body, head=ld, url=url), told)


def new_york_times_without_words():
    """State headlines and instants alone, and print the rest; reporters' updates have no headline."""
    url = "https://www.nytimes.com/live/2026/11/18/world/harbour-storm"
    told = [
        replace(e, id=f"harbour-{e.epoch % 7919}", title="" if n % 2 else e.title)
        for n, e in enumerate(entries(9))
    ]
    blocks = "".join(
        f"""<div role="article" aria-posinset="{n + 1}"><div data-testid="{"live-blog-post" if e.title else "reporter-update"}" data-url="{url}#{e.id}">
        <time datetime="{e.iso}">{e.local("America/New_York"):%b. %d, %Y, %I:%M %p} ET</time>{f"<h2>{e.title}</h2>" if e.title else ""}
        <div data-testid="live-blog-byline"><span>{e.author}</span></div><div data-testid="live-blog-content">{e.html}</div></div></div>"""
        for n, e in enumerate(told)
    )
    ld = linked(
        told,
        url,
        headline=lambda e: e.title or "Storm at the harbour",
        datePublished=lambda e: e.iso,
    )
    body = f'<h1>Storm at the harbour</h1><section id="live-feed-items">{blocks}</section>'
    return Story(
        "nyt-instants", url, page("Storm at the harbour", body, head=ld, url=url), tuple(told)
    )


def la_repubblica_without_linked_data():
    """Put a box around the time above each entry."""
    url = "https://www.repubblica.it/esteri/2026/11/18/diretta/tempesta_porto-424/"
    told = [replace(e, id=f"424110_event{90 - n}") for n, e in enumerate(entries(9, whole=True))]
    blocks = "".join(
        f"""<section class="liveblog__post" id="{e.id}"><div class="liveblog__post__header"><time class="liveblog__post__pubdate" datetime="{e.local("Europe/Rome"):%Y-%m-%dT%H:%MZ}">{e.local("Europe/Rome"):%H:%M}</time></div>
        <h2 class="liveblog__post__title"><p>{e.title}</p></h2><div class="liveblog__post__content">{e.html}<div class="liveblog__post__social"><ul><li>Condividi</li></ul></div></div></section>"""
        for e in told
    )
    body = f"<h1>Tempesta, la diretta</h1>{blocks}"
    return Story(
        "repubblica-boxed",
        url,
        page("Tempesta, la diretta", body, language="it", url=url),
        tuple(told),
        zone="Europe/Rome",
        to_the_minute=True,
    )


def br24_in_modules():
    """Split the words into modules, with a picture between, below a list of main points."""
    url = "https://www.br.de/nachrichten/deutschland-welt/hafen-ticker,U1abc"
    zone = "Europe/Berlin"
    told = [
        replace(e, id=None, key=n in {1, 3})
        for n, e in enumerate(entries(8, "de", whole=True, step=2))
    ]
    rows = [f"<h2>{e.local(zone):%H.%M} Uhr: {e.title}</h2><p>{e.words}</p>" for e in told]
    modules = (
        "".join(rows[:3]),
        "<p>Weiter in der dritten Meldung.</p>" + "".join(rows[3:]),
    )
    keys = "".join(f"<li>{e.title} ({e.local(zone):%H.%M} Uhr)</li>" for e in told if e.key)
    texts = [
        f'<section class="ArticleModuleText"><div class="RichText body3">{m}</div></section>'
        for m in (f"<p><strong>Das Wichtigste im Überblick:</strong></p><ul>{keys}</ul>", *modules)
    ]
    image = '<section class="ArticleModuleImage"><figure><img src="https://img.br.example/1.jpg"></figure></section>'
    head = '<meta property="article:published_time" content="2026-11-18T05:00:00+01:00"><meta property="article:modified_time" content="2026-11-18T16:50:00+01:00">'
    body = f"<article><h1>Hafen-Ticker</h1>{texts[0]}{texts[1]}{image}{texts[2]}</article>"
    return Story(
        "br24-modules",
        url,
        page("Hafen-Ticker", body, head=head, language="de", url=url),
        tuple(told),
        zone=zone,
        to_the_minute=True,
        asked=ALL | {"key"},
    )


def times_of_india_without_linked_data():
    """Print the page's last change beside its heading, in the form of the entries' times."""
    url = "https://timesofindia.indiatimes.com/city/harbour-live-updates/liveblog/115.cms"
    zone = "Asia/Kolkata"
    told = without(entries(9), id=None, title="")
    blocks = "".join(
        f'<div><div class="_2t"><div class="uu"><span>{e.local(zone):%H:%M} (IST), {e.local(zone):%b %d}</span><time dateTime="{e.local(zone).isoformat()}"></time></div><div class="_1K"><div><p><b>{escape(e.words)}</b></p></div></div></div></div>'
        for e in told
    )
    top = f'<div class="top"><p>{told[0].local(zone):%b %d, %Y, %H:%M:%S} IST<time dateTime="{told[0].local(zone).isoformat()}"></time></p><h1>Harbour live updates</h1></div>'
    return Story(
        "toi-printed",
        url,
        page("Harbour live updates", f'{top}<div class="_24">{blocks}</div>', url=url),
        told,
    )


def bbc_stream_with_labels():
    """Put a label, such as "Breaking", into the heading of each post."""
    story = bbc_stream()
    name = '<span class="lx-stream-post__header-text'
    label = '<span class="lx-stream-post__label">Breaking</span>'
    return replace(story, name="bbc-labels", html=story.html.replace(name, label + name))


VARIED = (
    bbc_stream_with_labels,
    independent_for_browsers,
    new_york_times_without_words,
    la_repubblica_without_linked_data,
    br24_in_modules,
    times_of_india_without_linked_data,
)
