"""Numbers for Prometheus, and the dashboard that shows them."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from feeds.push.call import RefusedError
from feeds.push.verdict import Attempt
from keywire.polling.report import Report
from keywire.process.metrics import Metrics
from scraper.page import Cost
from store.decision.history import ChangeType
from store.source import Source, SourceState

DASHBOARD = Path(__file__).parents[3] / "packaging" / "grafana.json"


def source(state=SourceState.OK, **more):
    return Source(1, "https://news.example/live", state, **more)


def told(metrics):
    lines = metrics.render().decode().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


@pytest.mark.parametrize(
    ("report", "outcome"),
    [
        (Report(source(), Counter({ChangeType.PUBLISHED: 2})), "changed"),
        (Report(source()), "read"),
        (Report(source(last_status=304), unchanged=True), "not_modified"),
        (Report(source(last_status=200), unchanged=True), "same_bytes"),
        (Report(source(), unchanged=True, probed=True), "probed"),
        (Report(source(SourceState.BROKEN)), "broken"),
        (Report(source(SourceState.HELD)), "held"),
        (Report(source(SourceState.GONE)), "gone"),
    ],
)
def test_a_poll_is_counted_by_what_it_came_to(report, outcome):
    metrics = Metrics()
    metrics.hear(report)
    assert told(metrics)[f'keywire_polls_total{{outcome="{outcome}"}}'] == "1.0"


def test_changes_traffic_delays_and_states_are_told():
    metrics = Metrics()
    metrics.count(lambda: [source(), source(SourceState.BROKEN), source()])
    changes = Counter({ChangeType.PUBLISHED: 2, ChangeType.UPDATED: 1})
    metrics.hear(Report(source(), changes, delays=(3.0, 400.0), cost=Cost(2, 5000)))
    metrics.late(0.2)
    metrics.took("read", 0.004)
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    delivery = SimpleNamespace(written_at=noon)
    metrics.told(Attempt(delivery, noon + timedelta(seconds=2)))
    metrics.told(Attempt(delivery, noon, refused=RefusedError("no answer")))
    metrics.told(Attempt(delivery, noon, refused=RefusedError("no", 500)))
    metrics.served(12.0)
    said = told(metrics)
    assert said['keywire_changes_total{type="entry.published"}'] == "2.0"
    for outcome in ("delivered", "refused", "unanswered"):
        assert said[f'keywire_delivery_attempts_total{{outcome="{outcome}"}}'] == "1.0"
    assert said["keywire_delivery_delay_seconds_sum"] == "2.0"
    assert said["keywire_requests_total"] == "2.0"
    assert said["keywire_received_bytes_total"] == "5000.0"
    assert said['keywire_entry_delay_seconds_bucket{le="5.0"}'] == "1.0"
    assert said["keywire_entry_delay_seconds_count"] == "2.0"
    assert said["keywire_poll_lateness_seconds_sum"] == "0.2"
    assert said['keywire_feed_served_seconds_bucket{le="15.0"}'] == "1.0"
    assert said['keywire_stage_seconds_count{stage="read"}'] == "1.0"
    assert said['keywire_sources{state="ok"}'] == "2.0"
    assert said['keywire_sources{state="broken"}'] == "1.0"
    assert said['keywire_sources{state="held"}'] == "0.0"


def test_the_dashboard_asks_for_numbers_that_there_are():
    metrics = Metrics()
    metrics.count(lambda: [source()])
    metrics.hear(Report(source(), Counter({ChangeType.PUBLISHED: 1}), delays=(1.0,)))
    metrics.took("read", 0.1)
    there = {name.partition("{")[0] for name in told(metrics)}
    panels = json.loads(DASHBOARD.read_text())["panels"]
    asked = {
        name
        for panel in panels
        for target in panel["targets"]
        for name in re.findall(r"\b(?:keywire|process)_\w+", target["expr"])
    }
    assert len(asked) > 6
    assert asked <= there
