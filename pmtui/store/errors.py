"""What can go wrong with a store, in words for the person who uses it."""


class StoreError(Exception):
    """Something about the files of a project; the message names the file and what to do."""


class LockTimeout(StoreError):
    """Somebody else held the write lock for too long; the message names them."""


class ReadOnly(StoreError):
    """The project can't be written; the message says why."""


class DamagedStore(StoreError):
    """A file does not hold what pmtui wrote; the message names the line."""


class UndoRefused(StoreError):
    """A change can't be taken back; the message says who changed the same field since."""
