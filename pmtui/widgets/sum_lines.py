"""Sums beneath a table, in its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmtui.widgets.record_table import RecordTable

if TYPE_CHECKING:
    from collections.abc import Hashable

    from pmtui.widgets.columns import Heading


class SumLines(RecordTable):
    """Lines drawn as a table draws them; no cursor stands on any."""

    def _find_again(self, old: list[Hashable | Heading], at: int) -> int:
        del old, at
        return -1
