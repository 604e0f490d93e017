"""What `run` logs for a log collector: the news of the terminal, as structured events."""

import logging

from keywire.config import Config
from keywire.narrator import News, describe
from keywire.polling.report import Report
from keywire.reload import Taken
from store.resorting import BATCH, Progress
from store.search.indexing import Indexing
from store.source import SourceState

_log = logging.getLogger(__name__)


class Journal:
    """Logs polls as they happen; a poll that changed nothing is not logged."""

    def __init__(self) -> None:
        self._news = News()

    def open(self, config: Config, url: str) -> None:
        """Log how many sources and topics are followed, and where the site serves."""
        sources, topics = len(config.sources), len(config.topics)
        _log.info(
            "serving at %s: sources %d, topics %d", url, sources, topics, extra={"event": "started"}
        )

    def hear(self, news: Report | Progress | Indexing | Taken) -> None:
        """Log a poll that changed something, progress of sorting or indexing, or a new config."""
        if isinstance(news, Report):
            self._hear_report(news)
        elif isinstance(news, Taken):
            message = "the configuration is taken: sources %d, topics %d"
            _log.info(message, news.sources, news.topics, extra={"event": "configured"})
        elif isinstance(news, Indexing):
            message = "%d of %d entries can be searched"
            _log.info(message, news.done, news.of, extra={"event": "indexed"})
        elif news.of > BATCH:
            message = "sorted %d of %d entries into %s"
            _log.info(message, news.done, news.of, news.topic, extra={"event": "sorted"})

    def _hear_report(self, report: Report) -> None:
        if report.walked:
            self._hear_walk(report)
            return
        if not self._news.moved(report):
            return
        source = report.source
        good = source.state is SourceState.OK
        said = describe(report.changes) or ("nothing new" if good else source.reason)
        _log.log(
            logging.INFO if good else logging.WARNING,
            "%s: %s",
            source.state.value,
            said,
            extra={
                "event": "polled",
                "source": source.url,
                "state": source.state.value,
                "entries": report.entries,
                "changes": {kind.value: count for kind, count in report.changes.items()},
            },
        )

    def _hear_walk(self, report: Report) -> None:
        if report.history:
            _log.info(
                "history of %s: %s",
                report.title or report.source.url,
                report.history,
                extra={
                    "event": "backfilled",
                    "source": report.source.url,
                    "entries": report.entries,
                    "history": report.history,
                },
            )

    def close(self) -> None:
        """Log that keywire has ended."""
        _log.info("ended; nothing is lost", extra={"event": "ended"})
