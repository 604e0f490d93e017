# ruff: noqa: E501 - markup as newsrooms have it
"""The forms in which newsrooms that do not exist print their entries: a table, a row a form.

A form is what a page does to one entry. What is asked of all is the same: each entry with its time
to the minute, its title and its words, and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from newsrooms_more import TOLD, published, told_in
from stories import Entry, entries, without

BANGKOK, BERLIN, HANOI, PARIS = "Asia/Bangkok", "Europe/Berlin", "Asia/Ho_Chi_Minh", "Europe/Paris"
AMSTERDAM, DELHI, ISTANBUL, MADRID = "Europe/Amsterdam", "Asia/Kolkata", "Europe/Istanbul", "Europe/Madrid"  # fmt: skip
LONDON, NEW_YORK, VIENNA = "Europe/London", "America/New_York", "Europe/Vienna"


@dataclass(frozen=True, slots=True)
class Form:
    """How a newsroom prints an entry; `row` is given the entry and the time on its wall."""

    name: str
    zone: str
    row: Callable[[Entry, object], str]
    title: str = "Storm at the harbour: live updates"
    language: str = "en"
    around: str = '<div class="content">{}</div>'
    count: int = 8
    step: int = 1
    by_day: str = ""  # what stands around the entries of a day and heads them
    untitled: bool = False


def printed(form: Form):
    """Print a page in a form; its story is what must be read of it."""
    told = without(entries(form.count, whole=True, step=form.step), id=None)
    if form.untitled:
        told = without(told, title="")
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
    # Words beside a time that no list knows.
    Form("beside-th", BANGKOK, lambda e, t: f'<div class="tl"><div class="tl-t">{t:%H.%M} น.</div><h4>{e.title}</h4>{e.html}</div>', "รายงานสด น้ำท่วม", "th"),
    Form("beside-made-up", BERLIN, lambda e, t: f'<div class="u"><p class="k">{t:%H:%M} wall</p><h3>{e.title}</h3>{e.html}</div>'),
    Form("zone-in-brackets", DELHI, lambda e, t: f'<div class="lb"><div class="d">{t:%d %b %Y, %I:%M %p} (IST)</div><h2>{e.title}</h2>{e.html}</div>', "तूफान LIVE Updates", "hi"),
    # Dates beside a time.
    Form("day-behind-clock", HANOI, lambda e, t: f'<div class="it"><div class="at">{t:%H:%M %d/%m}</div><h2>{e.title}</h2>{e.html}</div>', "Trực tiếp: bão số 9", "vi"),
    Form("day-in-hindi", DELHI, lambda e, t: f'<div class="it"><div class="at">{t.day} नवंबर 2026, {t:%H:%M}</div><h2>{e.title}</h2>{e.html}</div>', "तूफान लाइव", "hi"),
    Form("day-in-thai", BANGKOK, lambda e, t: f'<div class="it"><div class="at">{t.day} พฤศจิกายน 2569 {t:%H:%M} น.</div><h2>{e.title}</h2>{e.html}</div>', "รายงานสด น้ำท่วม", "th"),
    Form("day-in-vietnamese", HANOI, lambda e, t: f'<div class="it"><div class="at">{t:%H:%M}, ngày {t.day} tháng 11 năm 2026</div><h2>{e.title}</h2>{e.html}</div>', "Trực tiếp: bão số 9", "vi"),
    Form("updated-behind-clock", LONDON, lambda e, t: f'<div class="u"><p class="k">{t:%H:%M} (updated 23:58)</p><h3>{e.title}</h3>{e.html}</div>'),
    # Where entries stand.
    Form("sections-of-days", VIENNA, lambda e, t: f'<div class="m"><div class="k"><span>{t:%H:%M}</span><span class="autor">{e.author}</span></div><h3>{e.title}</h3>{e.html}</div>', "Liveblog: Sturm am Hafen", "de", by_day='<section class="tag"><h2>{}</h2>{}</section>', step=17),
    Form("folded-below-clocks", AMSTERDAM, lambda e, t: f'<details class="update"><summary><span class="tijd">{t:%H:%M}</span> {e.title}</summary><div>{e.html}</div></details>', "Liveblog storm", "nl"),
    Form("called-teasers", NEW_YORK, lambda e, t: f'<div class="views-row"><article class="node node--view-mode-teaser"><time datetime="{t.isoformat()}">{t:%b %d}</time><h3>{e.title}</h3>{e.html}</article></div>'),
    Form("in-widgets", PARIS, lambda e, t: f'<div class="it"><time datetime="{t.isoformat()}">{t:%Hh%M}</time><h3>{e.title}</h3>{e.html}</div>', "Tempête : en direct", "fr", around='<div class="elementor-element elementor-widget elementor-widget-text-editor">{}</div>'),
    Form("clocks-in-widgets", PARIS, lambda e, t: f'<div class="it"><span class="h">{t:%Hh%M}</span><h3>{e.title}</h3>{e.html}</div>', "Tempête : en direct", "fr", around='<div class="elementor-element elementor-widget elementor-widget-text-editor">{}</div>'),
    # Names of a live blog.
    Form("capitals-tr", ISTANBUL, lambda e, t: f'<li class="f"><span class="t" title="{t:%d.%m.%Y %H:%M}">3 saat önce</span><h3>{e.title}</h3>{e.html}</li>', "CANLI | Fırtına", "tr", around="<ol>{}</ol>"),
    Form("directe", MADRID, lambda e, t: f'<article class="i"><h3>{e.title}</h3>{e.html}<footer><time datetime="{t.isoformat()}">fa una estona</time></footer></article>', "DIRECTE | El temporal", "ca"),
)  # fmt: skip
PRINTED = tuple(partial(printed, form) for form in FORMS)
