"""A random publisher whose history is written to a store, decision by decision."""

import shutil

from archives import ALL, KEYS, follow
from publisher import Publisher

from store import loading, sources, timeline
from store.database import open_database
from store.topics import is_key

RULES = (ALL, KEYS)


def make_template(path):
    """Make a store that follows the blog, to be copied for each history."""
    database = open_database(f"sqlite:///{path}")
    follow(database, RULES)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


class Kept(Publisher):
    """Writes each decision to a store, and notes the state of every entry after it."""

    template = folder = None

    def __init__(self):
        super().__init__()
        self.notes = []
        self.said = {}
        self.keys = set()
        path = self.folder / "keywire.db"
        shutil.copy(self.template, path)
        self.database = open_database(f"sqlite:///{path}")

    def keep(self, outcome):
        with self.database.write() as connection:
            (source,) = sources.followed(connection)
            kept = loading.load(connection, self.history.url)
            timeline.apply(connection, kept, outcome, self.now, source_id=source.id, rules=RULES)
            self.history = loading.load(connection, self.history.url).history
        standing = {}
        for block_id, known in outcome.after.entries.items():
            stored, entry = known.stored, known.stored.entry
            if is_key(entry) and stored.retracted_at is None:
                self.keys.add(block_id)
            self.said[block_id, stored.revision] = entry.title, entry.text
            flags = bool(entry.key_event), bool(entry.summary), bool(entry.pinned)
            standing[block_id] = stored.revision, flags, stored.retracted_at, stored.changed_at
        self.notes.append((self.now, standing, frozenset(self.keys)))

    def teardown(self):
        try:
            self.judge()
        finally:
            self.database.close()

    def judge(self):
        """Compare the store with the notes; subclasses do."""
