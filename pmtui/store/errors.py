"""What can go wrong with a store, in words for the person who uses it."""


class StoreError(Exception):
    """Something about the files of a project; the message names the file and what to do."""


class LockTimeout(StoreError):
    """Somebody else held the write lock for too long; the message names them."""


class ReadOnly(StoreError, PermissionError):
    """The project can't be written; the message says why. It is the ``OSError`` that a plain file would raise."""


class DamagedStore(StoreError):
    """A file does not hold what pmtui wrote; the message names the line."""


class ForeignFile(StoreError):
    """A link, a device or a stranger's file stands where one of pmtui's should be; it is left alone."""


class NewerFormat(StoreError):
    """A newer pmtui wrote the files; the message says so, and to update."""


class UndoRefused(StoreError):
    """A change can't be taken back; the message says who changed the same field since."""
