# ruff: noqa: E501 - markup as others have it
"""Pages that are no live blogs but look like one to a careless program."""

import json
from datetime import timedelta

from stories import NEWEST, Story, entries, page


def other(name, title, body, *, path="/a/b", head="", kind="article", language="en"):
    url = f"https://www.{name}.example{path}"
    return Story(
        name,
        url,
        page(title, f"<h1>{title}</h1>{body}", head=head, url=url, kind=kind, language=language),
        kind="",
    )


def comment_thread():
    rows = "".join(
        f'<li class="item" id="p{e.id}"><b>{e.author}</b> <time datetime="{e.iso}">{e.at:%H:%M}</time><div>{e.html}</div><a href="#">Reply</a></li>'
        for e in entries(20)
    )
    return other(
        "thread",
        "Why the harbour floods",
        f"<p>{entries(1)[0].words}</p><p>{entries(2)[1].words}</p><section id='responses'><h2>20 responses</h2><ol class='list'>{rows}</ol></section>",
    )


def comments_of_a_live_stream():
    rows = "".join(
        f'<div class="comment-body" id="c{e.id}"><time datetime="{e.iso}">x</time><p>{e.words}</p></div>'
        for e in entries(20)
    )
    return other(
        "stream",
        "Watch live: storm at the harbour",
        f"<video></video><div class='comment-list'>{rows}</div>",
        path="/live/stream",
    )


def forum():
    rows = "".join(
        f'<article class="post" id="post-{e.id}"><header><a href="/u/{n}">{e.author}</a><time datetime="{e.iso}">{e.at:%H:%M}</time><a href="#post-{e.id}">#{n + 1}</a></header><div class="post-body">{e.html}</div><footer><button>Like</button><button>Quote</button></footer></article>'
        for n, e in enumerate(reversed(entries(20)))
    )
    return other(
        "forum",
        "Live thread: storm at the harbour",
        f"<div class='posts'>{rows}</div>",
        path="/threads/live-thread-storm.4411/",
        kind="website",
    )


def schedule():
    rows = "".join(
        f"<li><strong>{6 + n}:{15 * (n % 4):02}</strong> Harbour Tales, episode {n}: the keeper finds an old letter in the lamp room.</li>"
        for n in range(16)
    )
    return other("tv", "TV tonight: live on channel nine", f"<ul>{rows}</ul>", path="/tv/live")


def schedule_headings():
    rows = "".join(
        f"<h3>{6 + n}:00 Harbour Tales</h3><p>Episode {n}: the keeper finds an old letter in the lamp room and reads it to the gulls.</p>"
        for n in range(16)
    )
    return other("tvguide", "What is on today: live sport and more", rows, path="/guide")


def results():
    rows = "".join(
        f"<tr><td>{10 + n // 4}:{15 * (n % 4):02}</td><td>Pier United</td><td>{n % 4}:{n % 3}</td><td>Quay Rovers</td></tr>"
        for n in range(24)
    )
    return other(
        "results",
        "Live scores: all results",
        f"<table><tbody>{rows}</tbody></table>",
        path="/live-scores",
    )


def changelog():
    rows = "".join(
        f'<section id="v1-{30 - n}"><h2>1.{30 - n}</h2><time datetime="2026-{11 - n % 10:02}-{1 + n:02}">x</time><ul><li>Fixed a leak in the pump driver that let water in.</li><li>The gauge reads metres now.</li></ul></section>'
        for n in range(12)
    )
    return other(
        "changelog", "Release notes and latest updates", rows, path="/changelog", kind="website"
    )


def changelog_timed():
    rows = "".join(
        f'<article class="release" id="r{e.id}"><h2>v1.{20 - n}</h2><relative-time datetime="{(e.at - timedelta(days=9 * n)).isoformat()}">Nov</relative-time><div class="markdown-body"><ul><li>{e.words}</li></ul></div></article>'
        for n, e in enumerate(entries(10))
    )
    return other(
        "releases",
        "Releases · pump/driver",
        f"<div>{rows}</div>",
        path="/pump/driver/releases",
        kind="object",
    )


def status_page():
    rows = "".join(
        f'<div class="incident" id="i{e.id}"><h3>Delayed pumps</h3><div class="update"><strong>Resolved</strong> - {e.words} <small><time datetime="{e.iso}">x</time></small></div></div>'
        for e in entries(8)
    )
    return other("status", "Pump status: latest updates", rows, path="/history", kind="website")


def programme():
    rows = "".join(
        f'<div class="session" id="s{n}"><time datetime="2026-12-0{1 + n % 3}T{9 + n % 9:02}:00:00+01:00">{9 + n % 9}:00</time><h3>Talk {n}: pumps of the north</h3><p>The speaker shows how forty pumps were built in one summer, and what they cost.</p></div>'
        for n in range(18)
    )
    return other(
        "congress",
        "Pump congress 2026: programme",
        f"<div class='sessions'>{rows}</div>",
        path="/programme",
        kind="website",
    )


def programme_by_clock():
    rows = "".join(
        f"<h3>{9 + n // 2}:{30 * (n % 2):02} Talk {n}</h3><p>The speaker shows how forty pumps were built in one summer, and what they cost the town.</p>"
        for n in range(14)
    )
    return other(
        "fair", "Harbour fair live: the programme for Saturday", rows, path="/live/programme"
    )


def search_results():
    rows = "".join(
        f'<article class="result"><h3><a href="/news/{e.id}">{e.title}</a></h3><time datetime="{e.iso}">{e.at:%d %b}</time><p>{e.words}</p></article>'
        for e in entries(15)
    )
    return other(
        "search",
        "Search results for “live updates”",
        f"<div class='results'>{rows}</div>",
        path="/search",
        kind="website",
    )


def news_list():
    rows = "".join(
        f'<div class="story" data-id="{e.id}"><time datetime="{e.iso}">{e.at:%H:%M}</time><h3><a href="/news/{e.id}">{e.title}</a></h3><p>{e.words}</p></div>'
        for e in entries(15)
    )
    return other(
        "latest",
        "Latest news live",
        f"<div class='stories'>{rows}</div>",
        path="/latest",
        kind="website",
    )


def newsticker_list():
    rows = "".join(
        f'<li class="ticker-item"><time datetime="{e.iso}">{e.at:%H:%M}</time> <a href="/meldung/{e.id}">{e.title}</a></li>'
        for e in entries(15, "de")
    )
    return other(
        "newsticker",
        "Newsticker",
        f"<ul class='ticker'>{rows}</ul>",
        path="/newsticker",
        kind="website",
        language="de",
    )


def home_page():
    rows = "".join(
        f'<article data-id="{e.id}"><a href="/news/live/{e.id}"><h3>{e.title}</h3></a><p>{e.words}</p><time datetime="{e.iso}">x</time></article>'
        for e in entries(15)
    )
    return other(
        "front",
        "The Quay: live news",
        f"<div class='live-feed'>{rows}</div>",
        path="/",
        kind="website",
    )


def timeline_in_article():
    told = entries(7)
    rows = "".join(f"<h3>{e.at:%H:%M}: {e.title}</h3><p>{e.words}</p>" for e in reversed(told))
    body = "".join(f"<p>{e.words}</p>" for e in told) * 3
    return other(
        "timeline",
        "How the storm came: a reconstruction",
        f"<p>Two weeks later, a reconstruction.</p>{body}<h2>How the night went</h2>{rows}",
        head='<meta property="article:modified_time" content="2026-12-02T09:00:00Z">',
    )


def years():
    rows = "".join(
        f"<h3>19{10 + 7 * n}</h3><p>The harbour was dredged again, and the town paid for it with a tax on herring.</p>"
        for n in range(12)
    )
    return other("history", "A timeline of the harbour", rows)


def podcasts():
    rows = "".join(
        f'<div class="episode" data-id="{e.id}"><h3>Episode {90 - n}: {e.title}</h3><time datetime="{(e.at - timedelta(days=7 * n)).isoformat()}">x</time><p>{e.words}</p><audio src="/e/{n}.mp3"></audio></div>'
        for n, e in enumerate(entries(15))
    )
    return other(
        "podcast",
        "Harbour live: all episodes",
        f"<div class='episodes'>{rows}</div>",
        path="/podcasts/harbour-live",
        kind="website",
    )


def reviews():
    rows = "".join(
        f'<div class="rv" id="rv{e.id}" data-date="{e.epoch}"><span>★★★★</span><h4>{e.title}</h4><p>{e.words}</p><span>{e.author}</span></div>'
        for e in entries(15)
    )
    return other(
        "shop",
        "Live camera X200",
        f"<p>The camera that streams.</p><div class='customer-reviews'>{rows}</div>",
        path="/p/live-camera",
        kind="product",
    )


def questions():
    rows = "".join(
        f'<details id="q{n}"><summary>Question {n}?</summary><p>The pumps run by day and by night, and nobody needs to do anything.</p><small>Last updated <time datetime="2026-0{1 + n % 9}-01T10:00:00Z">x</time></small></details>'
        for n in range(12)
    )
    return other("faq", "Live help: questions and answers", rows, path="/faq", kind="website")


def jobs():
    rows = "".join(
        f'<li class="job" data-id="{e.id}"><h3>Pump keeper ({n})</h3><p>Full time, at the harbour. You keep forty pumps in good order and like the sea.</p><time datetime="{e.iso}">{n} days ago</time></li>'
        for n, e in enumerate(entries(12))
    )
    return other(
        "jobs", "Jobs at the harbour", f"<ul class='jobs'>{rows}</ul>", path="/jobs", kind="website"
    )


def trains():
    rows = "".join(
        f"<tr><td>{5 + n // 3}:{20 * (n % 3):02}</td><td>Northport</td><td>Platform {n % 6}</td><td>on time</td></tr>"
        for n in range(40)
    )
    return other(
        "trains",
        "Live departures",
        f"<table>{rows}</table>",
        path="/live/departures",
        kind="website",
    )


def recipe():
    rows = "".join(
        f"<p>{n}.{10 + n} cups of flour go into the bowl, and then you stir for a long while.</p>"
        for n in range(1, 9)
    )
    return other("recipe", "Plain soup, live from the kitchen", rows)


def weather():
    rows = "".join(
        f'<div class="hour"><time datetime="2026-11-19T{n:02}:00:00Z">{n:02}:00</time><p>Rain with strong wind from the west, later dry.</p></div>'
        for n in range(24)
    )
    return other(
        "weather",
        "Weather live: the next 24 hours",
        f"<div class='hours'>{rows}</div>",
        path="/weather/live",
        kind="website",
    )


def related_live_list():
    rows = "".join(
        f'<div class="card live-card"><time datetime="{e.iso}">{e.at:%H:%M}</time><h3><a href="/live/{e.id}">{e.title}</a></h3><p>{e.words}</p></div>'
        for e in entries(8)
    )
    body = "".join(f"<p>{e.words}</p>" for e in entries(10))
    return other(
        "related",
        "Five things about the storm",
        f"{body}<section><h2>Live now</h2>{rows}</section>",
    )


def event_list():
    rows = "".join(
        f'<li><time datetime="{e.iso}">x</time><h3>{e.title}</h3><p>{e.words}</p><a href="/tickets/{e.id}">Tickets</a></li>'
        for e in entries(12)
    )
    return other(
        "concerts",
        "Live music: past concerts",
        f"<ul class='events'>{rows}</ul>",
        path="/live-music/archive",
        kind="website",
    )


def letters():
    rows = "".join(f"<p><strong>{e.author}</strong>: {e.words}</p>" for e in entries(12))
    return other("interview", "Live interview: the keeper speaks", rows)


def blog_archive():
    rows = "".join(
        f'<article class="post" id="post-{e.id}"><h2><a href="/2026/11/{e.id}/">{e.title}</a></h2><time datetime="{(e.at - timedelta(days=3 * n)).isoformat()}">x</time>{e.html}</article>'
        for n, e in enumerate(entries(10))
    )
    return other(
        "blogger", "Harbour life", f"<div class='posts'>{rows}</div>", path="/blog", kind="website"
    )


def revision_history():
    rows = "".join(
        f'<li data-mw-revid="{e.id}" id="rev-{e.id}"><time datetime="{e.iso}">{e.at:%H:%M}</time> <a href="/u/{e.author}">{e.author}</a> ({e.title}) <span>{e.words}</span></li>'
        for e in entries(20)
    )
    return other(
        "wiki",
        "Storm: revision history",
        f"<ul id='pagehistory'>{rows}</ul>",
        path="/w/index.php",
        kind="website",
    )


def chat_log():
    rows = "".join(
        f'<div class="message" id="m{e.id}"><span class="nick">{e.author}</span><time datetime="{e.iso}">{e.at:%H:%M}</time><p>{e.words}</p></div>'
        for e in entries(20)
    )
    return other(
        "chat",
        "#harbour live chat",
        f"<div class='messages'>{rows}</div>",
        path="/live-chat",
        kind="website",
    )


def programme_in_japanese():
    rows = "".join(
        f"<h3>午後{n}時{15 * (n % 4):02}分 港の物語</h3><p>第{n}話。灯台守が灯室で古い手紙を見つけ、かもめに読んで聞かせる。</p>"
        for n in range(1, 12)
    )
    return other("bangumi", "今夜のライブ放送", rows, path="/live/tv", language="ja")


def programme_spans_in_korean():
    rows = "".join(
        f"<div class='row'><span class='t'>오후 {n}:02 ~ 오후 {n + 1}:02</span><h3>항구 이야기</h3><p>등대지기가 등실에서 오래된 편지를 발견하고 갈매기에게 읽어 준다.</p></div>"
        for n in range(1, 11)
    )
    return other("pyeonseong", "오늘의 라이브", rows, path="/live/tv", language="ko")


def scores_in_japanese():
    rows = "".join(
        f"<h3>{n}点 港クラブ</h3><p>前半は三時間の遅れで始まり、後半は霧の中で続けられたと主催者は述べている。</p>"
        for n in range(20, 8, -1)
    )
    return other("tokuten", "港の速報", rows, path="/live/scores", language="ja")


def recipe_by_days():
    rows = "".join(
        f"<p><strong>{n} cups 15:4{n} flour</strong></p><p>Stir the flour into the broth until the spoon stands by itself, then rest it.</p>"
        for n in range(3, 9)
    )
    return other("soup", "Plain soup, live from our kitchen", rows, path="/live/soup")


def comments_without_a_year():
    rows = "".join(
        f'<div class="item"><b>{e.author}</b> <span class="when">{e.at:%-d %b %H:%M}</span><p>{e.words}</p><button>Reply</button></div>'
        for e in entries(20)
    )
    return other("replies", "Live: storm at the harbour", f"<div>{rows}</div>", path="/live/storm")


def changelog_without_a_year():
    rows = "".join(
        f"<p><strong>{e.at - timedelta(days=4 * n):%-d %b %H:%M}</strong></p><p>{e.words}</p>"
        for n, e in enumerate(entries(12))
    )
    return other("driver", "Pump driver: latest updates", rows, path="/driver/updates")


def events_by_weekday():
    days = (
        "Wednesday 7:30pm",
        "Tuesday 6:45pm",
        "Monday 5:15pm",
        "Sunday 4:00pm",
        "Saturday 3:30pm",
    )
    rows = "".join(
        f"<div class='item'><h3>{e.title}</h3><p class='when'>{day}</p><p>{e.words}</p></div>"
        for e, day in zip(entries(5), days, strict=True)
    )
    return other("whats-on", "Live at the harbour this week", rows, path="/live/week")


def articles_of_an_archive_in_chinese():
    rows = "".join(
        f"<div class='item'><span class='when'>{(e.at - timedelta(days=3 * n)):%Y年%m月%d日 %H:%M}</span><h3><a href='/a/{e.id}'>港口新闻</a></h3><p>码头上的第二台起重机今天第三次停下来了，司机去取更长的梯子。</p></div>"
        for n, e in enumerate(entries(10))
    )
    return other("dangan", "港口 实时 新闻", rows, path="/live/archive", language="zh")


def evening_by_headlines():
    begins = ("22:15", "21:45", "20:15", "19:30", "18:00", "17:05")
    rows = "".join(
        f"<h3>{e.title} ({at.replace(':', '.')} Uhr)</h3><p>{e.words}</p>"
        for e, at in zip(entries(6, "de"), begins, strict=True)
    )
    return other("abend", "Das läuft heute live im Fernsehen", rows, language="de")


def fixtures_by_headlines():
    begins = ("13.30", "15.30", "15.30", "18.30", "20.45")
    rows = "".join(
        f"<h3>FC Hafen {n} – SV Kai {n} ({at} Uhr)</h3><p>{e.words}</p>"
        for n, (e, at) in enumerate(zip(entries(5, "de"), begins, strict=True))
    )
    return other("spieltag", "Der Spieltag: alle Spiele live", rows, language="de")


def questions_folded():
    rows = "".join(
        f"<div class='q'><time datetime='{e.iso}'>{e.at:%H:%M}</time><details><summary>{e.title}?</summary>{e.html}</details></div>"
        for e in entries(8)
    )
    return other("folded", "Live help: your questions", f"<div>{rows}</div>", path="/live/help")


def transcript():
    rows = "".join(
        f"<p><strong>{n:02}:{7 * n % 60:02}</strong> {e.author}: {e.words}</p>"
        for n, e in enumerate(entries(16), 1)
    )
    return other("transcript", "Live interview with the mayor: the transcript", rows)


def played_songs():
    rows = "".join(
        f"<li><span class='t'>{e.at:%H:%M}</span> <span class='a'>{e.author}</span> – <span class='s'>{e.title}</span></li>"
        for e in entries(20)
    )
    return other("songs", "Harbour Radio live: what was on", f"<ul>{rows}</ul>", path="/live")


def quotes():
    rows = "".join(
        f"<li><time>{e.at:%H:%M}</time> <b>HRB {18000 + 7 * n},{n:02}</b> <i>+{n},{n}3 %</i> Vol. {n}42.318</li>"
        for n, e in enumerate(entries(20))
    )
    return other("kurse", "Kurse live: Hafen AG", f"<ul>{rows}</ul>", path="/live/kurse")


def about_a_live_blog():
    body = "".join(f"<p>{e.words}</p>" for e in entries(6))
    links = "".join(
        f'<li><a href="/live/storm#{e.id}"><time datetime="{e.iso}">{e.at:%H:%M}</time> {e.title}</a></li>'
        for e in entries(6)
    )
    return other("about", "How our live blog was made", f"{body}<h2>From the blog</h2><ul>{links}</ul>")  # fmt: skip


def quakes():
    rows = "".join(
        f"<tr><td>{e.at:%H:%M:%S}</td><td>{n + 1}.{n}</td><td>{n * 7} km north of the harbour</td></tr>"
        for n, e in enumerate(entries(20))
    )
    return other("quakes", "Live: latest earthquakes", f"<table>{rows}</table>", path="/live/quakes")  # fmt: skip


def letters_of_the_day():
    rows = "".join(
        f'<div class="letter"><h3>{e.title}</h3><p>{e.words}</p><p class="sign">{e.author}, {e.at:%-d %B %Y}</p></div>'
        for e in entries(8)
    )
    return other("letters-day", "Your letters: live debate", rows)


def live_beside_an_article():
    rows = "".join(
        f'<li data-id="{e.id}" data-published-at="{e.epoch}" class="live-item"><div><a href="/direct/{e.id}"><span>{e.at:%H:%M}</span></a> <a href="/direct/#{e.id}"><span class="live-item-title">{e.title}</span></a></div><div class="live-item-text">{e.html}</div></li>'
        for e in entries(20)
    )
    said = "".join(e.html for e in entries(4))
    side = f'<aside id="side"><div class="live"><a href="/direct/">Direct</a><ul class="live-flux">{rows}</ul></div></aside>'
    return other("beside", "Two divers were heard", f'<div class="grid"><div>{said}</div>{side}</div>')  # fmt: skip


def latest_without_headings():
    rows = "".join(
        f'<div class="news-item" id="n{n}"><time datetime="{e.iso}">{e.at:%H:%M}</time><div><a href="/news/2026/{n}-story">{e.title}</a></div>{e.html}</div>'
        for n, e in enumerate(entries(20))
    )
    return other("latest", "Latest updates: live news", rows, path="/live")


def table_of_reviews():
    rows = "".join(
        f"<tr><td>{n + 7}:{n * 5 % 60:02}</td><td>{e.words}</td></tr>"
        for n, e in enumerate(entries(12))
    )
    return other("tour", "Tour of the harbour: what you will see", f"<table>{rows}</table>")


def state_of_teasers():
    said = [
        {
            "id": f"t{n}",
            "publishedAt": e.iso,
            "title": e.title,
            "description": e.words,
            "url": f"/news/{n}-story",
        }
        for n, e in enumerate(entries(12))
    ]
    state = f"<script>window.__INITIAL_STATE__ = {json.dumps({'feed': {'items': said}})};</script>"
    return other(
        "teased", "Watch the storm: live updates", f"<p>Follow us.</p>{state}", path="/live"
    )


def state_of_slugs():
    said = [
        {
            "id": f"t{n}",
            "slug": f"{n}-story",
            "publishedAt": e.iso,
            "title": e.title,
            "description": e.words,
        }
        for n, e in enumerate(entries(12))
    ]
    state = f"<script>window.__INITIAL_STATE__ = {json.dumps({'latest': said})};</script>"
    return other(
        "slugs", "Storm live: watch the harbour", f"<p>Watch with us.</p>{state}", path="/live"
    )


def state_of_a_chat():
    said = [{"id": f"c{n}", "createdAt": e.iso, "text": e.words} for n, e in enumerate(entries(12))]
    state = f"<script>window.__INITIAL_STATE__ = {json.dumps({'lines': said})};</script>"
    return other("chat-state", "Storm live", f"<p>Talk with us.</p>{state}", path="/live")


def parts_behind_a_paywall():
    said = {
        "@type": "NewsArticle",
        "headline": "Storm live",
        "hasPart": {
            "@type": "WebPageElement",
            "isAccessibleForFree": False,
            "cssSelector": ".paid",
        },
    }
    words = "".join(e.html for e in entries(3))
    block = f'<script type="application/ld+json">{json.dumps(said)}</script>'
    return other("paid", "Storm: live", f"{block}{words}")


def latest_with_links_before_words():
    rows = "".join(
        f'<li><span class="time">{e.at:%H:%M}</span> <a href="/news/{n}">{e.title}</a>{e.html}</li>'
        for n, e in enumerate(entries(10))
    )
    return other("latest", "Latest news", f"<ul>{rows}</ul>", path="/latest")


def releases_below_their_page():
    rows = "".join(
        f'<div class="pr"><span>18.11.2026 – {e.at:%H:%M}</span><h3><a href="/press/{n}">{e.title}</a></h3>{e.html}</div>'
        for n, e in enumerate(entries(10))
    )
    return other("press", "Press releases", rows, path="/press")


def teasers_beside_a_story():
    story = "".join(e.html for e in entries(10))
    rows = "".join(
        f'<div class="teaser"><time datetime="{e.iso}">{e.at:%H:%M}</time><h3>{e.title}</h3><p>{e.words[:60]}</p></div>'
        for e in entries(5)
    )
    return other("beside", "Storm live", f"<article>{story * 2}</article><div>{rows}</div>")


def messages_of_a_road_service():
    rows = "".join(
        f'<div class="v"><b>Road {n}</b> <span>{e.at:%H:%M}</span>{e.html}</div>'
        for n, e in enumerate(entries(9))
    )
    return other("roads", "Messages of the road service", rows, path="/roads")


def a_day_to_live_through():
    rows = "".join(f"<h3>{8 + 2 * n}.{n * 7:02d}</h3>{e.html}" for n, e in enumerate(entries(7)))
    return other("day", "Live like a local: a day at the harbour", rows, path="/travel/day")


def acts_of_an_evening():
    rows = "".join(
        f"<li><b>{22 - n}:{n * 5:02d}</b> <strong>{e.title}</strong>{e.html}</li>"
        for n, e in enumerate(entries(8))
    )
    return other("acts", "The quay live: who plays tonight", f"<ul>{rows}</ul>", path="/acts")


def bids_for_a_crane():
    rows = "".join(
        f'<li><time datetime="{e.iso}">{e.at:%H:%M}</time> Bidder {n} offered €{900 - 10 * n} for the old crane and its hook.</li>'
        for n, e in enumerate(entries(9))
    )
    return other("bids", "Live auction: lot 9", f"<ul>{rows}</ul>", path="/live/lot-9")


LOOKALIKES = (
    bids_for_a_crane, acts_of_an_evening, a_day_to_live_through, messages_of_a_road_service, latest_with_links_before_words, releases_below_their_page, teasers_beside_a_story,
    latest_without_headings, table_of_reviews, state_of_teasers, state_of_slugs, state_of_a_chat, parts_behind_a_paywall,
    comment_thread, comments_of_a_live_stream, forum, schedule, schedule_headings, results, changelog, changelog_timed,
    status_page, programme, programme_by_clock, search_results, news_list, newsticker_list, home_page,
    timeline_in_article, years, podcasts, reviews, questions, jobs, trains, recipe, weather, related_live_list,
    event_list, letters, blog_archive, revision_history, chat_log,
    programme_in_japanese, programme_spans_in_korean, scores_in_japanese, recipe_by_days, comments_without_a_year,
    evening_by_headlines, fixtures_by_headlines, questions_folded, transcript, played_songs, quotes,
    live_beside_an_article, about_a_live_blog, quakes, letters_of_the_day,
    changelog_without_a_year, events_by_weekday, articles_of_an_archive_in_chinese,
)  # fmt: skip
_ = NEWEST
