"""The status report as data: what is frozen when it is issued, and what its page is made from.

Money is in the project's currency, dates are calendar dates, lateness is in calendar days.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Generic, TypeVar

import msgspec

from pmtui.domain.lights import trend
from pmtui.reports.blocks import Block

Row = TypeVar("Row")


class Listing(msgspec.Struct, Generic[Row], frozen=True):
    """The rows that matter most, the most consequential first, and how many there are in all."""

    rows: tuple[Row, ...] = ()
    total: int = 0


class LightRow(msgspec.Struct, frozen=True):
    """A light: the colour shown, the one by the rules, why, last period's, and the reason of an override."""

    name: str
    colour: str
    ruled: str
    why: str
    previous: str = ""
    reason: str = ""

    @property
    def trend(self) -> int:
        """1 better than in the last report, -1 worse, 0 the same or not known."""
        return trend(self.previous, self.colour)


class DatedRow(msgspec.Struct, frozen=True):
    """A record with its day: a task finished or due, a milestone, a decision (``who`` decided it)."""

    number: str
    title: str
    who: str
    on: dt.date


class LateRow(msgspec.Struct, frozen=True):
    """An overdue task: since ``due``, by ``days``; ``moved`` is how often it was rescheduled before."""

    number: str
    title: str
    who: str
    due: dt.date
    days: int
    moved: int


class MilestoneRow(msgspec.Struct, frozen=True):
    """A milestone; ``days`` is how late it is or was against its baseline, negative when early."""

    number: str
    title: str
    baseline: dt.date | None
    forecast: dt.date
    actual: dt.date | None
    days: int


class RiskRow(msgspec.Struct, frozen=True):
    """An open risk; ``before`` is its score at the start of the period, 0 where it had none."""

    number: str
    title: str
    who: str
    score: int
    band: str
    tone: str
    before: int
    response: str


class IssueRow(msgspec.Struct, frozen=True):
    """An open issue; ``days`` is how far past its target it is, 0 when it isn't."""

    number: str
    title: str
    who: str
    target: dt.date
    days: int
    response: str


class ChangeRow(msgspec.Struct, frozen=True):
    """A change request; ``late`` when it is undecided past its date."""

    number: str
    title: str
    status: str
    cost: Decimal | None
    days: int | None
    due: dt.date | None
    late: bool


class WantedRow(msgspec.Struct, frozen=True):
    """A decision that is wanted, from whom and by when."""

    number: str
    title: str
    who: str
    by: dt.date | None
    late: bool


class OverLine(msgspec.Struct, frozen=True):
    """A budget line that will cost more than planned, and by how much."""

    category: str
    amount: Decimal


class Money(msgspec.Struct, frozen=True):
    """The budget's figures, see :class:`pmtui.domain.budget.Budget`; ``budget`` is the released one.

    ``drawn`` is what of it was drawn on money set aside; reports that were issued before it was told have none.

    ``eac_method`` says how the EAC was forecast, ``eac_note`` why not by the method that was chosen; reports
    that were issued before methods could be chosen say neither.
    """

    budget: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)
    actual: Decimal = Decimal(0)
    eac: Decimal = Decimal(0)
    variance: Decimal = Decimal(0)
    contingency: Decimal = Decimal(0)
    contingency_left: Decimal = Decimal(0)
    over: tuple[OverLine, ...] = ()
    eac_method: str = ""
    eac_note: str = ""
    drawn: Decimal = Decimal(0)


class StatusReport(msgspec.Struct, frozen=True):
    """The status (highlight) report. ``on`` is the day whose numbers it shows; ``words`` are by section."""

    code: str
    project: str
    manager: str
    sponsor: str
    phase: str
    currency: str
    start: dt.date
    end: dt.date
    on: dt.date
    next_start: dt.date
    next_end: dt.date
    lights: tuple[LightRow, ...]
    money: Money
    number: str = ""
    issued: bool = False
    issued_by: str = ""
    previous_number: str = ""
    words: dict[str, str] = msgspec.field(default_factory=dict)
    done: Listing[DatedRow] = Listing()
    late: Listing[LateRow] = Listing()
    next: Listing[DatedRow] = Listing()
    milestones: Listing[MilestoneRow] = Listing()
    risks: Listing[RiskRow] = Listing()
    issues: Listing[IssueRow] = Listing()
    changes: Listing[ChangeRow] = Listing()
    wanted: Listing[WantedRow] = Listing()
    decided: Listing[DatedRow] = Listing()

    def blocks(self) -> tuple[Block, ...]:
        """The page's parts, in order."""
        from pmtui.reports.status_blocks import status_blocks  # it needs this module

        return status_blocks(self)


def freeze(report: msgspec.Struct) -> dict[str, object]:
    """The report as JSON values, to be kept for ever."""
    frozen: dict[str, object] = msgspec.to_builtins(report)
    return frozen


def thaw(numbers: Mapping[str, object]) -> StatusReport | None:
    """The report that was frozen; ``None`` where the numbers hold none that can be read."""
    try:
        return msgspec.convert(dict(numbers), StatusReport)
    except msgspec.ValidationError:
        return None
