# ruff: noqa: E501 - markup as newsrooms have it
"""Pages like those of more, less known newsrooms, with words of our own."""

from dataclasses import replace

from newsrooms import linked
from stories import Story, entries, page, without

TOLD = frozenset({"title", "published", "text"})
NAMED = TOLD | {"id"}


def told_in(name, zone, rows, told, *, title="Storm at the harbour: live updates", path="/live/storm-harbour", language="en", head="", around='<div class="content">{}</div>', asked=NAMED, exact=False, **more):  # fmt: skip
    url = f"https://www.{name}.example{path}"
    body = f"<h1>{title}</h1>" + around.format(rows)
    return Story(
        name,
        url,
        page(title, body, head=head, language=language, url=url),
        tuple(told),
        zone=zone,
        to_the_minute=not exact,
        asked=asked,
        **more,
    )


def published(told, zone):
    first, last = told[-1].local(zone), told[0].local(zone)
    return (
        f'<meta property="article:published_time" content="{first.isoformat()}">'
        f'<meta property="article:modified_time" content="{last.isoformat()}">'
    )


def abc_australia():
    told = [replace(e, key=n in {2, 5}) for n, e in enumerate(entries(9, ids="2026111{n}"))]
    keys = "".join(
        f'<li class="KeyEvents_item__x1"><a href="#live-blog-post-{e.id}"><span>{e.title}</span></a></li>'
        for e in told
        if e.key
    )
    rows = "".join(
        f"""<article class="LiveBlogPost_root__Bq3" id="live-blog-post-{e.id}" data-component="LiveBlogPost">
        <div class="LiveBlogPost_meta__9">{'<span class="Tag_tag__2">Key Event</span>' if e.key else ""}<time class="Timestamp_t__1" datetime="{e.iso}">{e.local("Australia/Sydney"):%-I:%M%p}</time></div>
        <h2 class="LiveBlogPost_title__7">{e.title}</h2><p class="Byline_by__3">By <a href="/news/ada">{e.author}</a></p>
        <div class="LiveBlogPost_body__4">{e.html}</div><div class="Share_x__1"><button>Copy link</button></div></article>"""
        for e in told
    )
    around = (
        f'<section class="KeyEvents_root__x"><h2>Key Events</h2><ul>{keys}</ul></section><div class="LiveBlog_posts__1">'
        "{}</div>"
    )
    return told_in(
        "abc-au",
        "Australia/Sydney",
        rows,
        told,
        path="/news/2026-11-18/storm-harbour-live-blog/104596132",
        around=around,
        asked=NAMED | {"key"},
        exact=True,
    )


def rte():
    told = without(entries(9, whole=True, ids="trk-{n}"))
    rows = "".join(
        f"""<article class="tracker-entry" id="{e.id}"><header><span class="tracker-time">{e.local("Europe/Dublin"):%H:%M}</span>
        <h3 class="tracker-title">{e.title}</h3></header><div class="tracker-content">{e.html}</div></article>"""
        for e in told
    )
    return told_in(
        "rte",
        "Europe/Dublin",
        rows,
        told,
        title="As it happened: Storm at the harbour",
        path="/news/2026/1118/1482123-storm-tracker/",
        head=published(told, "Europe/Dublin"),
        asked=TOLD,
    )


def folha():
    zone = "America/Sao_Paulo"
    months = ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"]
    told = entries(8, whole=True, ids="{n}")
    rows = "".join(
        f"""<li class="c-live-blog__item" id="post-{e.id}" data-post-id="{e.id}"><div class="c-live-blog__header"><span class="c-live-blog__date">{e.local(zone).day}.{months[e.local(zone).month - 1]}.{e.local(zone).year} às {e.local(zone):%Hh%M}</span></div>
        <h3 class="c-live-blog__title">{e.title}</h3><div class="c-live-blog__text">{e.html}</div></li>"""
        for e in told
    )
    return told_in(
        "folha",
        zone,
        rows,
        told,
        title="Tempestade no porto: acompanhe ao vivo",
        path="/mundo/2026/11/aovivo/6412-tempestade.shtml",
        language="pt-BR",
        around='<ol class="c-live-blog">{}</ol>',
        asked=TOLD,
    )


def el_pais():
    zone = "Europe/Madrid"
    told = entries(9, ids="17634{n}")
    rows = "".join(
        f"""<article class="lb_p" id="{e.id}_{e.id}"><header><time class="lb_t" datetime="{e.iso}" data-date="{e.iso}"><a href="#{e.id}_{e.id}">{e.local(zone):%H:%M}</a></time>
        <a class="lb_a" href="/autor/ada/">{e.author}</a></header><h3 class="lb_h">{e.title}</h3><div class="lb_b">{e.html}</div></article>"""
        for e in told
    )
    url = "https://www.el-pais.example/internacional/2026-11-18/tormenta-ultima-hora.html"
    ld = linked(
        told[:5],
        url,
        headline=lambda e: e.title,
        datePublished=lambda e: e.local(zone).isoformat(),
        url=lambda e: f"{url}#{e.id}_{e.id}",
        articleBody=lambda e: f"{e.words}",
    )
    return told_in(
        "el-pais",
        zone,
        rows,
        [replace(e, id=f"{e.id}_{e.id}") for e in told],
        title="Última hora de la tormenta, en directo",
        path="/internacional/2026-11-18/tormenta-ultima-hora.html",
        language="es",
        head=ld,
        around='<div class="posts_w">{}</div>',
        exact=True,
    )


def sky_news():
    told = entries(8, ids="9{n}")
    url = "https://news.sky-news.example/story/storm-latest-12541713"
    ld = linked(
        told,
        url,
        headline=lambda e: e.title,
        datePublished=lambda e: e.iso.replace("Z", "+0000"),
        url=lambda e: f"{url}#{e.id}",
        articleBody=lambda e: f"<p>{e.words}</p>",
        author=lambda e: {"@type": "Person", "name": e.author},
    )
    body = '<h1>Storm latest: live</h1><h5>Key points</h5><ul><li><a href="?postid=9880743#liveblog-body">The ferry turns</a></li></ul><div id="liveblog-body" data-embed="xyz"></div>'
    return Story("sky-news", url, page("Storm latest: live", body, head=ld, url=url), told)


def spiegel():
    zone = "Europe/Berlin"
    told = entries(8, "de", whole=True, ids="{n}")
    rows = "".join(
        f"""<section class="relative mb-24" data-area="article-liveblog>entry" id="entry-{e.id}"><div class="flex"><time class="font-bold" datetime="{e.local(zone):%Y-%m-%d %H:%M:%S}">{e.local(zone):%H.%M} Uhr</time></div>
        <h2 class="text-2xl"><span>{e.title}</span></h2><div class="RichText">{e.html}</div></section>"""
        for e in told
    )
    return told_in(
        "spiegel",
        zone,
        rows,
        told,
        title="Liveblog zum Sturm am Hafen",
        path="/panorama/sturm-am-hafen-im-liveblog-a-1b2c",
        language="de",
    )


def zeit():
    zone = "Europe/Berlin"
    told = entries(8, "de", ids="0f{n}")
    rows = "".join(
        f"""<article class="tik4 liveblog-entry" data-entry-id="{e.id}"><header class="liveblog-entry__header"><span class="liveblog-entry__author">{e.author}</span>
        <time class="liveblog-entry__time" datetime="{e.local(zone).isoformat()}">{e.local(zone):%d. November, %H:%M Uhr}</time></header>
        <h3 class="liveblog-entry__title">{e.title}</h3><div class="liveblog-entry__body">{e.html}</div></article>"""
        for e in told
    )
    return told_in(
        "zeit",
        zone,
        rows,
        told,
        title="Sturm am Hafen: Alle News im Liveblog",
        path="/politik/2026-11/sturm-hafen-liveblog",
        language="de",
        exact=True,
    )


def srf():
    zone = "Europe/Zurich"
    told = entries(8, "de", whole=True, ids="{n}")
    rows = "".join(
        f"""<li class="ticker__item"><div class="ticker-item" id="ticker-{e.id}"><div class="ticker-item__time">{e.local(zone):%H:%M}</div>
        <div class="ticker-item__content"><h3 class="ticker-item__title">{e.title}</h3>{e.html}</div></div></li>"""
        for e in told
    )
    return told_in(
        "srf",
        zone,
        rows,
        told,
        title="Sturm am Hafen – der Liveticker",
        path="/news/international/sturm-liveticker",
        language="de",
        head=published(told, zone),
        around='<ol class="ticker">{}</ol>',
        asked=TOLD,
    )


def der_standard():
    zone = "Europe/Vienna"
    told = entries(8, "de", ids="10009{n}")
    rows = "".join(
        f"""<li class="ticker-posting" id="p{e.id}" data-ticker-posting-id="{e.id}"><div class="head"><span class="author">{e.author}</span>
        <time datetime="{e.local(zone):%Y-%m-%dT%H:%M:%S}">{e.local(zone):%H:%M:%S}</time></div><div class="body"><h2>{e.title}</h2>{e.html}</div></li>"""
        for e in told
    )
    return told_in(
        "der-standard",
        zone,
        rows,
        told,
        title="Sturm am Hafen im Liveticker",
        path="/jetzt/livebericht/3000000012/sturm",
        language="de",
        around='<ul class="ticker-postings">{}</ul>',
        asked=TOLD,
        exact=True,
    )


def le_figaro():
    zone = "Europe/Paris"
    told = entries(8, "fr", ids="4b{n}")
    rows = "".join(
        f"""<article class="live-article" id="msg-{e.id}" data-id="{e.id}"><header class="live-article__header"><time class="live-article__time" datetime="{e.local(zone):%Y-%m-%dT%H:%M:%S%z}">{e.local(zone):%H:%M}</time></header>
        <h2 class="live-article__title">{e.title}</h2><div class="live-article__body">{e.html}</div></article>"""
        for e in told
    )
    return told_in(
        "le-figaro",
        zone,
        rows,
        told,
        title="EN DIRECT - Tempête au port",
        path="/international/en-direct-tempete-au-port-20261118",
        language="fr",
        around='<section class="live">{}</section>',
        asked=TOLD,
        exact=True,
    )


def franceinfo():
    zone = "Europe/Paris"
    told = entries(8, "fr", whole=True, ids="691c{n}")
    rows = "".join(
        f"""<li class="live-message live-message--redaction" id="{e.id}"><div class="live-message__date">{e.local(zone):%H:%M}</div>
        <div class="live-message__content"><p><strong>{e.title}.</strong> {e.words}</p></div><a class="live-message__share" href="#{e.id}">Partager</a></li>"""
        for e in told
    )
    told = [replace(e, title="", words=f"{e.title}. {e.words}") for e in told]
    return told_in(
        "franceinfo",
        zone,
        rows,
        told,
        title="DIRECT. Tempête : le port fermé",
        path="/meteo/direct-tempete_7612345.html",
        language="fr",
        head=published(told, zone),
        around='<ul class="live-messages">{}</ul>',
        asked=TOLD,
    )


def bfmtv():
    zone = "Europe/Paris"
    told = entries(8, "fr", whole=True, ids="2026{n}")
    rows = "".join(
        f"""<div class="content_live_block" id="live_{e.id}"><div class="content_live_datetime"><time datetime="{e.local(zone):%Y-%m-%dT%H:%M}"><span>18/11</span><span>à {e.local(zone):%H:%M}</span></time></div>
        <h2 class="content_live_title">{e.title}</h2><div class="content_live_text">{e.html}</div></div>"""
        for e in told
    )
    return told_in(
        "bfmtv",
        zone,
        rows,
        told,
        title="EN DIRECT - Tempête: le port est fermé",
        path="/meteo/en-direct-tempete_LN-202611180123.html",
        language="fr",
        around='<div class="content_live">{}</div>',
        asked=TOLD,
    )


def corriere():
    zone = "Europe/Rome"
    told = without(entries(8, whole=True), id=None)
    rows = "".join(
        f"""<p class="chapter-paragraph"><strong>Ore {e.local(zone):%H:%M} - {e.title}</strong></p><p class="chapter-paragraph">{e.words}</p>"""
        for e in told
    )
    return told_in(
        "corriere",
        zone,
        rows,
        told,
        title="Tempesta al porto, le notizie di oggi in diretta",
        path="/cronache/diretta-live/26_novembre_18/tempesta.shtml",
        language="it",
        head=published(told, zone),
        asked=TOLD,
    )


def ansa():
    zone = "Europe/Rome"
    told = entries(8, whole=True, ids="{n}")
    rows = "".join(
        f"""<div class="live-post" data-id="{e.id}"><div class="live-meta"><span class="live-date">18 novembre 2026</span> <span class="live-hour">{e.local(zone):%H:%M}</span></div>
        <h3 class="live-title">{e.title}</h3><div class="live-text">{e.html}</div></div>"""
        for e in told
    )
    return told_in(
        "ansa",
        zone,
        rows,
        told,
        title="Tempesta al porto, la diretta",
        path="/sito/notizie/2026/11/18/diretta-tempesta_1a2b.html",
        language="it",
        asked=TOLD,
    )


def financial_times():
    told = entries(8, ids="{hex}-ft")
    rows = "".join(
        f"""<article class="x-live-blog-post" data-trackable="live-post" data-live-blog-post-id="{e.id}" id="post-{e.id}"><div class="x-live-blog-post__meta"><time class="o-date x-live-blog-post__timestamp" data-o-component="o-date" datetime="{e.iso.replace("Z", ".000Z")}">{e.at:%B %-d %Y}</time></div>
        <h2 class="x-live-blog-post__title">{e.title}</h2><p class="x-live-blog-post__byline">{e.author} in Lisbon</p><div class="x-live-blog-post__body n-content-body">{e.html}</div><div class="x-live-blog-post__controls"><button>Share</button></div></article>"""
        for e in told
    )
    return told_in("financial-times", "", rows, told, path="/content/0e1f-live", around='<div class="live-blog">{}</div>', asked=TOLD, exact=True)  # fmt: skip


def nbc_news():
    told = entries(8, ids="rcrd{n}")
    rows = "".join(
        f"""<article class="live-blog-card" id="{e.id}"><div class="live-blog-card__meta"><span class="live-blog-card__time">{n + 1}h ago / <time datetime="{e.at:%a %b %d %Y %H:%M:%S} GMT+0000 (Coordinated Universal Time)">{e.local("America/New_York"):%-I:%M %p} EST</time></span></div>
        <h2 class="live-blog-card__headline">{e.title}</h2><div class="byline">{e.author}</div><div class="live-blog-card__content">{e.html}</div></article>"""
        for n, e in enumerate(told)
    )
    return told_in("nbc", "", rows, told, path="/news/us-news/live-blog/storm-live-updates-rcna1", around='<div class="live-blog-cards">{}</div>', exact=True)  # fmt: skip


def cbc():
    zone = "America/Toronto"
    told = entries(8, ids="b{n}")
    rows = "".join(
        f"""<div class="live-post post-{e.id}" data-postid="{e.id}"><div class="live-post-header"><time class="timeStamp" datetime="{e.iso}" aria-label="x">{n * 10 + 22} minutes ago</time></div><h3>{e.title}</h3><div class="author">{e.author}</div><div class="live-post-body">{e.html}</div></div>"""
        for n, e in enumerate(told)
    )
    return told_in("cbc", zone, rows, told, path="/news/livestory/storm-9.7012345", asked=TOLD, exact=True)  # fmt: skip


def hindustan_times():
    zone = "Asia/Kolkata"
    told = entries(9, whole=True, ids="{n}")
    rows = "".join(
        f"""<li class="liveBlogList" id="lb-{e.id}"><div class="liveTime">{e.local(zone):%b %d, %Y %-I:%M %p} IST</div><h2>{e.title}</h2><div class="liveContent">{e.html}</div></li>"""
        for e in told
    )
    return told_in(
        "hindustan-times",
        zone,
        rows,
        told,
        title="Storm at harbour LIVE updates: cranes stand still",
        path="/india-news/storm-live-updates-101763450000000.html",
        around='<ul class="liveBlog">{}</ul>',
        asked=TOLD,
    )


def indian_express():
    zone = "Asia/Kolkata"
    told = entries(9, whole=True, ids="{n}")
    rows = "".join(
        f"""<div class="lb-item" id="liveblogupdate{e.id}"><div class="lb-time"><span>{e.local(zone):%H:%M} (IST)</span><span>{e.local(zone):%d %b %Y}</span></div><div class="lb-head">{e.title}</div><div class="lb-text">{e.html}</div></div>"""
        for e in told
    )
    return told_in(
        "indian-express",
        zone,
        rows,
        told,
        title="Storm Live Updates",
        path="/article/india/storm-live-updates-9001/",
        around='<div class="ev-live">{}</div>',
        asked=TOLD,
    )


def yle():
    zone = "Europe/Helsinki"
    told = entries(8, ids="74-{n}")
    rows = "".join(
        f"""<article class="yle__liveFeed__post" id="{e.id}"><header><time dateTime="{e.local(zone).isoformat()}">{e.local(zone):%-d.%-m. %H:%M}</time></header><h2>{e.title}</h2>{e.html}</article>"""
        for e in told
    )
    return told_in("yle", zone, rows, told, title="Myrsky satamassa – hetki hetkeltä", path="/a/74-20123456", language="fi", asked=TOLD, exact=True)  # fmt: skip


def aftonbladet():
    zone = "Europe/Stockholm"
    told = entries(8, whole=True, ids="{n}")
    rows = "".join(
        f"""<div class="hyperion-css-1{n}x"><div class="hyperion-css-q"><time dateTime="{e.local(zone).isoformat()}">I dag {e.local(zone):%H:%M}</time></div><div class="hyperion-css-t"><h3>{e.title}</h3>{e.html}<p>av {e.author}</p></div></div>"""
        for n, e in enumerate(told)
    )
    return told_in(
        "aftonbladet",
        zone,
        rows,
        without(told, id=None),
        title="Direkt: Stormen i hamnen – senaste nytt",
        path="/direkt/a/Xy12/stormen-i-hamnen-direktrapport",
        language="sv",
        asked=TOLD,
        exact=True,
    )


def telex():
    zone = "Europe/Budapest"
    told = entries(8, whole=True, ids="{n}")
    rows = "".join(
        f"""<div class="article-livefeed__post" id="post-{e.id}"><div class="article-livefeed__date">{e.local(zone).year}. november {e.local(zone).day}. – {e.local(zone):%H:%M}</div><h3>{e.title}</h3><div>{e.html}</div></div>"""
        for e in told
    )
    return told_in(
        "telex",
        zone,
        rows,
        told,
        title="Vihar a kikötőben – percről percre",
        path="/kulfold/2026/11/18/vihar-percrol-percre",
        language="hu",
        head=published(told, zone),
        around='<div class="article-livefeed">{}</div>',
        asked=TOLD,
    )


def tvn24():
    zone = "Europe/Warsaw"
    told = entries(8, whole=True, ids="{n}")
    rows = "".join(
        f"""<article class="live-event" data-id="{e.id}"><div class="live-event__time"><span>18.11.2026</span>, <span>{e.local(zone):%H:%M}</span></div><h3 class="live-event__title">{e.title}</h3><div class="live-event__lead">{e.html}</div></article>"""
        for e in told
    )
    return told_in(
        "tvn24",
        zone,
        rows,
        told,
        title="Sztorm w porcie. Relacja na żywo",
        path="/swiat/sztorm-w-porcie-relacja-na-zywo-st1",
        language="pl",
        asked=TOLD,
    )


def macrumors():
    told = without(entries(9, whole=True), id=None, title="")
    zone = "America/Los_Angeles"
    rows = "".join(
        f"<p><strong>{e.local(zone):%-I:%M %p}</strong>: {e.words}</p>".replace("AM", "am").replace(
            "PM", "pm"
        )
        for e in told
    )
    return told_in("macrumors", zone, rows, told, title="Harbour Event: Live Coverage", path="/2026/11/18/harbour-live-blog/", head=published(told, zone), asked=frozenset({"published", "text"}))  # fmt: skip


def la_nacion():
    zone = "America/Argentina/Buenos_Aires"
    told = entries(8, whole=True, ids="{n}")
    rows = "".join(
        f"""<article class="mod-liveblog-item" id="nota-{e.id}"><div class="com-date"><time class="com-date --hour">{e.local(zone):%H:%M}</time> <span>18 de noviembre de 2026</span></div><h2 class="com-title">{e.title}</h2><section>{e.html}</section></article>"""
        for e in told
    )
    return told_in(
        "la-nacion",
        zone,
        rows,
        told,
        title="Tormenta en el puerto, en vivo: minuto a minuto",
        path="/el-mundo/tormenta-en-vivo-nid18112026/",
        language="es",
        asked=TOLD,
    )


def politico():
    zone = "Europe/Brussels"
    told = entries(8, ids="{n}")
    rows = "".join(
        f"""<div class="live-update" id="update-{e.id}"><p class="live-update__date">{e.local(zone):%B %-d, %Y} {e.local(zone):%-I:%M} {e.local(zone):%p}</p><h3 class="live-update__title"><a href="/live/storm/?update={e.id}">{e.title}</a></h3><p class="live-update__author">By {e.author}</p><div class="live-update__content">{e.html}</div></div>""".replace(
            " PM", " pm"
        )
        for e in without(told)
    )
    return told_in("politico", zone, rows, told, path="/live/storm/", asked=TOLD)


def ynet():
    zone = "Asia/Jerusalem"
    told = entries(8, "he", whole=True, ids="{n}")
    rows = "".join(
        f"""<div class="LiveBlogItem"><div class="LiveBlogItem-time">{e.local(zone):%H:%M} <span>18.11.26</span></div><h2>{e.title}</h2><div class="text">{e.html}</div></div>"""
        for e in told
    )
    return told_in(
        "ynet",
        zone,
        rows,
        told,
        title="סערה בנמל: עדכונים שוטפים",
        path="/news/article/liveblog",
        language="he",
        head=published(told, zone),
        asked=TOLD,
    )


def reuters():
    told = entries(8, ids="{hex}")
    rows = "".join(
        f"""<li data-testid="live-blog-post"><div id="{e.id}" class="post__x1"><span class="date-line__2"><time datetime="{e.iso}"><span>{e.at:%B %-d, %Y}</span><span>{e.at:%-I:%M %p} UTC</span></time></span><h3 data-testid="Heading">{e.title}</h3><div data-testid="paragraph-0">{e.words}</div></div></li>"""
        for e in told
    )
    return told_in(
        "reuters",
        "",
        rows,
        told,
        path="/world/storm-live-2026-11-18/",
        around="<ul>{}</ul>",
        exact=True,
    )


def kathimerini():
    zone = "Europe/Athens"
    told = entries(8, whole=True, ids="{n}")
    rows = "".join(
        f"""<div class="live-feed-item" data-timestamp="{e.epoch}"><div class="lf-time">{e.local(zone):%H:%M}</div><div class="lf-title">{e.title}</div><div class="lf-content">{e.html}</div></div>"""
        for e in told
    )
    return told_in("kathimerini", zone, rows, told, title="Καταιγίδα στο λιμάνι: λεπτό προς λεπτό", path="/live/kataigida", language="el", asked=TOLD, exact=True)  # fmt: skip


MORE_NAMED = (
    abc_australia,
    rte,
    folha,
    el_pais,
    sky_news,
    spiegel,
    zeit,
    srf,
    der_standard,
    le_figaro,
    franceinfo,
    bfmtv,
    corriere,
    ansa,
    financial_times,
    nbc_news,
    cbc,
    hindustan_times,
    indian_express,
    yle,
    aftonbladet,
    telex,
    tvn24,
    macrumors,
    la_nacion,
    politico,
    ynet,
    reuters,
    kathimerini,
)
