"""A database that fails anywhere in a poll: nothing half kept, and nothing lost once it works."""

import resource
from contextlib import contextmanager
from datetime import timedelta

import pytest
from following import follow
from sqlalchemy import create_engine, event, text

from keywire.demo.blog import add, block, edit
from store.errors import StoreError
from store.source import SourceState
from store.topics import Selection
from store.window import select_window

EVERY = timedelta(minutes=1)
IN_A_WAL = 4096 + 24  # bytes that a page takes


@contextmanager
def full_disk(database, far):
    """Let no file grow by more than so many pages beyond the store's -wal, as it stands."""
    wal = database.path.with_name(f"{database.path.name}-wal")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (wal.stat().st_size + far * IN_A_WAL, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@contextmanager
def listening(database, name, heard):
    event.listen(database.engine, name, heard)
    try:
        yield
    finally:
        event.remove(database.engine, name, heard)


@contextmanager
def failing_statement(database, far):
    """Let the statement after so many others be broken off in the middle, or lose its server."""
    left, server = [far], create_engine(database.engine.url, isolation_level="AUTOCOMMIT")

    def executing(connection, *_):
        left[0] -= 1
        if left[0] == -1:
            raw = connection.connection.dbapi_connection
            if database.path:
                once = iter([1])
                raw.set_progress_handler(lambda: next(once, 0), 1)
            else:
                with server.connect() as other:
                    other.execute(text(f"SELECT pg_terminate_backend({raw.info.backend_pid})"))

    try:
        with listening(database, "before_cursor_execute", executing):
            yield
    finally:
        server.dispose()


@contextmanager
def read_only(database, _):
    """Let whoever writes find that nothing can be written."""
    raws = set()

    def begun(connection):
        raws.add(connection.connection.dbapi_connection)
        for raw in raws:
            raw.execute("PRAGMA query_only=1" if database.path else "SET TRANSACTION READ ONLY")

    try:
        with listening(database, "begin", begun):
            yield
    finally:
        for raw in raws if database.path else ():
            raw.execute("PRAGMA query_only=0")


def standing(following):
    """Tell what is kept: the source, the log, and what a feed would show."""
    with following.database.read() as connection:
        shown = select_window(connection, "light", Selection.ALL)
    return following.source, following.told(), shown


def whole(database):
    with database.read() as connection:
        return not database.path or connection.scalar(text("PRAGMA integrity_check")) == "ok"


async def meet(following, n, fault, far):
    """Let a poll that has news meet a fault, and another one not; say whether the first failed."""
    new, edited = block(f"n{n}", following.at, "<p>Something happened.</p>"), _third(following)
    following.change(add, new)
    following.change(edit, edited, following.at, f"<p>Put right {n} times.</p>")
    following.at += EVERY
    before, failed = standing(following), False
    try:
        with fault(following.database, far):
            await following.poller.poll(before[0])
    except StoreError:
        failed = True
        assert standing(following) == before
    following.at += EVERY
    await following.poll()
    news = following.told()[len(before[1]) :]
    assert [(kind, entry["block_id"]) for kind, entry in news] == [
        ("entry.published", new.id),
        ("entry.updated", edited),
    ]
    assert following.source.state is SourceState.OK
    return failed


def _third(following):
    return following.origin.blog.blocks[2].id


def suffer(folder, store, fault, moments):
    """Poll into one fault after another; tell at how many moments a poll failed."""
    failed = []

    async def tell(following):
        await following.settle()
        for n, far in enumerate(moments):
            failed.append(await meet(following, n, fault, far))
        assert whole(following.database)

    follow(folder, tell, every=EVERY, store=store)
    return sum(failed)


def piecemeal(connection, cursor, *_):
    """Commit what was done so far, after each statement."""
    raw = cursor.connection
    if connection.get_execution_options().get("writes") and raw.in_transaction:
        raw.execute("COMMIT")
        raw.execute("BEGIN IMMEDIATE")


FAR = {full_disk: 30, failing_statement: 27, read_only: 1}  # what a poll takes, about


def moments(fault, inputs):
    return [n * FAR[fault] // inputs for n in range(inputs)]


@pytest.mark.parametrize("fault", FAR, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("inputs", [6, pytest.param(60, marks=pytest.mark.torture("60 faults"))])
def test_a_poll_that_meets_a_fault_did_not_happen_and_the_next_one_brings_it_all(
    tmp_path, address, fault, inputs
):
    if fault is full_disk and address.startswith("postgresql"):
        pytest.skip("the disk of a server is not ours to fill")
    assert suffer(tmp_path, address, fault, moments(fault, inputs)) > inputs // 2


def test_a_poll_that_is_kept_in_pieces_would_be_noticed(tmp_path):
    store = f"sqlite:///{tmp_path}/keywire.db"

    async def tell(following):
        await following.settle()
        with listening(following.database, "after_cursor_execute", piecemeal):
            await meet(following, 0, failing_statement, FAR[failing_statement] - 3)

    with pytest.raises(AssertionError, match="At index 2 diff: Window"):
        follow(tmp_path, tell, every=EVERY, store=store)
