# ruff: noqa: E501 - markup as newsrooms have it
"""The forms in which invented newsrooms print their entries: a table, one row a form.

A form is how a page prints one entry. Every form must be read alike: each entry with its time to
the minute, its title and its words, and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from zoneinfo import ZoneInfo

from newsrooms_more import TOLD, published, told_in
from stories import Entry, entries, without

BANGKOK, BERLIN, HANOI, PARIS = "Asia/Bangkok", "Europe/Berlin", "Asia/Ho_Chi_Minh", "Europe/Paris"
AMSTERDAM, DELHI, ISTANBUL, MADRID = "Europe/Amsterdam", "Asia/Kolkata", "Europe/Istanbul", "Europe/Madrid"  # fmt: skip
CARD = '<div class="Related"><a href="/news/old"><h4>How the storm of 2019 passed</h4></a><time datetime="2019-03-02T10:00:00-05:00">March 2, 2019</time><p>A look back at the day the pier broke.</p></div>'
BENGALI = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
LONDON, NEW_YORK, VIENNA = "Europe/London", "America/New_York", "Europe/Vienna"


@dataclass(frozen=True, slots=True)
class Form:
    """How a newsroom prints an entry; `row` gets the entry and its local time."""

    name: str
    zone: str
    row: Callable[[Entry, object], str]
    title: str = "Storm at the harbour: live updates"
    language: str = "en"
    around: str = '<div class="content">{}</div>'
    count: int = 8
    step: int = 1
    by_day: str = ""  # markup around the entries of a day, with its heading
    untitled: bool = False
    shorten: bool = False  # titles of one word
    spoken: bool = False  # bodies begin with a dash, as speech does in Scandinavia


def as_they_are(told):
    return told


def printed(form: Form, made=as_they_are):
    """Return a page in a form, as the story that must be read; `made` changes its entries first."""
    told = made(without(entries(form.count, whole=True, step=form.step), id=None))
    if form.untitled:
        told = without(told, title="")
    if form.spoken:
        told = tuple(replace(entry, words=f"– {entry.words}") for entry in told)
    if form.shorten:
        told = tuple(replace(entry, title=(entry.title.split() or [""])[0]) for entry in told)
    zone = ZoneInfo(form.zone)
    rows = "".join(form.row(entry, entry.at.astimezone(zone)) for entry in told)
    if form.by_day:
        rows = "".join(_days(form, told, zone))
    head = published(told, form.zone)
    return told_in(form.name, form.zone, rows, told, title=form.title, path=f"/a/{form.name}", language=form.language, head=head, around=form.around, asked=TOLD)  # fmt: skip


def _days(form, told, zone):
    days = dict.fromkeys(entry.at.astimezone(zone).date() for entry in told)
    for day in days:
        of_day = [e for e in told if e.at.astimezone(zone).date() == day]
        rows = "".join(form.row(e, e.at.astimezone(zone)) for e in of_day)
        yield form.by_day.format(f"{day.day}. November", rows)


FORMS = (
    # Words beside a time that are in no list of keywire's.
    Form("beside-th", BANGKOK, lambda e, t: f'<div class="tl"><div class="tl-t">{t:%H.%M} น.</div><h4>{e.title}</h4>{e.html}</div>', "รายงานสด น้ำท่วม", "th"),
    Form("beside-made-up", BERLIN, lambda e, t: f'<div class="u"><p class="k">{t:%H:%M} wall</p><h3>{e.title}</h3>{e.html}</div>'),
    Form("zone-in-brackets", DELHI, lambda e, t: f'<div class="lb"><div class="d">{t:%d %b %Y, %I:%M %p} (IST)</div><h2>{e.title}</h2>{e.html}</div>', "तूफान LIVE Updates", "hi"),
    # Dates beside a time.
    Form("day-behind-clock", HANOI, lambda e, t: f'<div class="it"><div class="at">{t:%H:%M %d/%m}</div><h2>{e.title}</h2>{e.html}</div>', "Trực tiếp: bão số 9", "vi"),
    Form("day-in-hindi", DELHI, lambda e, t: f'<div class="it"><div class="at">{t.day} नवंबर 2026, {t:%H:%M}</div><h2>{e.title}</h2>{e.html}</div>', "तूफान लाइव", "hi"),
    Form("day-in-thai", BANGKOK, lambda e, t: f'<div class="it"><div class="at">{t.day} พฤศจิกายน 2569 {t:%H:%M} น.</div><h2>{e.title}</h2>{e.html}</div>', "รายงานสด น้ำท่วม", "th"),
    Form("day-in-vietnamese", HANOI, lambda e, t: f'<div class="it"><div class="at">{t:%H:%M}, ngày {t.day} tháng 11 năm 2026</div><h2>{e.title}</h2>{e.html}</div>', "Trực tiếp: bão số 9", "vi"),
    Form("updated-behind-clock", LONDON, lambda e, t: f'<div class="u"><p class="k">{t:%H:%M} (updated 23:58)</p><h3>{e.title}</h3>{e.html}</div>'),
    # Where entries are placed.
    Form("sections-of-days", VIENNA, lambda e, t: f'<div class="m"><div class="k"><span>{t:%H:%M}</span><span class="autor">{e.author}</span></div><h3>{e.title}</h3>{e.html}</div>', "Liveblog: Sturm am Hafen", "de", by_day='<section class="tag"><h2>{}</h2>{}</section>', step=17),
    Form("folded-below-clocks", AMSTERDAM, lambda e, t: f'<details class="update"><summary><span class="tijd">{t:%H:%M}</span> {e.title}</summary><div>{e.html}</div></details>', "Liveblog storm", "nl"),
    Form("called-teasers", NEW_YORK, lambda e, t: f'<div class="views-row"><article class="node node--view-mode-teaser"><time datetime="{t.isoformat()}">{t:%b %d}</time><h3>{e.title}</h3>{e.html}</article></div>'),
    Form("in-widgets", PARIS, lambda e, t: f'<div class="it"><time datetime="{t.isoformat()}">{t:%Hh%M}</time><h3>{e.title}</h3>{e.html}</div>', "Tempête : en direct", "fr", around='<div class="elementor-element elementor-widget elementor-widget-text-editor">{}</div>'),
    Form("clocks-in-widgets", PARIS, lambda e, t: f'<div class="it"><span class="h">{t:%Hh%M}</span><h3>{e.title}</h3>{e.html}</div>', "Tempête : en direct", "fr", around='<div class="elementor-element elementor-widget elementor-widget-text-editor">{}</div>'),
    # Titles without a heading's markup, and names that are no titles.
    Form("title-in-modules", LONDON, lambda e, t: f'<li class="_9zT"><span class="_a1X">{t:%H:%M}</span><p class="_b2Y">{e.title}</p><p class="_c3Z">{e.words}</p><p class="_c3Z">More soon.</p></li>', around='<ul class="_1Qk">{}</ul>'),
    Form("title-of-one-word", LONDON, lambda e, t: f'<li class="_9zT"><time datetime="{t.isoformat()}">{t:%H:%M}</time><div class="_b2Y">{e.title}</div><div class="_d4">{e.html}</div></li>', around='<ul class="_1Qk">{}</ul>', shorten=True),
    Form("word-beside-clock", BERLIN, lambda e, t: f'<div class="t-row"><div class="t-left">{t:%H:%M}</div><div class="t-right"><div class="t-a">{e.title}</div><div class="t-b">{e.html}</div></div></div>', "Derby im Liveticker", "de", shorten=True),
    Form("paragraphs-in-quotes", BERLIN, lambda e, t: f'<blockquote class="minuta"><p class="m-v">{t:%H:%M}</p><p class="m-n">{e.title}</p>{e.html}</blockquote>', "UŽIVO: oluja u luci", "hr"),
    Form("reporters-of-lines", NEW_YORK, lambda e, t: f'<div class="reporter"><div class="r-head"><span class="r-name">{e.author}</span><span class="r-role">Courts reporter</span><time datetime="{t.isoformat()}">{t:%H:%M}</time></div>{e.html}</div>', "Verdict watch: live", untitled=True),
    Form("sections-above-titles", PARIS, lambda e, t: f'<div class="u"><i class="h">{t:%H:%M}</i><div class="k">{("Port", "Ville")[t.minute % 2]}</div><div class="z">{e.title}</div><div class="w">{e.html}</div><div class="s"><span>Partager</span></div></div>', "Tempête : en direct", "fr"),
    Form("bold-behind-clock", "Europe/Rome", lambda e, t: f"<p><em>Ore {t:%H.%M}</em> – <strong>{e.title}</strong></p>{e.html}", "Tempesta, la diretta", "it"),
    Form("buttons-in-headings", BERLIN, lambda e, t: f'<div class="item"><h2 class="head"><button type="button" aria-expanded="true">{t:%H:%M} Uhr – {e.title}</button></h2><div class="collapse show">{e.html}</div></div>', "Sturm: Newsblog", "de", around='<div class="accordion">{}</div>'),
    # Times of day.
    Form("noon-in-arabic", "Asia/Riyadh", lambda e, t: f'<div class="upd"><span class="w">{t.hour % 12 or 12}:{t:%M} {"ص" if t.hour < 12 else "م"}</span><h4>{e.title}</h4>{e.html}</div>', "تغطية مباشرة: العاصفة", "ar", step=3),
    Form("noon-in-greek", "Europe/Athens", lambda e, t: f'<div class="n"><span class="o">{t.hour % 12 or 12}:{t:%M} {"π.μ." if t.hour < 12 else "μ.μ."}</span><h3>{e.title}</h3>{e.html}</div>', "Κακοκαιρία: ζωντανά", "el", step=3),
    Form("figures-bn", "Asia/Dhaka", lambda e, t: f'<div class="lu"><span class="lu-t">{f"{t:%H:%M}".translate(BENGALI)}</span><h3>{e.title}</h3>{e.html}</div>', "ঝড়: সরাসরি আপডেট", "bn"),
    Form("yesterday-sv", "Europe/Stockholm", lambda e, t: f'<article class="dr"><span class="dr__t">{"I dag" if t.day == 18 else "I går"} {t:%H.%M}</span><div>{e.html}</div></article>', "Direktrapport: stormen", "sv", untitled=True, step=14),
    Form("writer-before-clock", "Europe/Stockholm", lambda e, t: f'<div class="inl"><div class="avs">{e.author} kl. {t:%H.%M}</div><h3>{e.title}</h3>{e.html}</div>', "Branden – direktrapport", "sv"),
    Form("signed-before-clock", "America/Chicago", lambda e, t: f'<section class="chunk"><h3>{e.title}</h3><div class="by">By {e.author} · {t:%-I:%M %p} CST</div>{e.html}</section>', "Tornado watch: live updates"),
    Form("writer-behind-clock", LONDON, lambda e, t: f'<div class="entry"><p class="meta"><a href="#e{t:%H%M}">{t:%-I:%M%p}</a> <span class="who">{e.author}</span></p><h2>{e.title}</h2>{e.html}</div>'),
    Form("rows-in-korean", "Asia/Seoul", lambda e, t: f'<tr><th scope="row">{t.hour}시 {t:%M}분</th><td>{e.words}</td></tr>', "항구 화재 실시간 속보", "ko", around="<table>{}</table>", untitled=True),
    Form("lines-parted-by-breaks", "Europe/Stockholm", lambda e, t: f"{t:%H.%M} {e.words}<br>Mer kommer snart.<br><br>", "Direkt: stormen", "sv", around='<div class="body">{}</div>', untitled=True),
    Form("cards-between", NEW_YORK, lambda e, t: f'<div class="Card"><time datetime="{t.isoformat()}">{t:%H:%M}</time><h3>{e.title}</h3>{e.html}</div>' + ("" if t.minute % 3 else CARD)),
    Form("word-before-clock", "Europe/Warsaw", lambda e, t: f"<p><strong>Godz. {t:%-H.%M} {e.title}</strong></p>{e.html}", "Burza. Relacja minuta po minucie", "pl"),
    Form("made-up-word-before-clock", LONDON, lambda e, t: f"<p>Wall {t:%H.%M} {e.words}</p><p>More soon.</p>", untitled=True),
    Form("day-of-month", "Asia/Tokyo", lambda e, t: f'<div class="b"><div class="j">{t.day}日 {t:%H:%M}</div><div class="m">{e.title}</div><div class="h">{e.html}</div></div>', "洪水 ライブブログ", "ja"),
    Form("title-dash-word-clock", "Europe/Rome", lambda e, t: f"<h4>{e.title} - ore {t:%H:%M}</h4>{e.html}", "Piena del fiume, diretta", "it"),
    Form("bare-clock-in-block", "America/Sao_Paulo", lambda e, t: f'<div class="atualizacao">{t:%H:%M}<h3>{e.title}</h3>{e.html}</div>', "Cheia: acompanhe ao vivo", "pt"),
    Form("words-without-paragraphs", LONDON, lambda e, t: f'<div class="c1"><div class="c2"><span class="c3">{t:%H:%M}</span><span class="c4">{e.title}</span></div><div class="c5">{e.words}<br>More soon.</div></div>'),
    Form("numbered", "Europe/Oslo", lambda e, t: f'<div class="m"><span class="nr">#{t.minute}</span><span class="kl">{t:%H:%M}</span><div>{e.html}</div></div>', "Flommen – direkte", "no", untitled=True),
    Form("age-beside-clock", MADRID, lambda e, t: f'<div class="m"><div class="t">Hace 2 horas ({t:%H:%M})</div><h3>{e.title}</h3>{e.html}</div>', "EN VIVO | El temporal", "es"),
    Form("titles-of-a-row", "Europe/Copenhagen", lambda e, t: f'<p class="tid">{t:%H.%M}</p><p class="rub">{e.title}</p>{e.html}<hr>', "Stormen LIVE", "da"),
    Form("two-in-bold-and-a-break", "Europe/Warsaw", lambda e, t: f"<p><b>{t:%H:%M}</b> <b>{e.title}</b><br>{e.words}<br>More soon.</p>", "Burza. Relacja na żywo", "pl"),
    Form("day-with-dots-before-dotted-clock", "Europe/Helsinki", lambda e, t: f'<div class="kortti"><div class="ylos">{t.day}.11. klo {t:%H.%M}</div><div class="ots">{e.title}</div><div class="leipa">{e.html}</div></div>', "Myrsky: seuranta", "fi"),
    Form("as-machines-print-it", NEW_YORK, lambda e, t: f'<div class="u"><code>{t.isoformat()}</code><h3>{e.title}</h3>{e.html}</div>'),
    Form("speech-behind-a-colon", "Europe/Oslo", lambda e, t: f"<li><strong>{t:%H.%M}:</strong> {e.words} Mer kommer.</li>", "Flommen – direkte", "no", around="<ul>{}</ul>", untitled=True, spoken=True),
    Form("date-in-bengali-figures", "Asia/Dhaka", lambda e, t: f'<div class="b"><div class="t">{f"{t.day} নভেম্বর {t:%Y, %H:%M}".translate(BENGALI)}</div><h3>{e.title}</h3>{e.html}</div>', "ঝড়: সরাসরি আপডেট", "bn"),
    Form("titles-in-summaries", "Europe/Rome", lambda e, t: f"<details open><summary>{t:%H:%M} | {e.title}</summary>{e.html}</details>", "Tempesta, la diretta", "it"),
    Form("paragraph-of-its-clock", "Europe/Bucharest", lambda e, t: f'<div class="live-row"><p><strong>Ora {t:%H:%M}</strong></p><p><strong>{e.title}</strong></p>{e.html}</div>', "LIVE TEXT Furtuna", "ro"),
    # Names of a live blog.
    Form("capitals-tr", ISTANBUL, lambda e, t: f'<li class="f"><span class="t" title="{t:%d.%m.%Y %H:%M}">3 saat önce</span><h3>{e.title}</h3>{e.html}</li>', "CANLI | Fırtına", "tr", around="<ol>{}</ol>"),
    Form("directe", MADRID, lambda e, t: f'<article class="i"><h3>{e.title}</h3>{e.html}<footer><time datetime="{t.isoformat()}">fa una estona</time></footer></article>', "DIRECTE | El temporal", "ca"),
)  # fmt: skip
PRINTED = tuple(partial(printed, form) for form in FORMS)
