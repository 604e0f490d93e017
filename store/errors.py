"""What can go wrong with the store itself.

StoreError
├── DatabaseError     the database cannot be used: missing, damaged, newer, not keywire's
│   └── ConflictError two transactions waited for each other, and this one was given up
├── BusyError         another keywire runs on it
├── BackupError       a backup was not written, or cannot be restored
└── UnknownError      a topic, blog, source or entry that is not kept

Each message says in one line what is wrong and what to do about it.
"""


class StoreError(Exception):
    """The store cannot do what was asked. `str()` is one line with the remedy."""


class DatabaseError(StoreError):
    """The database cannot be used as it is; nothing was changed in it."""


class ConflictError(DatabaseError):
    """Deadlock of two transactions: this one was rolled back whole, and can be run again."""


class BusyError(StoreError):
    """Another process polls sources with this store."""


class BackupError(StoreError):
    """A backup was not written, or cannot be restored; nothing that existed was changed."""


class UnknownError(StoreError):
    """The store has no topic, blog, source or entry by that name."""
