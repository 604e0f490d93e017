"""What can go wrong with the store itself.

StoreError
├── DatabaseError     the database cannot be used: missing, damaged, newer, not ours
│   └── ConflictError two transactions waited for each other, and this one was given up
├── BusyError         another keywire runs on it
├── BackupError       a backup was not written, or cannot be restored
└── UnknownError      a topic, blog, source or entry that is not kept

Every one says what is wrong and what to do about it, in one line.
"""


class StoreError(Exception):
    """The store cannot do what was asked. `str()` is one line with the mend."""


class DatabaseError(StoreError):
    """The database cannot be used as it is; nothing was changed in it."""


class ConflictError(DatabaseError):
    """Two transactions waited for each other: this one was undone whole, and can be run again."""


class BusyError(StoreError):
    """Another process follows sources with this store."""


class BackupError(StoreError):
    """A backup was not written, or cannot be restored; what was there before still is."""


class UnknownError(StoreError):
    """Nothing by that name is kept."""
