"""Turn found entries into the values that the search page shows."""

from dataclasses import dataclass

from feeds.feed import language, link, rfc3339
from feeds.links import host
from feeds.site.options import SiteOptions
from feeds.site.posts import entry_path
from feeds.site.views import Moment
from feeds.snippets import Piece, snippet
from feeds.times import spoken_time
from feeds.titles import own_title
from feeds.xml import line
from store.entry import StoredEntry
from store.search.query import Query


@dataclass(frozen=True, slots=True)
class ResultView:
    """One found entry: `url` is the publisher's address of it, `page` its page on this site.

    `mark` is "Summary", "Key event" or "", `source` the credit or the publisher's host, `snippet`
    the text around the first match.
    """

    title: str
    url: str
    page: str
    time: Moment
    source: str
    language: str
    mark: str
    retracted: bool
    snippet: tuple[Piece, ...]


def view_result(stored: StoredEntry, query: Query, options: SiteOptions) -> ResultView:
    """Return the view of an entry that `query` found."""
    entry = stored.entry
    return ResultView(
        title=own_title(entry),
        url=link(entry),
        page=entry_path(stored.number, options),
        time=Moment(
            spoken_time(entry.published, entry.time_precision, options.zone),
            rfc3339(entry.published),
        ),
        source=line(entry.credit) or host(entry.blog) or line(entry.blog),
        language=language(entry.language),
        mark="Summary" if entry.summary else "Key event" if entry.key_event else "",
        retracted=stored.retracted_at is not None,
        snippet=snippet(entry.text, query),
    )
