"""Reading a blog's history for a decision: its entries, the views' digests, its page order."""

from collections import defaultdict
from sys import intern

from sqlalchemy import Connection, bindparam, select

from store.blog_addresses import find_blog
from store.decision.history import BlogHistory, BlogState, KnownEntry, PageEvidence, ViewMemory
from store.history_cache import Histories, KeptBlog
from store.rows import ENTRY_COLUMNS, read_coverage, read_known
from store.schema import blogs, entries, revisions, view_memories
from store.sighting import View

_NO_PAST: frozenset[str] = frozenset()
_BLOG = select(blogs).where(blogs.c.id == bindparam("which")).with_for_update()


def load(connection: Connection, url: str, histories: Histories | None = None) -> KeptBlog:
    """Lock a blog's row and return the blog; one that is not kept yet has id 0 and no history.

    It comes from `histories` if they have it at the store's version, else from the database.
    """
    blog_id = find_blog(connection, url)
    if blog_id is None:
        return KeptBlog(0, BlogHistory(url))
    row = connection.execute(_BLOG, {"which": blog_id}).one()
    if histories is not None and (kept := histories.at(blog_id, row.version)):
        return kept
    return KeptBlog(
        blog_id,
        version=row.version,
        history=BlogHistory(
            url=row.url,
            entries=_load_entries(connection, blog_id),
            order=tuple(row.page_order),
            title=row.title,
            language=row.language,
            state=BlogState(row.state),
            live=row.live,
            evidence=PageEvidence(row.page_time, row.modified, row.generated),
            whole=row.whole,
            claimed_url=row.claimed_url,
            discovered=True,
            held=row.held,
            confirmed=row.confirmed,
            listings=tuple(row.listings),
            keywords=tuple(row.keywords),
            coverage=read_coverage(row.coverage),
        ),
    )


def _load_entries(connection: Connection, blog_id: int) -> dict[str, KnownEntry]:
    memory: dict[int, dict[View, ViewMemory]] = defaultdict(dict)
    for number, view, digest, updated in connection.execute(
        select(*view_memories.c).join(entries).where(entries.c.blog_id == blog_id)
    ):
        memory[number][View(view)] = ViewMemory(intern(digest), updated)
    digests, past = _load_digests(connection, blog_id)
    rows = connection.execute(
        select(*ENTRY_COLUMNS).join(blogs).where(entries.c.blog_id == blog_id)
    )
    return {
        row.block_id: read_known(
            row,
            memory=memory[row.number],
            digest=digests.get(row.number, ""),
            past=frozenset(past[row.number]) if row.number in past else _NO_PAST,
        )
        for row in rows
    }


def _load_digests(
    connection: Connection, blog_id: int
) -> tuple[dict[int, str], dict[int, set[str]]]:
    """Return the digests of current revisions and of earlier ones, both by entry number."""
    digests: dict[int, str] = {}
    past: dict[int, set[str]] = defaultdict(set)
    current = revisions.c.revision == entries.c.revision
    for number, digest, is_current in connection.execute(
        select(revisions.c.number, revisions.c.digest, current)
        .join(entries)
        .where(entries.c.blog_id == blog_id)
    ):
        if is_current:
            digests[number] = intern(digest)
        else:
            past[number].add(digest)
    return digests, past
