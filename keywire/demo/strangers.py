"""Pages of the invented newspaper other than live blogs: its front page, an article, a wall."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from keywire.demo.blog import Blog
from keywire.demo.markup import EDITION, NAME, SECTION, configuration, full, time_tag


def render_front(blogs: Sequence[Blog], now: datetime, site: str) -> str:
    """Return the site's front page: a listing of its live blogs, without entries."""
    return _bare(
        NAME,
        f'<main><h1>{NAME}</h1><section id="{now.astimezone(EDITION):%d-%B-%Y}">'
        + "".join(_card(blog) for blog in blogs)
        + "</section></main>",
        f'<link rel="canonical" href="{site}/">',
    )


def render_article(site: str) -> str:
    """Return an ordinary article."""
    return _bare(
        "Six walks along the Otter coast",
        '<main data-layout="StandardLayout"><h1>Six walks along the Otter coast</h1>'
        '<div id="maincontent"><p>From the salt pans to the old lifeboat station, here are six'
        " routes that can be done between two tides.</p><p>Take a coat. The wind does not read"
        " forecasts.</p></div></main>",
        f'<link rel="canonical" href="{site}/{SECTION}/six-walks-along-the-otter-coast">'
        '<meta property="og:type" content="article">'
        + configuration(
            site,
            {"contentType": "Article", "isLive": False, "pageId": f"{SECTION}/six-walks"},
        ),
    )


def render_consent_wall() -> str:
    """Return a page that only asks for consent, as served at any address."""
    return _bare(
        "Your privacy",
        '<main role="dialog" aria-modal="true"><h1>Before you read on</h1><p>We and our 214'
        " partners store and read information on your device. Choose what you allow.</p>"
        '<form method="post" action="/consent"><button name="all">Accept all</button>'
        '<button name="more">Manage my choices</button></form></main>',
    )


def _bare(title: str, body: str, head: str = "") -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>{head}</head>\n<body>{body}</body></html>\n"
    )


def _card(blog: Blog) -> str:
    design = 11 if blog.live else 12
    return (
        f'<div data-format-design="{design}" data-format-theme="0">'
        f'<a href="{escape(blog.path)}" aria-label="{escape(blog.title)}"></a>'
        f"<h3>{escape(blog.title)}</h3>{time_tag(blog.changed, full(blog.changed))}</div>"
    )
