"""`keywire doctor --as-it-is`: continues with a store's file that lacks its `-wal`."""

from keywire.commands.doctor.finding import Finding, good, note
from keywire.config import Config
from store.upkeep.lost_wal import accept


def go_on(config: Config) -> Finding:
    """Accept the store's file without its `-wal`, and return what that means.

    Raises StoreError where the file is damaged.
    """
    accepted = accept(config.store)
    if accepted is None:
        return good("-wal", "the store lacks none; nothing was changed")
    newest = f", the newest of {accepted.newest:%Y-%m-%d %H:%M:%S} UTC" if accepted.newest else ""
    return note(
        "-wal",
        f"keywire goes on with what the file holds: {accepted.entries:,} entries{newest}; its log "
        "has a new epoch, so that whoever follows it begins anew",
    )
