"""A store into which captures are imported, and readers of its contents."""

from datetime import timedelta

from captured import BEGUN, FOUR, ONE, THREE, TWO, URL, at, body, id_of

from keywire.captures.files import CaptureOptions
from keywire.commands.importing import Bringing
from keywire.config import load
from scraper.page import Page
from scraper.read import read_or_article
from store import loading, log, resorting, sources, timeline
from store.alerting.alerts import AlertRule, Target
from store.archive.revisions import revisions_of
from store.changes import diff
from store.database import open_database
from store.entry import Provenance
from store.topics import Selection
from store.window import select_window

SERIES = "https://news.example/series/harbour"
MINUTE = timedelta(minutes=1)
NAMES = {id_of(post): post[0] for post in (ONE, TWO, THREE, FOUR)}
CONFIG = """
store: "{address}"
fetch: {{allow_private: ["127.0.0.1"], robots: ignore}}
topics:
  harbour:
    title: The harbour
    follow: ["{follow}"]
    archive: true
  other:
    title: Other
    follow: ["https://other.example/live"]
"""


class Importing:
    """A store, its configuration, and `keywire import` run on them; `said` is what it printed."""

    def __init__(self, folder, address, follow=SERIES):
        self.folder, self.address = folder, address
        (folder / "config.yaml").write_text(CONFIG.format(address=address, follow=follow))
        self.config = load(folder / "config.yaml")
        self.database = open_database(address)
        self.said, self.complained = [], []

    def bring(self, *targets, topic="harbour", **told):
        self.said.clear()
        self.complained.clear()
        say, complain = self.said.append, self.complained.append
        bringing = Bringing(
            self.database, self.config, topic, CaptureOptions(**told), say, complain
        )
        return bringing.bring_in([str(target) for target in targets])

    def entries(self):
        with self.database.read() as connection:
            return loading.load(connection, URL).history.entries

    def past(self, post):
        """Return each revision of an entry: number, text, minutes from BEGUN when witnessed."""
        number = self.entries()[id_of(post)].stored.number
        with self.database.read() as connection:
            kept = revisions_of(connection, number)
        return [
            (one.revision, one.text, (one.seen_at - BEGUN) / timedelta(minutes=1)) for one in kept
        ]

    def feed(self, topic="harbour"):
        with self.database.read() as connection:
            window = select_window(connection, topic, Selection.ALL)
        return [NAMES.get(stored.entry.block_id) for stored in window.entries]

    def changes(self, after=0):
        with self.database.read() as connection:
            return log.read_after(connection, after, 999)


def follow_live(importing, minute, *posts):
    """Read a page as a poll does, with an alert on everything."""
    alert = AlertRule("desk", ("harbour",), targets=(Target("desk"),), max_age=timedelta(days=9999))
    now = at(minute)
    snapshot = read_or_article(Page(URL, body(minute, *posts), now))
    rules = [rule for rule in importing.config.topics if rule.name == "harbour"]
    with importing.database.write() as connection:
        sources.follow_sources(connection, importing.config.sources)
        resorting.follow_topics(connection, importing.config.topics, now)
        kept = loading.load(connection, snapshot.url)
        decided = diff(kept.history, snapshot, now, provenance=Provenance(URL, now))
        source = sources.followed(connection)[0]
        timeline.apply(
            connection, kept, decided, now, source_id=source.id, rules=rules, alerts=[alert]
        )
