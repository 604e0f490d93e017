# ruff: noqa: E501 - markup as newsrooms have it
"""More live blogs of invented publishers: nested, hashed, threaded, terse, and in parts."""

from dataclasses import replace
from datetime import timedelta

from stories import NEWEST, Story, entries, page, without

ALL = frozenset({"id", "title", "published", "text"})


def hashed_classes():
    url = "https://www.foglamp.example/world/live-storm-coverage"
    told = without(entries(9), id=None)
    rows = "".join(
        f'<div class="Box-sc-1x{n}"><div class="Flex-sc-9"><time class="Text-sc-3" datetime="{e.iso}">{n + 2} min</time></div><h3 class="Heading-sc-7">{e.title}</h3><div class="Rich-sc-2">{e.html}</div></div>'
        for n, e in enumerate(told)
    )
    return Story(
        "hashed",
        url,
        page(
            "Storm: live coverage",
            f"<h1>Storm: live coverage</h1><div class='Stack-sc-0'>{rows}</div>",
            url=url,
        ),
        told,
    )


def time_after_body():
    url = "https://www.afterword.example/live/storm"
    told = entries(8, ids="q{n}")
    rows = "".join(
        f'<article id="{e.id}" class="liveblog-post"><h2>{e.title}</h2><div>{e.html}</div><footer>Published <time datetime="{e.iso}">{e.at:%H:%M}</time> by <span class="author">{e.author}</span></footer></article>'
        for e in told
    )
    return Story(
        "time-after",
        url,
        page("Storm live", f"<h1>Storm live</h1><div>{rows}</div>", url=url),
        told,
    )


def two_times():
    url = "https://www.twice.example/live/storm"
    told = [replace(e, updated=e.at + timedelta(minutes=2)) for e in entries(8, ids="t{n}")]
    rows = "".join(
        f'<article id="{e.id}" class="live-entry"><p class="dates">Posted <time datetime="{e.iso}">{e.at:%H:%M}</time>, updated <time class="updated" datetime="{e.updated.isoformat()}">{e.updated:%H:%M}</time></p><h3>{e.title}</h3>{e.html}</article>'
        for e in told
    )
    return Story(
        "two-times",
        url,
        page("Storm live", f"<h1>Storm live</h1><section>{rows}</section>", url=url),
        tuple(told),
    )


def two_times_alike():
    url = "https://www.twice-alike.example/live/storm"
    told = [replace(e, updated=e.at + timedelta(minutes=2)) for e in entries(8, ids="t{n}")]
    rows = "".join(
        f'<article id="{e.id}" class="live-entry"><p><time datetime="{e.iso}">{e.at:%H:%M}</time> (<time datetime="{e.updated.isoformat()}">{e.updated:%H:%M}</time>)</p><h3>{e.title}</h3>{e.html}</article>'
        for e in told
    )
    return Story(
        "two-times-alike",
        url,
        page("Storm live", f"<h1>Storm live</h1><section>{rows}</section>", url=url),
        tuple(told),
    )


def list_with_lists():
    url = "https://www.bullet.example/ticker/storm"
    told = entries(8, ids="b{n}")
    rows = "".join(
        f'<li id="{e.id}"><time datetime="{e.iso}">{e.at:%H:%M}</time><strong>{e.title}</strong>{e.html}<ul><li>First point of it</li><li>Second point of it</li></ul></li>'
        for e in told
    )
    return Story(
        "list-with-lists",
        url,
        page("Storm ticker", f"<h1>Storm ticker</h1><ol class='ticker'>{rows}</ol>", url=url),
        told,
        asked=ALL - {"title", "text"},
    )


def quotes_and_embeds():
    url = "https://www.quoted.example/live/storm"
    told = entries(8, ids="x{n}")
    rows = "".join(
        f'<div class="live-post" data-id="{e.id}"><time datetime="{e.iso}">x</time><h3>{e.title}</h3>{e.html}<blockquote class="twitter-tweet"><p>The harbour is closed</p>— Port (@port) <a href="https://twitter.com/port/1">Nov 18</a></blockquote><figure><img src="/i/{n}.jpg" alt="A crane"><figcaption>The crane. Photograph: Kim Ngo</figcaption></figure></div>'
        for n, e in enumerate(told)
    )
    return Story(
        "embeds",
        url,
        page("Storm live", f"<h1>Storm live</h1><div class='posts'>{rows}</div>", url=url),
        told,
    )


def clock_in_cells():
    url = "https://www.grid.example/sturm-liveblog"
    told = without(entries(9, "de", whole=True), id=None)
    rows = "".join(
        f'<div class="row"><div class="col-time">{e.local("Europe/Berlin"):%H.%M} Uhr</div><div class="col-text"><h3>{e.title}</h3>{e.html}</div></div>'
        for e in told
    )
    head = '<meta property="article:modified_time" content="2026-11-18T16:50:00+01:00">'
    return Story(
        "grid",
        url,
        page(
            "Liveblog Sturm",
            f"<h1>Liveblog Sturm</h1><div class='grid'>{rows}</div>",
            head=head,
            language="de",
            url=url,
        ),
        told,
        to_the_minute=True,
    )


def bold_in_one_body():
    url = "https://www.onebody.example/news/storm-live"
    told = without(entries(9, whole=True), id=None)
    rows = "".join(
        f"<p><strong>{e.at:%H:%M} – {e.title}</strong></p><p>{e.words}</p>"
        + ("<div class='ad'>Advertisement</div>" if n % 3 == 1 else "")
        for n, e in enumerate(told)
    )
    head = '<meta property="article:modified_time" content="2026-11-18T15:50:00+00:00">'
    return Story(
        "one-body",
        url,
        page(
            "Storm: live updates",
            f"<article><h1>Storm: live updates</h1><p>All the latest below.</p>{rows}</article>",
            head=head,
            language="en-GB",
            url=url,
        ),
        told,
        zone="UTC",
        to_the_minute=True,
    )


def spanish_hours():
    url = "https://www.puerto.example/tormenta-en-directo"
    told = without(entries(8, "fr", whole=True), id=None)
    rows = "".join(
        f"<h3>{e.local('Europe/Madrid'):%H:%M} h. {e.title}</h3><p>{e.words}</p>" for e in told
    )
    head = '<meta property="article:modified_time" content="2026-11-18T16:50:00+01:00">'
    return Story(
        "hours-es",
        url,
        page(
            "La tormenta, en directo",
            f"<article><h1>La tormenta, en directo</h1>{rows}</article>",
            head=head,
            language="es",
            url=url,
        ),
        told,
        zone="Europe/Madrid",
        to_the_minute=True,
    )


def italian_ore():
    url = "https://www.molo.example/diretta-tempesta"
    told = without(entries(8, "fr", whole=True), id=None)
    rows = "".join(
        f"<p><b>Ore {e.local('Europe/Rome'):%H:%M} - {e.title}</b></p><p>{e.words}</p>"
        for e in told
    )
    head = '<meta property="article:modified_time" content="2026-11-18T16:50:00+01:00">'
    return Story(
        "ore-it",
        url,
        page(
            "Tempesta, la diretta",
            f"<article><h1>Tempesta, la diretta</h1>{rows}</article>",
            head=head,
            language="it",
            url=url,
        ),
        told,
        zone="Europe/Rome",
        to_the_minute=True,
    )


def dated_headings():
    url = "https://www.long-run.example/war-live-updates"
    told = without(entries(8, whole=True, step=30), id=None)
    rows = "".join(f"<h3>{e.at:%-d %B %Y, %H:%M} – {e.title}</h3><p>{e.words}</p>" for e in told)
    return Story(
        "dated-headings",
        url,
        page("War: live updates", f"<article><h1>War: live updates</h1>{rows}</article>", url=url),
        told,
        zone="UTC",
        to_the_minute=True,
    )


def microdata_posts():
    url = "https://www.marked.example/live/storm"
    told = entries(7, ids="m{n}")
    rows = "".join(
        f'<div itemscope itemtype="https://schema.org/BlogPosting" id="{e.id}"><meta itemprop="datePublished" content="{e.iso}"><h3 itemprop="headline">{e.title}</h3><div itemprop="articleBody">{e.html}</div></div>'
        for e in told
    )
    return Story(
        "microdata-posts",
        url,
        page("Storm live", f"<h1>Storm live</h1><div class='live-feed'>{rows}</div>", url=url),
        told,
    )


def linked_window():
    url = "https://www.window.example/live/storm"
    told = entries(12, ids="w{n}")
    updates = ",".join(
        f'{{"@type":"BlogPosting","@id":"{url}#{e.id}","headline":"{e.title}","datePublished":"{e.iso}","articleBody":"{e.words[:60]}..."}}'
        for e in told[:5]
    )
    head = f'<script type="application/ld+json">{{"@context":"https://schema.org","@type":"LiveBlogPosting","headline":"Storm live","url":"{url}","liveBlogUpdate":[{updates}]}}</script>'
    rows = "".join(
        f'<article id="{e.id}" class="post"><time datetime="{e.iso}">x</time><h3>{e.title}</h3>{e.html}</article>'
        for e in told
    )
    return Story(
        "linked-window",
        url,
        page(
            "Storm live", f"<h1>Storm live</h1><div class='posts'>{rows}</div>", head=head, url=url
        ),
        told,
    )


def summary_first():
    url = "https://www.digest.example/live/storm"
    told = [replace(e, key=n in {0, 3}) for n, e in enumerate(entries(8, ids="d{n}"))]
    index = "".join(
        f'<li><a href="#{e.id}"><time datetime="{e.iso}">{e.at:%H:%M}</time> {e.title}</a></li>'
        for e in told
        if e.key
    )
    rows = "".join(
        f'<article id="{e.id}" class="live-post"><time datetime="{e.iso}">x</time><h3>{e.title}</h3>{e.html}</article>'
        for e in told
    )
    return Story(
        "summary-first",
        url,
        page(
            "Storm live",
            f"<h1>Storm live</h1><nav class='idx'><h2>Key moments</h2><ol>{index}</ol></nav><div>{rows}</div>",
            url=url,
        ),
        tuple(told),
        asked=ALL | {"key"},
    )


def custom_elements():
    url = "https://www.elements.example/live/storm"
    told = entries(8, ids="ce-{n}")
    rows = "".join(
        f'<x-post key="{e.id}" posted="{e.iso}"><x-title>{e.title}</x-title><x-body>{e.html}</x-body></x-post>'
        for e in told
    )
    return Story(
        "custom-elements",
        url,
        page("Storm live", f"<h1>Storm live</h1><x-feed>{rows}</x-feed>", url=url),
        told,
    )


def relative_titles():
    url = "https://www.hovered.example/live/storm"
    told = entries(8, ids="h{n}")
    rows = "".join(
        f'<div class="live-card-x" id="{e.id}"><span class="when" title="{e.at:%Y-%m-%d %H:%M:%S}+00:00">{n} hours ago</span><h3>{e.title}</h3>{e.html}</div>'
        for n, e in enumerate(told)
    )
    return Story(
        "title-attribute",
        url,
        page("Storm live", f"<h1>Storm live</h1><div>{rows}</div>", url=url),
        told,
    )


def months_ago():
    url = "https://www.mirrored.example/live/storm"
    told = without(entries(8), id=None)
    rows = "".join(
        f'<div class="live-block"><em>1 month ago</em><h3>{e.title}</h3>{e.html}</div>'
        for e in told
    )
    return Story(
        "months-ago",
        url,
        page("Storm live", f"<h1>Storm live</h1><div>{rows}</div>", url=url),
        told,
        fetched_at=NEWEST + timedelta(days=31),
        asked=ALL - {"published"},
    )


def bylines_above():
    url = "https://www.signed.example/live/storm"
    told = entries(8, ids="s{n}")
    rows = "".join(
        f'<article id="{e.id}" class="live-item"><header><img src="/a.jpg" alt=""><div><a rel="author" href="/by/a">{e.author}</a><div>Reporter, on the quay</div></div><time datetime="{e.iso}">{e.at:%H:%M}</time></header><h3>{e.title}</h3>{e.html}<button>Share</button></article>'
        for e in told
    )
    return Story(
        "signed",
        url,
        page("Storm live", f"<h1>Storm live</h1>{rows}", url=url),
        told,
        asked=ALL - {"text"},
    )


MORE = (
    hashed_classes, time_after_body, two_times, two_times_alike, list_with_lists, quotes_and_embeds, clock_in_cells,
    bold_in_one_body, spanish_hours, italian_ore, dated_headings, microdata_posts, linked_window, summary_first,
    custom_elements, relative_titles, months_ago, bylines_above,
)  # fmt: skip
