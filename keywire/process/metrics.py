"""Metrics for Prometheus: the only prometheus_client. Names and base units by its conventions."""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from feeds.push.verdict import Attempt
from keywire.polling.report import Report
from store.source import Source, SourceState

_FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)
_LATE = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300)
_DELAYS = (1, 2.5, 5, 10, 15, 20, 30, 45, 60, 120, 300, 900, 3600)


class Metrics:
    """Counters and histograms of polls, deliveries and feeds since the process began."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collect in (ProcessCollector, PlatformCollector, GCCollector):
            collect(registry=self.registry)
        self._polls = self._counter("keywire_polls", "Polls, by what they came to.", "outcome")
        self._changes = self._counter("keywire_changes", "Changes found, by type.", "type")
        self._requests = self._counter("keywire_requests", "Requests sent to publishers.")
        self._received = self._counter("keywire_received_bytes", "Bytes received on the wire.")
        self._late = self._histogram(
            "keywire_poll_lateness_seconds", "From when a poll was due to its beginning.", _LATE
        )
        self._stages = self._histogram(
            "keywire_stage_seconds", "Time that a poll's stages took.", _FAST, "stage"
        )
        self._delays = self._histogram(
            "keywire_entry_delay_seconds",
            "From a new entry's published time to its being seen.",
            _DELAYS,
        )

        self._attempts = self._counter(
            "keywire_delivery_attempts", "Attempts to deliver, by what came of them.", "outcome"
        )
        self._waits = self._histogram(
            "keywire_delivery_delay_seconds", "From a notice's being written to its arrival.", _LATE
        )
        self._served = self._histogram(
            "keywire_feed_served_seconds",
            "From a feed's move to its being given out for the first time.",
            _DELAYS,
        )

    def count(self, sources: Callable[[], Iterable[Source]]) -> None:
        """Count sources by state from now on; `sources` is called at each scrape."""
        self.registry.register(_States(sources))

    def hear(self, report: Report) -> None:
        """Count one poll, or one older page read."""
        if not report.walked:
            self._polls.labels(_outcome(report)).inc()
        self._requests.inc(report.cost.requests)
        self._received.inc(report.cost.received)
        for kind, count in report.changes.items():
            self._changes.labels(kind.value).inc(count)
        for delay in report.delays:
            self._delays.observe(delay)

    def told(self, attempt: Attempt) -> None:
        """Count one attempt to deliver; if it succeeded, also the time since it was written."""
        refused = attempt.refused
        outcome = "unanswered" if refused and refused.status is None else "refused"
        self._attempts.labels(outcome if refused else "delivered").inc()
        if refused is None:
            waited = attempt.at - attempt.delivery.written_at
            self._waits.observe(max(waited.total_seconds(), 0.0))

    def late(self, seconds: float) -> None:
        """Count how late a poll began."""
        self._late.observe(max(seconds, 0.0))

    def served(self, seconds: float) -> None:
        """Count the seconds from a feed's change to the first time it is served."""
        self._served.observe(seconds)

    def took(self, stage: str, seconds: float) -> None:
        """Count the seconds of one stage of a poll: fetch, read or commit."""
        self._stages.labels(stage).observe(seconds)

    def render(self) -> bytes:
        """Return the metrics in Prometheus's text format, version 0.0.4."""
        return generate_latest(self.registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self.registry)

    def _histogram(
        self, name: str, meaning: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(name, meaning, labels, buckets=buckets, registry=self.registry)


class _States(Collector):
    """The number of sources in each state, counted at each scrape."""

    def __init__(self, sources: Callable[[], Iterable[Source]]) -> None:
        self._sources = sources

    def collect(self) -> Iterator[GaugeMetricFamily]:
        counted = Tally(source.state for source in self._sources())
        family = GaugeMetricFamily("keywire_sources", "Followed sources.", labels=["state"])
        for state in SourceState:
            family.add_metric([state.value], counted[state])
        yield family


def _outcome(report: Report) -> str:
    """Return the label of a poll: a state that is not OK, else what was new."""
    if report.source.state is not SourceState.OK:
        return str(report.source.state.value)
    if report.probed:
        return "probed"
    if report.unchanged:
        return "not_modified" if report.source.last_status == 304 else "same_bytes"  # noqa: PLR2004 - Not Modified
    return "changed" if report.changes else "read"
