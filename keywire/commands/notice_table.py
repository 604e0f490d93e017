"""Print what alerts sent and held back, as tables for the terminal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from rich.console import Console
from rich.markup import escape

from feeds.titles import own_title
from keywire.process.logs import redact
from keywire.terminal import console, count, print_beside
from store.alerting.alerts import AlertRule, explain
from store.alerting.delivery import DeliveryState
from store.alerting.notices import Listed, Survey
from store.alerting.rehearsal import Rehearsed
from store.alerting.watch import WatchRule
from store.alerting.watching import WatchNotice
from store.entry import StoredEntry
from store.source import Source

_COLOURS = {
    DeliveryState.DELIVERED: "green",
    DeliveryState.WAITING: "yellow",
    DeliveryState.PARKED: "red",
}
_LONGEST = 80


def show_deliveries(survey: Survey, configured: Iterable[str]) -> None:
    """Print the deliveries: those that wait or are parked first, then the newest others."""
    out = console()
    counts = survey.counts
    out.print(
        f"{counts[DeliveryState.DELIVERED]:,} delivered, {counts[DeliveryState.WAITING]:,} wait, "
        f"{counts[DeliveryState.PARKED]:,} parked; {survey.held:,} held back"
    )
    for lane in survey.lanes:
        until = f", asked again at {_time(lane.not_before)}" if lane.not_before else ""
        stands = "is asked no more" if lane.stopped_at else f"is in trouble{until}"
        _line(out, f"[red]{_safe(lane.lane)}[/] {stands}: {_safe(lane.reason)}")
    known = {*configured}
    for name in sorted({one.lane for one in survey.listed if one.lane} - known):
        _line(out, f"[yellow]{_safe(name)}[/] no alert leads there any more")
    for listed in survey.listed:
        _show(out, listed)
    if survey.counts[DeliveryState.PARKED]:
        _line(out, "keywire deliveries retry ID, or --all, sends what is parked again.")


def _show(out: Console, one: Listed) -> None:
    about = f" entry {one.number}" if one.number else f" {_safe(one.url)}" if one.url else ""
    what = f"{one.alert}: {one.kind.value}{about}"
    if one.state is None or one.delivery_id is None:
        why = one.why.value if one.why else ""
        _line(out, f"[dim]{'held':>6}  {_time(one.written_at)}  {what}: {why}[/]")
        return
    state = f"[{_COLOURS[one.state]}]{one.state.value}[/]"
    _line(
        out, f"{one.delivery_id:>6}  {_time(one.written_at)}  {what} → {_safe(one.lane)}  {state}"
    )
    if (how := _how(one)) and one.state is not DeliveryState.DELIVERED:
        _line(out, f"        {how}")


def _how(one: Listed) -> str:
    """Return the attempts so far, in words."""
    tried = f"{count(one.attempts, 'attempt')}" if one.attempts else "not tried yet"
    last = f", last at {_time(one.tried_at)}" if one.tried_at else ""
    answer = f": {_safe(one.answer)}" if one.answer else ""
    due = f"; next at {_time(one.due)}" if one.state is DeliveryState.WAITING and one.due else ""
    return f"{tried}{last}{answer}{due}"


def show_rehearsal(found: Sequence[Rehearsed], rules: Sequence[AlertRule], hours: int) -> None:
    """Print what alerts would have sent in the last hours, and what they would have held back."""
    out = console()
    for one in found:
        notice = one.notice
        title = escape(own_title(one.stored.entry)[:_LONGEST])
        held = f" [dim]held back: {notice.why.value}[/]" if notice.why else ""
        style = "dim" if notice.why else "bold"
        _line(out, f"{_time(one.at)}  {one.alert}: {notice.kind.value}  [{style}]{title}[/]{held}")
        _line(out, f"        [dim]{escape(notice.reason)}[/]")
    for rule in rules:
        mine = [one.notice for one in found if one.alert == rule.name]
        kept = Counter(notice.why.value for notice in mine if notice.why)
        told = len(mine) - kept.total()
        why = "; ".join(f"{many} {name}" for name, many in kept.most_common())
        last = f"{rule.name} would have told {told} in the last {hours} hours"
        _line(out, last + (f" and held {kept.total()} back ({why})." if kept else "."))
    _line(out, "Nothing was sent.")


def show_lookout(found: Sequence[WatchNotice], rules: Sequence[WatchRule]) -> None:
    """Print what watches would report now about the sources."""
    out = console()
    for one in found:
        verdict = one.verdict
        _line(
            out,
            f"{_time(verdict.since)}  {one.rule.name}: {verdict.kind.value}  {_safe(one.page.url)}",
        )
        _line(out, f"        [dim]{_safe(verdict.reason)}[/]")
    for rule in rules:
        told = sum(one.rule is rule for one in found)
        _line(out, f"{rule.name} would tell {count(told, 'thing')} now of how sources stand.")


def show_explanation(
    stored: StoredEntry,
    topics: frozenset[str],
    told: Sequence[tuple[AlertRule, Sequence[Listed]]],
) -> None:
    """Print what each alert did about one entry, and why."""
    out = console()
    _line(out, f"[bold]{escape(own_title(stored.entry))}[/]")
    _line(
        out, f"entry {stored.number}, revision {stored.revision}; {escape(stored.entry.permalink)}"
    )
    for rule, rows in told:
        for line in _explain(rule, rows, stored, topics):
            _line(out, line)


def show_watches(
    source: Source, told: Sequence[Listed], standing: Sequence[tuple[WatchRule, str]]
) -> None:
    """Print what watches reported about one source, and why they would report it now or not."""
    out = console()
    _line(out, f"[bold]{_safe(source.url)}[/] is {source.state.value}. {_safe(source.reason)}")
    for rule, said in standing:
        for line in _rows(rule.name, [one for one in told if one.alert == rule.name]):
            _line(out, line)
        _line(out, f"[bold]{rule.name}[/]: {_safe(said)}")


def _explain(
    rule: AlertRule, rows: Sequence[Listed], stored: StoredEntry, topics: frozenset[str]
) -> Iterator[str]:
    if not rows:
        said = explain(rule, stored.entry, topics)
        yield f"[bold]{rule.name}[/]: nothing was told. {escape(said)}"
        if not said.startswith("No match"):
            yield "        It did so before the alert was there, or by no change."
    yield from _rows(rule.name, rows)


def _rows(name: str, rows: Sequence[Listed]) -> Iterator[str]:
    seen: set[int] = set()
    for one in rows:
        if one.notice_id not in seen:
            seen.add(one.notice_id)
            held = f" [yellow]held back: {one.why.value}[/]" if one.why else ""
            when = _time(one.written_at)
            yield f"[bold]{name}[/]: {when} {one.kind.value}, for {_safe(one.reason)}{held}"
        if one.state is DeliveryState.DELIVERED:
            yield f"        {_safe(one.lane)}: delivered at {_time(one.tried_at)}"
        elif one.state is not None:
            yield f"        {_safe(one.lane)}: {one.state.value}; {_how(one)}"


def _time(moment: datetime | None) -> str:
    return f"{moment:%m-%d %H:%M:%S}" if moment else ""


def _safe(text: str) -> str:
    return escape(redact(text))


def _line(out: Console, line: str) -> None:
    text = line.lstrip(" ")
    print_beside(out, " " * (len(line) - len(text)), text)
