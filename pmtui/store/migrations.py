"""From one format of the store to the next, each step run once.

A step says by operations what it changes, and they go into the journal as a transaction: so the history
tells them. It gives none for what it has changed already, as it runs again where it was cut short.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from pmtui.store.journal import Op

Tables = dict[str, dict[str, dict[str, Any]]]


class Migration(msgspec.Struct, frozen=True):
    """A step to the next format: what it does, in words, and the operations that do it to these tables."""

    words: str
    operations: Callable[[Tables], list[Op]]


MIGRATIONS: tuple[Migration, ...] = ()
"""The steps: the first leads from format 1 to 2."""


def newest_format() -> int:
    """The format that is written; an older pmtui refuses what a newer one wrote."""
    return 1 + len(MIGRATIONS)
