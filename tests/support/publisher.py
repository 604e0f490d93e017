"""A publisher who does at random what publishers do, and what keywire makes of its pages.

The publisher adds, edits, edits back, reorders, pins, doubles, deletes, restores and promotes
blocks; its page shows a window, its carousel every key event; between good pages come emptied, cut,
stale and foreign ones and 304s. Always: no duplicate, no lost edit, no false edit, ids that never
change, and nothing removed by a bad page.
"""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pages import PROVENANCE, START, URL, Block, page, sighting

from store.changes import agree, diff
from store.decision.history import BlogHistory, ChangeType, Fault
from store.sighting import Kind, Snapshot, View

WINDOW = 6
STEP = timedelta(seconds=61)
WORDS = st.sampled_from(["harbour", "storm", "boat", "light", "rope", "net", "tide", "gull"])
BODIES = st.lists(WORDS, min_size=2, max_size=6).map(" ".join)


class Publisher(RuleBasedStateMachine):
    """The true blocks, newest first, beside what keywire makes of the publisher's pages."""

    @initialize()
    def open_blog(self):
        self.now = START + timedelta(hours=1)
        self.blocks: list[Block] = []
        self.deleted: dict[str, tuple[Block, set[str]]] = {}
        self.away: set[str] = set()
        self.old_bodies: dict[str, str] = {}
        self.counter = 0
        self.history = BlogHistory(URL)
        self.pages: list[Snapshot] = []
        self.ids: dict[str, str] = {}
        self.published: dict[str, object] = {}
        self.content: dict[str, tuple[str, str]] = {}
        self.revisions: dict[str, int] = {}
        self.shown: dict[tuple[str, View], tuple[str, str]] = {}
        self.doubled: str | None = None
        for _ in range(3):
            self._publish("first words of the day")
        self._poll(self._page())

    # --- what a publisher does ---

    def _publish(self, body: str) -> None:
        self.counter += 1
        self.now += timedelta(seconds=1)
        self.blocks.insert(0, Block(f"b{self.counter}", self.now, body))

    @rule(body=BODIES)
    def publish(self, body):
        self._publish(body)

    @rule(data=st.data(), body=BODIES, shows_time=st.booleans())
    def edit(self, data, body, shows_time):
        n = self._pick(data)
        old = self.blocks[n]
        self.old_bodies[old.id] = old.body
        self.blocks[n] = old.edited(body, self.now if shows_time or old.updated else None)

    @rule(data=st.data())
    def edit_back(self, data):
        n = self._pick(data)
        old = self.blocks[n]
        if old.id in self.old_bodies:
            self.blocks[n] = old.edited(self.old_bodies[old.id], self.now)

    @rule(data=st.data())
    def touch(self, data):
        n = self._pick(data)
        self.blocks[n] = replace(self.blocks[n], updated=self.now)

    @rule(data=st.data(), title=st.sampled_from(["", "Summary", "A title"]))
    def retitle(self, data, title):
        n = self._pick(data)
        self.blocks[n] = replace(self.blocks[n], title=title)

    @rule(data=st.data(), key=st.booleans())
    def flag(self, data, key):
        n = self._pick(data)
        self.blocks[n] = replace(self.blocks[n], key=key)

    @rule(data=st.data())
    def pin(self, data):
        n = self._pick(data)
        self.blocks = [replace(b, pinned=place == n) for place, b in enumerate(self.blocks)]

    @rule()
    def unpin(self):
        self.blocks = [replace(b, pinned=False) for b in self.blocks]

    @rule(data=st.data())
    def double(self, data):
        self.doubled = self.blocks[self._pick(data)].id

    @precondition(lambda self: len(self.blocks) > 2)
    @rule(data=st.data())
    def delete(self, data):
        n = self._pick(data)
        gone = self.blocks.pop(n)
        self.deleted[gone.id] = (gone, {below.id for below in self.blocks[n:]})
        self.away.add(gone.id)

    @precondition(lambda self: self.deleted)
    @rule()
    def restore(self):
        """Put a deleted block back above those that were below it."""
        back, below = self.deleted.pop(next(iter(self.deleted)))
        places = (n for n, b in enumerate(self.blocks) if b.id in below)
        self.blocks.insert(next(places, len(self.blocks)), back)
        self._poll(self._page())

    @rule(data=st.data())
    def reorder(self, data):
        """Put the newest blocks in another order, and poll before newer blocks push them on.

        A block that is moved below another and then off the page between two polls leaves the same
        page behind as one that was deleted: nobody could tell.
        """
        head = data.draw(st.permutations(self.blocks[:3]))
        self.blocks[:3] = head
        self._poll(self._page())

    def _pick(self, data) -> int:
        return data.draw(st.integers(0, min(len(self.blocks), WINDOW + 2) - 1))

    # --- what keywire does ---

    def _page(self) -> Snapshot:
        shown = page(self.blocks, shown=WINDOW, page_time=self.now)
        for s in shown.sightings:
            if s.view is View.BLOCK and s.block_id == self.doubled:
                twin = replace(s, text="another text under the same id", html="<p>another</p>")
                shown = replace(shown, sightings=(*shown.sightings, twin))
        self.doubled = None
        return shown

    def _poll(self, snapshot: Snapshot):
        self.now += STEP
        outcome = diff(self.history, snapshot, self.now, provenance=PROVENANCE)
        assert not isinstance(outcome, Fault), outcome
        before, self.history = self.history, outcome.after
        self.keep(outcome)
        self.pages.append(snapshot)
        self._account(snapshot, before, outcome)
        again = diff(self.history, snapshot, self.now, provenance=PROVENANCE)
        assert again.changes == ()

    @rule()
    def poll(self):
        self._poll(self._page())

    @rule()
    def not_modified(self):
        """Serve a 304: nothing has changed since the last believed page."""
        self.now += STEP
        before = self.history
        outcome = agree(self.history, self.now)
        self.history = outcome.after
        self.keep(outcome)
        shown = {s.block_id for s in self.pages[-1].sightings}
        for change in outcome.changes:
            assert change.type is ChangeType.RETRACTED
            assert change.block_id not in shown
            assert before.entries[change.block_id].missing_since is not None

    @rule(kind=st.sampled_from(["empty", "cut", "foreign", "carousel alone"]))
    def serve_a_bad_page(self, kind):
        good = self._page()
        self.now += STEP
        bad = {
            "empty": replace(good, sightings=()),
            "cut": replace(good, sightings=good.sightings[:1], whole=False),
            "foreign": replace(
                page([Block("x1", self.now, "Elsewhere")]), claimed_url=URL + "-elsewhere"
            ),
            "carousel alone": replace(
                good, sightings=tuple(sighting(b, View.MODEL) for b in self.blocks[:1])
            ),
        }[kind]
        assert isinstance(diff(self.history, bad, self.now, provenance=PROVENANCE), Fault)

    @rule(data=st.data())
    def serve_a_stale_copy(self, data):
        """Serve an older copy, which must retract, restore and publish nothing."""
        self.now += STEP
        old = data.draw(st.sampled_from(self.pages))
        outcome = diff(self.history, old, self.now, provenance=PROVENANCE)
        if isinstance(outcome, Fault) or old.page_time == self.pages[-1].page_time:
            return
        told = {change.type for change in outcome.changes}
        assert not told & {ChangeType.RETRACTED, ChangeType.RESTORED, ChangeType.PUBLISHED}

    def keep(self, outcome):
        """Do nothing with a decision; subclasses write it to a store."""

    # --- comparing with the truth ---

    def _account(self, snapshot, before, outcome):
        views: dict[str, set[View]] = {}
        for s in snapshot.sightings:
            views.setdefault(s.block_id, set()).add(s.view)
        edited = {c.block_id for c in outcome.changes if c.type is ChangeType.UPDATED}
        truth = {b.id: b for b in self.blocks}
        for block_id, seen in views.items():
            says = (truth[block_id].title, truth[block_id].body)
            self._account_block(before, block_id, seen, says, edited=block_id in edited)
        self._account_times(before, outcome)
        for change in outcome.changes:
            if change.type is ChangeType.RETRACTED:
                was_away = change.block_id not in truth or change.block_id in self.away
                assert was_away, "retracted though it was never taken away"
        self.away -= views.keys()

    def _account_block(self, before, block_id, seen, says, *, edited):
        """Compare one block with the truth: edited if a view shows other words than before."""
        known = self.history.entries[block_id].stored
        if block_id not in before.entries:
            self.revisions[block_id], self.content[block_id] = 1, says
        else:
            past = before.entries[block_id]
            judge = next((v for v in sorted(seen, reverse=True) if v in past.memory), None)
            differs = judge is not None and self.shown[block_id, judge] != says
            assert edited == (differs and says != self.content[block_id]), "a lost or false edit"
            self.revisions[block_id] += edited
            if edited or max(seen) > past.content_view:
                self.content[block_id] = says
        if View.BLOCK in seen:
            assert self.content[block_id] == says
        assert (known.entry.title, known.entry.text) == self.content[block_id]
        assert known.revision == self.revisions[block_id]
        self.shown.update({(block_id, view): says for view in seen})

    def _account_times(self, before, outcome):
        told = {c.block_id for c in outcome.changes if c.block_id}
        for block_id, known in self.history.entries.items():
            self.ids.setdefault(block_id, known.stored.id)
            self.published.setdefault(block_id, known.stored.entry.published)
            if block_id in before.entries:
                moved = known.stored.changed_at - before.entries[block_id].stored.changed_at
                assert (moved > timedelta(0)) == (block_id in told), block_id

    @invariant()
    def ids_never_change_and_none_is_there_twice(self):
        ids = {b: known.stored.id for b, known in self.history.entries.items()}
        assert ids == self.ids
        assert len(set(ids.values())) == len(ids)

    @invariant()
    def published_is_frozen(self):
        assert {
            b: known.stored.entry.published for b, known in self.history.entries.items()
        } == self.published

    @invariant()
    def nothing_is_ever_dropped(self):
        assert self.history.entries.keys() >= self.content.keys()
        assert Kind.LIVE_BLOG is self.pages[-1].kind
