"""Budget lines and cost entries: what was planned, and what became of it."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import msgspec

from pmtui.domain.fields import Field, Kind
from pmtui.domain.flow import Flow
from pmtui.domain.phasing import MonthAmount, problem_of, rescaled
from pmtui.domain.problems import Problem
from pmtui.domain.records import cost_rules
from pmtui.domain.records.base import Record, declare
from pmtui.domain.text import fold

if TYPE_CHECKING:
    from pmtui.domain.project_data import ProjectData

CATEGORIES = ("labour", "equipment", "software", "travel", "external", "other")
LINE_KINDS = ("base", "contingency", "management reserve")

FLOW = Flow(
    moves={
        "planned": ("committed", "invoiced", "paid", "void"),
        "committed": ("invoiced", "paid", "void", "planned"),
        "invoiced": ("paid", "void", "committed"),
        "paid": ("void", "invoiced"),
        "void": (),
    },
    ends=frozenset({"paid", "void"}),
)

STATEMENT = "statement"
"""The source of an external id that is a row of a bank's or ERP's file."""

ACTUAL = frozenset({"invoiced", "paid"})
"""Statuses whose amounts are money spent."""


def phases_add_up(line: "BudgetLine", _: "ProjectData") -> Sequence[Problem]:
    """Where a line is phased by month, the months come to what is planned."""
    problem = problem_of(line.phasing, line.planned)
    return [problem] if problem else []


def follow_phasing(before: "BudgetLine | None", after: "BudgetLine", _: dt.date) -> "BudgetLine":
    """The months follow what is planned, in proportion, unless they were changed themselves."""
    if before is None or not after.phasing or after.planned == before.planned or after.phasing != before.phasing:
        return after
    return msgspec.structs.replace(after, phasing=rescaled(after.phasing, after.planned))


def tell_phasing(asked: "BudgetLine", after: "BudgetLine") -> str:
    """That the months followed."""
    return f"its {len(after.phasing)} months follow in proportion" if asked.phasing != after.phasing else ""


def line_of_hours_stays(
    before: "BudgetLine | None", after: "BudgetLine | None", data: "ProjectData"
) -> Sequence[Problem]:
    """The line that hours are charged to is not deleted, and stays a base line."""
    if before is None or before.number != data.project.labour_line or (after is not None and after.kind == "base"):
        return []
    field, value = ("kind", after.kind) if after else ("record", "")
    return [Problem(field, value, "hours are charged to it; change that in the project's settings first")]


@declare(
    kind="budget line",
    table="budget_lines",
    prefix="B",
    words=("budget line", "budget lines"),
    title="category",
    rules=(phases_add_up,),
    follow=follow_phasing,
    tells=tell_phasing,
    derived={
        "cost_variance": lambda line, data, _: cost_rules.cost_variance(line, data),
        "cost_variance_percent": lambda line, data, _: cost_rules.cost_variance_percent(line, data),
    },
    change_rules=(line_of_hours_stays,),
    columns=("category", "kind", "planned"),
)
class BudgetLine(Record, frozen=True, kw_only=True):
    """An amount set aside for a category, in the project's currency, net of tax."""

    category: Annotated[
        str,
        Field(
            "Category",
            required=True,
            hint="such as " + ", ".join(CATEGORIES),
            headings=("name", "project name"),
        ),
    ]
    planned: Annotated[
        Decimal, Field("Planned", Kind.MONEY, required=True, low=0, headings=("budget", "planned cost", "amount"))
    ] = Decimal(0)
    kind: Annotated[str, Field("Kind", Kind.CHOICE, choices=LINE_KINDS)] = "base"
    forecast: Annotated[
        Decimal | None,
        Field(
            "Forecast",
            Kind.MONEY,
            low=0,
            hint="what the line will cost in all, where it is known better",
            headings=("forecast cost", "projected/actual cost", "estimate at completion"),
        ),
    ] = None
    description: Annotated[str, Field("Description", Kind.TEXT, headings=("project description",))] = ""
    phasing: Annotated[tuple[MonthAmount, ...], Field("Phasing", Kind.STRUCTURE, form=False)] = ()


class VersionLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A budget line as it stood in a version of the budget; ``line`` is its number."""

    line: str
    category: str
    planned: Decimal
    kind: str = "base"
    phasing: tuple[MonthAmount, ...] = ()


VERSION_FLOW = Flow(
    moves={"proposed": ("approved", "rejected"), "approved": ("superseded",), "rejected": (), "superseded": ()},
    ends=frozenset({"rejected", "superseded"}),
)


def version_is_frozen(version: "BudgetVersion", _: "ProjectData") -> str:
    """A version that was decided on stays as it was; a later one replaces it."""
    return "" if version.status == "proposed" else f"it was {version.status}; another version is proposed instead"


def decision_is_told(version: "BudgetVersion", _: "ProjectData") -> Sequence[Problem]:
    """A version that was decided on says by whom and when."""
    if version.status == "proposed" or (version.decided_by and version.decided_on):
        return []
    return [Problem("status", version.status, "a version is decided on with who decided, and when")]


def one_is_approved(version: "BudgetVersion", data: "ProjectData") -> Sequence[Problem]:
    """No two versions are the approved one."""
    others = [v.number for v in data.budget_versions.values() if v.status == "approved" and v.id != version.id]
    if version.status == "approved" and others:
        return [Problem("status", "approved", f"{others[0]} is the approved one; approving another supersedes it")]
    return []


def what_was_decided_stays(
    before: "BudgetVersion | None", after: "BudgetVersion | None", _: "ProjectData"
) -> Sequence[Problem]:
    """What a version held when it was decided on is neither changed nor undone; its status alone may go on."""
    if before is None or after is None or "proposed" in {before.status, after.status}:
        return []
    why = f"{before.number} was {before.status} as it stands; another version is proposed instead"
    return [Problem(name, "", why) for name in _DECIDED_ON if getattr(before, name) != getattr(after, name)]


_DECIDED_ON = ("title", "reason", "change", "decided_on", "decided_by", "lines")
"""What of a version is frozen with the decision."""


def approval_stands(
    before: "BudgetVersion | None", after: "BudgetVersion | None", data: "ProjectData"
) -> Sequence[Problem]:
    """An approval is taken back only while nothing was built on it: no report issued since, no version proposed."""
    if before is None or before.status != "approved" or (after is not None and after.status != "proposed"):
        return []
    issued = [report for report in data.reports.values() if report.status == "issued"]
    since = [r.number for r in issued if _after(r.updated, before.updated) or _later(r.issued_on, before.decided_on)]
    since += [v.number for v in data.budget_versions.values() if _after(v.created, before.updated)]
    if not since:
        return []
    how = "issued" if since[0].startswith("SR-") else "proposed"
    return [Problem("status", "approved", f"{since[0]} was {how} on it since; another version is proposed instead")]


def _after(moment: dt.datetime | None, other: dt.datetime | None) -> bool:
    return moment is not None and other is not None and moment > other


def _later(day: dt.date | None, other: dt.date | None) -> bool:
    return day is not None and other is not None and day > other


@declare(
    kind="budget version",
    table="budget_versions",
    prefix="BV",
    words=("budget version", "budget versions"),
    flow=VERSION_FLOW,
    rules=(decision_is_told, one_is_approved),
    change_rules=(approval_stands, what_was_decided_stays),
    frozen=version_is_frozen,
    undo_thaws=True,
    columns=("status", "title", "decided_on", "decided_by"),
)
class BudgetVersion(Record, frozen=True, kw_only=True):
    """The budget as it was proposed and decided on; the approved one is what money is held against."""

    title: Annotated[str, Field("Title", required=True)]
    status: Annotated[str, Field("Status", Kind.CHOICE, choices=VERSION_FLOW.statuses, form=False)] = "proposed"
    reason: Annotated[str, Field("Reason", Kind.TEXT)] = ""
    change: Annotated[str, Field("Change", Kind.REFERENCE, kinds=("change", "decision"))] = ""
    decided_on: Annotated[dt.date | None, Field("Decided on", Kind.DATE, past=True, form=False)] = None
    decided_by: Annotated[str, Field("Decided by", form=False)] = ""
    lines: Annotated[tuple[VersionLine, ...], Field("Lines", Kind.STRUCTURE, form=False)] = ()


def invoice_key(entry: "CostEntry") -> tuple[str, str]:
    """What makes an invoice the same: its vendor and number, however they are written."""
    return fold(entry.vendor), fold(entry.invoice)


def invoice_booked_once(entry: "CostEntry", data: "ProjectData") -> Sequence[Problem]:
    """The same vendor and invoice twice is refused, naming the earlier entry."""
    if not (entry.invoice and entry.vendor) or entry.status == "void":
        return []
    booked = data.invoices[invoice_key(entry)]
    if booked[0] == entry.id:
        return []
    return [Problem("invoice", entry.invoice, f"already booked as C-{booked[0]} from {entry.vendor}")]


def invoice_is_free(before: "CostEntry | None", after: "CostEntry | None", data: "ProjectData") -> Sequence[Problem]:
    """An entry that gets its invoice later does not get one that a newer entry has."""
    if before is None or after is None or not (after.invoice and after.vendor) or after.status == "void":
        return []
    if before.status != "void" and invoice_key(before) == invoice_key(after):
        return []
    newer = [entry for entry in data.invoices.get(invoice_key(after), ()) if entry > after.id]
    return [Problem("invoice", after.invoice, f"already booked as C-{newer[0]} from {after.vendor}")] if newer else []


BOOKED = (
    *("date", "net", "tax", "budget_line", "vendor", "invoice"),
    *("credit_note", "credits", "currency", "foreign_net", "rate"),
)
"""What a closed month locks of money spent; it can still be paid."""


def closed_month_stays(before: "CostEntry | None", after: "CostEntry | None", data: "ProjectData") -> Sequence[Problem]:
    """A closed month takes no entries, and what was spent in it stays; a commitment may leave it."""
    closed = data.project.closed_months
    spent_before = before is not None and before.is_actual and _month(before) in closed
    enters = after is not None and _month(after) in closed and (before is None or _month(before) != _month(after))
    spent_after = after is not None and after.is_actual and _month(after) in closed
    kept = before is not None and after is not None and after.is_actual and not _rebooked(before, after)
    if enters or (spent_before and not kept) or (spent_after and not spent_before):
        entry = before if spent_before and before is not None else after
        assert entry is not None
        why = f"the month {_month(entry)} is closed; book it in an open month"
        return [Problem("date", entry.date.isoformat(), why)]
    return []


def _month(entry: "CostEntry") -> str:
    return f"{entry.date:%Y-%m}"


def _rebooked(before: "CostEntry", after: "CostEntry") -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in BOOKED)


class Cause(msgspec.Struct, frozen=True):
    """What a draw names: kinds of records, and the words that say so."""

    kinds: tuple[str, ...]
    words: str


CAUSES = {
    "contingency": Cause(
        ("risk", "change", "issue"), "a draw on contingency names its risk or change, such as R-3 or CR-1"
    ),
    "management reserve": Cause(
        ("change", "decision"),
        "a draw on the management reserve names the change or decision that released it, such as CR-1 or D-4",
    ),
}
"""What a draw on money that is set aside must name, by the kind of its budget line."""


def draw_is_explained(entry: "CostEntry", data: "ProjectData") -> Sequence[Problem]:
    """A draw on contingency names the risk or change that caused it, one on the reserve what released it."""
    line = data.baseline_lines.get(data.id_of(entry.budget_line))
    wanted = CAUSES.get(line.kind) if line is not None and entry.status != "void" else None
    cause = data.get(entry.caused_by) if entry.caused_by else None
    if wanted is None or (cause is None and entry.caused_by) or (cause and cause.TYPE.kind in wanted.kinds):
        return []  # a number that is none is told by its field
    return [Problem("caused_by", entry.caused_by, wanted.words)]


def void_has_reason(entry: "CostEntry", _: "ProjectData") -> Sequence[Problem]:
    """A void entry keeps the reason."""
    if entry.status == "void" and not entry.void_reason:
        return [Problem("void_reason", "", "a void entry has a reason")]
    return []


@declare(
    kind="cost",
    table="costs",
    prefix="C",
    words=("cost", "costs"),
    title="note",
    flow=FLOW,
    rules=(
        *(cost_rules.credit_notes_only, invoice_booked_once, draw_is_explained, void_has_reason),
        *(
            cost_rules.row_booked_once,
            cost_rules.amounts_agree,
            cost_rules.credits_an_entry,
            cost_rules.credited_stays,
            cost_rules.received_rightly,
        ),
    ),
    change_rules=(closed_month_stays, invoice_is_free, cost_rules.receipt_stays),
    edit_rules=(cost_rules.accrual_stays,),
    follow=cost_rules.complete,
    doubts=cost_rules.credits_too_much,
    derived={"category": lambda entry, data, _: data.category_of(entry)},
    columns=("date", "status", "budget_line", "note", "vendor", "net"),
)
class CostEntry(Record, frozen=True, kw_only=True):
    """Money planned, committed, invoiced or paid. Amounts are net, in the project's currency."""

    date: Annotated[
        dt.date, Field("Date", Kind.DATE, required=True, past=True, headings=("booking date", "invoice date"))
    ]
    budget_line: Annotated[
        str,
        Field(
            "Budget line",
            Kind.REFERENCE,
            required=True,
            kinds=("budget line",),
            headings=("category", "line", "account"),
        ),
    ]
    net: Annotated[
        Decimal,
        Field(
            "Net",
            Kind.MONEY,
            required=True,
            given_by=("foreign_net", "rate"),
            headings=("amount", "cost", "net amount", "total"),
        ),
    ]
    note: Annotated[str, Field("Note", headings=("description", "text", "title", "comment"))] = ""
    status: Annotated[str, Field("Status", Kind.CHOICE, choices=FLOW.statuses)] = "invoiced"
    vendor: Annotated[str, Field("Vendor", headings=("supplier", "payee"))] = ""
    tax: Annotated[Decimal | None, Field("Tax", Kind.MONEY, headings=("vat",))] = None
    po: Annotated[str, Field("PO", headings=("purchase order", "po number"))] = ""
    invoice: Annotated[str, Field("Invoice", headings=("invoice number", "invoice no"))] = ""
    invoice_expected_on: Annotated[dt.date | None, Field("Invoice expected", Kind.DATE)] = None
    currency: Annotated[str, Field("Currency", hint="of the invoice, where it is another one: such as USD")] = ""
    foreign_net: Annotated[Decimal | None, Field("Net in that currency", Kind.MONEY)] = None
    rate: Annotated[
        Decimal | None,
        Field("Rate", Kind.MONEY, low=0, decimals=8, hint="what one of that currency costs in the project's: 0.92"),
    ] = None
    received_on: Annotated[
        dt.date | None,
        Field("Received", Kind.DATE, past=True, hint="when the goods or work came, where the invoice is still to come"),
    ] = None
    credit_note: Annotated[bool, Field("Credit note", Kind.FLAG)] = False
    credits: Annotated[
        str,
        Field("Credits", Kind.REFERENCE, kinds=("cost",), hint="the entry that a credit note takes back, or part of"),
    ] = ""
    caused_by: Annotated[str, Field("Caused by", Kind.REFERENCE, kinds=("risk", "change", "issue", "decision"))] = ""
    void_reason: Annotated[str, Field("Void because", form=False)] = ""
    bank_rows: Annotated[tuple[str, ...], Field("Bank rows", Kind.STRUCTURE, form=False)] = ()

    @property
    def is_actual(self) -> bool:
        """Whether the amount is spent: invoiced or paid."""
        return self.status in ACTUAL

    @property
    def statement_ids(self) -> tuple[str, ...]:
        """The rows of banks' and ERPs' files that it is: kept as its external id, and others beside it."""
        own = (self.external.id,) if self.external is not None and self.external.source == STATEMENT else ()
        return (*own, *self.bank_rows)

    @property
    def is_accrued(self) -> bool:
        """Whether its goods or work came, and its invoice is still to come."""
        return self.status == "committed" and self.received_on is not None

    def invoice_is_late(self, today: dt.date) -> bool:
        """Committed, and past the day its invoice was expected on."""
        return self.status == "committed" and self.invoice_expected_on is not None and self.invoice_expected_on < today
