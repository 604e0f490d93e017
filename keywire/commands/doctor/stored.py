"""Check the store: which database, whether it is sound, how large, and what it holds."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from keywire.commands.doctor.finding import Finding, bad, good, note
from keywire.config import Config
from keywire.sections.units import show_size
from store.errors import StoreError
from store.schema import VERSION
from store.upkeep.facts import Facts, NoStore
from store.upkeep.facts import examine as examine_store

LITTLE_SPACE = 100_000_000
FAIR_SPACE = 1_000_000_000
LARGE_WAL = 64 * 1024 * 1024


def look_at_store(
    config: Config, now: datetime, take: Callable[[Iterator[Finding]], None]
) -> Facts | None:
    """Examine the store, pass on its findings, and return its facts; None without a store."""
    try:
        facts = examine_store(config.store, config.topics, now)
    except StoreError as error:
        take(iter([bad("store", str(error))]))
        return None
    if isinstance(facts, NoStore):
        take(_examine_empty_place(facts))
        return None
    take(_examine_store(facts))
    return facts


def _examine_empty_place(found: NoStore) -> Iterator[Finding]:
    yield note("store", f"there is none at {found.place} yet; keywire run makes one")
    yield judge_space(found.folder, 0)


def _examine_store(facts: Facts) -> Iterator[Finding]:
    yield good("store", f"{facts.product} at {facts.place}")
    yield _judge_integrity(facts)
    if not facts.damage:
        yield _judge_schema(facts)
    yield _judge_size(facts)
    if facts.path is not None:
        yield judge_space(facts.path.parent, facts.size)
    if facts.epoch:
        counts = ", ".join(f"{name} {count}" for name, count in facts.counts.items())
        yield good("content", f"{counts}; epoch {facts.epoch}")
        if (kept := _say_what_goes(facts)) is not None:
            yield kept
    if facts.parked or facts.stopped:
        yield _judge_deliveries(facts)
    yield good("in use", _say_holder(facts))


def _say_what_goes(facts: Facts) -> Finding | None:
    """Return what `retain:` has removed so far and will remove; None where all is kept."""
    gone = facts.let_go
    said = [
        f"{name} is to let go of {more.entries:,} entries, {more.revisions:,} revisions "
        f"(about {show_size(more.size)} of text)"
        for name, more in facts.to_go.items()
    ]
    if gone.total:
        said.append(
            f"so far {gone.entries:,} entries, {gone.revisions:,} revisions, {gone.changes:,} "
            f"changes, {gone.deliveries:,} deliveries and {gone.pages:,} pages went"
        )
    return good("kept no longer", "; ".join(said)) if said else None


def _judge_deliveries(facts: Facts) -> Finding:
    stopped = f"; asked no more: {', '.join(facts.stopped)}" if facts.stopped else ""
    return bad(
        "deliveries",
        f"{facts.parked} of alerts are parked{stopped}; keywire deliveries tells why, and "
        "keywire deliveries retry --all sends them again",
    )


def _judge_integrity(facts: Facts) -> Finding:
    if facts.damage:
        return bad(
            "integrity",
            f"{facts.place} is damaged ({'; '.join(facts.damage)}); stop keywire, restore a "
            f"backup, or save what can be saved with sqlite3 {facts.place} .recover, and keep "
            "the damaged file",
        )
    if facts.path is None:
        return good("integrity", "the server sees to it")
    return good("integrity", "every page of the file is sound")


def _judge_schema(facts: Facts) -> Finding:
    match facts.schema:
        case None:
            return bad(
                "schema",
                f"{facts.place} holds tables of something else; give keywire a database of its own",
            )
        case "":
            return note("schema", "the database is empty; keywire run makes the tables")
        case known if known > VERSION:
            return bad(
                "schema",
                f"{known} was written by a newer keywire, this one knows {VERSION}; update "
                "keywire, or restore a backup made with this version",
            )
        case known if known < VERSION:
            return note("schema", f"{known}; keywire run brings it up to {VERSION}")
        case known:
            return good("schema", f"{known}, this keywire's own")


def _judge_size(facts: Facts) -> Finding:
    if facts.path is None:
        return good("size", f"{show_size(facts.size)} on the server")
    said = f"{show_size(facts.size)}, and {show_size(facts.wal)} in its write-ahead log"
    if facts.wal > LARGE_WAL:
        return note("size", f"{said}, which is much; it shrinks when nothing reads for long")
    return good("size", said)


def judge_space(folder: Path, size: int) -> Finding:
    """Return a finding on the free space for a store of `size` bytes in `folder`."""
    free = shutil.disk_usage(folder).free
    said = f"{show_size(free)} free at {folder.absolute()}"
    if free < LITTLE_SPACE:
        return bad("disk", f"only {said}; make room, for a full disk stops everything")
    if free < max(FAIR_SPACE, size):
        return note("disk", f"{said}; a backup or a new version's migration may need more")
    return good("disk", said)


def _say_holder(facts: Facts) -> str:
    if not facts.held:
        return "no keywire run follows with this store"
    by = f", process {facts.holder}" if facts.holder else ""
    return f"a keywire run follows with this store{by}"
