# ruff: noqa: E501 - markup as newsrooms have it
"""Front, section and topic pages of invented newspapers: what is live on them, and what is not."""

import json
from dataclasses import dataclass

HOST = "https://www.quay-post.example"
STORIES = (
    ("/news/2026/11/18/why-the-gulls-left", "Why the gulls left the pier"),
    ("/news/2026/11/18/a-longer-ladder-at-last", "A longer ladder, at last, for crane two"),
    ("/opinion/2026/11/17/let-the-lamp-burn", "Let the lamp burn, says Ada Lindqvist"),
    ("/sport/2026/11/17/rowers-win-by-a-boat", "Rowers win by a boat and a half"),
    ("/news/2026/11/16/school-choir-sings-again", "School choir sings again on the quay"),
    ("/news/2026/11/16/what-insurers-found-below", "What insurers found below the water line"),
    ("/culture/2026/11/15/the-museum-of-nets-opens", "The museum of nets opens its doors"),
    ("/news/2026/11/15/trains-to-the-north-slower", "Trains to the north will be slower"),
)
BLOG = "/news/live/2026/11/18/storm-at-the-harbour"
OTHER = "/sport/live/2026/11/18/rowing-final-day-two"


@dataclass(frozen=True, slots=True)
class Front:
    """A page, and its links that may be live blogs: live flags by path."""

    name: str
    html: str
    blogs: tuple[tuple[str, bool | None], ...]
    url: str = f"{HOST}/news"


def page(name, cards, blogs, *, title="News from the quay", head="", language="en", path="/news"):
    html = f"""<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title} | The Quay Post</title>
    <meta property="og:type" content="website"><link rel="canonical" href="{HOST}{path}">{head}</head><body>
    <header><nav><ul><li><a href="/">Home</a></li><li><a href="/live">Live</a></li><li><a href="/tv/live">Live TV</a></li></ul></nav></header>
    <main><h1>{title}</h1>{cards}</main>
    <footer><a href="/terms">Terms</a> <a href="/about/live-help-center-12345">Live help</a></footer></body></html>"""
    return Front(name, html, tuple(blogs), f"{HOST}{path}")


def plain(stories=STORIES):
    return "".join(
        f'<article class="card"><a href="{path}"><h3>{title}</h3></a><p>By the quay desk</p></article>'
        for path, title in stories
    )


def badge_in_span():
    live = f'<article class="card"><a href="{BLOG}"><span class="kicker">LIVE</span><h3>Storm at the harbour</h3></a></article>'
    return page("badge", live + plain(), [(BLOG, True)])


def badge_of_an_icon():
    path = "/news/storm-at-the-harbour-what-we-know-12345"
    live = f'<div class="teaser"><i class="icon icon--live" aria-label="Live"></i><h2><a href="{path}">Storm at the harbour: what we know</a></h2></div>'
    return page("icon", live + plain(), [(path, True)])


def named_in_the_title():
    path = "/panorama/sturm-am-hafen-a-1b2c3d4e5f"
    cards = f'<article><h2><a href="{path}"><span>Liveblog zum Sturm</span> <span>Fähre kehrt um</span></a></h2></article>'
    return page("title", cards + plain(), [(path, None)], language="de", title="Panorama")


def german_newsticker():
    path = "/nachrichten/sturm-newsticker-zr-93421.html"
    cards = (
        f'<div class="id-Teaser"><a href="{path}"><h3>Sturm am Hafen: alle Meldungen</h3></a></div>'
    )
    return page("newsticker", cards + plain(), [(path, None)], language="de", title="Region")


def in_french():
    path = "/planete/article/2026/11/18/tempete-au-port_6402_3244.html"
    cards = f'<section class="teaser"><a href="{path}"><span class="flag">En direct</span><h3>Tempête au port : le bac fait demi-tour</h3></a></section>'
    return page("french", cards + plain(), [(path, True)], language="fr", title="Planète")


def told_to_search_engines():
    items = [
        {
            "@type": "ListItem",
            "position": n,
            "item": {
                "@type": "LiveBlogPosting" if path == BLOG else "NewsArticle",
                "url": HOST + path,
                "headline": title,
            },
        }
        for n, (path, title) in enumerate(((BLOG, "Storm at the harbour"), *STORIES), 1)
    ]
    stated = {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "mainEntity": {"@type": "ItemList", "itemListElement": items},
    }
    head = f'<script type="application/ld+json">{json.dumps(stated)}</script>'
    cards = f'<article class="card"><a href="{BLOG}"><h3>Storm at the harbour</h3></a></article>'
    return page("stated", cards + plain(), [(BLOG, None)], head=head)


def two_and_a_finished_one():
    done = "/news/2026/11/14/council-votes-as-it-happened-54321"
    cards = (
        f'<li><a href="{BLOG}"><strong>Live:</strong> Storm at the harbour</a></li>'
        f'<li><div><span>LIVE UPDATES</span></div><a href="{OTHER}">Rowing: day two of the final</a></li>'
        f'<li><a href="{done}">Council votes on the breakwater – as it happened</a></li>'
    )
    rest = "".join(f'<li><a href="{path}">{title}</a></li>' for path, title in STORIES)
    return page("two", f"<ul>{cards}{rest}</ul>", [(BLOG, True), (OTHER, True), (done, None)])


def front():
    live = f'<div class="lead"><div class="live-badge"></div><h2><a href="{BLOG}">Storm at the harbour: ferry turns back</a></h2></div>'
    return page("front", live + plain(), [(BLOG, True)], path="/", title="The Quay Post")


def nothing_live():
    return page("none", plain(), [], path="/", title="The Quay Post")


def only_called_live():
    """Print things that are called live but are no blogs: television, concerts, a player."""
    cards = (
        '<article><span>LIVE</span><a href="/video/2026/11/18/storm-from-the-pier"><h3>Storm from the pier</h3></a></article>'
        '<article><a href="/culture/2026/11/18/live-music-at-the-old-lock"><h3>Live music at the old lock this week</h3></a></article>'
        '<article><a href="/sport/2026/11/18/how-to-watch-the-final-live"><h3>How to watch the final live on TV</h3></a></article>'
        '<article><span>Live stream</span><a href="/tv/2026/11/18/council-meeting"><h3>Council meeting</h3></a></article>'
        '<article><a href="/life/2026/11/18/where-to-live-by-the-water"><h3>Where to live by the water</h3></a></article>'
        '<article><a href="/news/2026/11/18/sticker-album-of-1986-found"><h3>Sticker album of 1986 found in attic</h3></a></article>'
    )
    return page("otherwise", cards + plain(), [], path="/", title="The Quay Post")


FRONTS = (
    badge_in_span,
    badge_of_an_icon,
    named_in_the_title,
    german_newsticker,
    in_french,
    told_to_search_engines,
    two_and_a_finished_one,
    front,
    nothing_live,
    only_called_live,
)
