"""How a file of a bank or an ERP is read, kept under a name for everybody in the workspace."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

from pmtui.domain.fields import Field, Kind
from pmtui.domain.problems import Problem
from pmtui.domain.records.base import Record, declare
from pmtui.domain.text import fold

if TYPE_CHECKING:
    from pmtui.domain.project_data import ProjectData

AUTO = "as found"
"""What is found out from the file itself."""

DATES = (AUTO, "day first", "month first")
DECIMALS = (AUTO, "comma", "point")
SEPARATORS = (AUTO, "comma", "semicolon", "tab", "bar")
ENCODINGS = (AUTO, "utf-8", "windows-1252", "iso-8859-15", "utf-16")
NEGATIVE, POSITIVE = "costs are negative", "costs are positive"
PAID, INVOICED = "paid", "invoiced"

COLUMNS = (
    *("date", "amount", "debit", "credit", "direction"),
    *("vendor", "text", "po", "invoice", "currency", "tax", "own_id"),
)
"""The fields that name a heading of the file."""


def name_is_unique(mapping: "ImportMapping", data: "ProjectData") -> Sequence[Problem]:
    """No two mappings have one name, however it is written."""
    for other in data.mappings.values():
        if other.id != mapping.id and fold(other.title) == fold(mapping.title):
            return [Problem("title", mapping.title, "a mapping has this name already")]
    return []


def has_what_is_needed(mapping: "ImportMapping", _: "ProjectData | None" = None) -> Sequence[Problem]:
    """A booking has a date, and an amount in one column or in two."""
    found = [] if mapping.date else [Problem("date", "", "which column is the date?")]
    if not (mapping.amount or mapping.debit or mapping.credit):
        found.append(Problem("amount", "", "which column is the amount, or which two are debit and credit?"))
    return found


@declare(
    kind="import mapping",
    table="import_mappings",
    prefix="IM",
    words=("import mapping", "import mappings"),
    rules=(name_is_unique, has_what_is_needed),
    columns=("title", "date", "amount", "vendor"),
)
class ImportMapping(Record, frozen=True, kw_only=True):
    """Which heading of a file is what, and how the file writes; a heading that is empty is not there."""

    title: Annotated[str, Field("Name", required=True)] = ""
    date: Annotated[str, Field("Date")] = ""
    amount: Annotated[str, Field("Amount")] = ""
    debit: Annotated[str, Field("Money out (debit)")] = ""
    credit: Annotated[str, Field("Money in (credit)")] = ""
    direction: Annotated[str, Field("Debit or credit", hint="the column that says which: S and H, D and C")] = ""
    vendor: Annotated[str, Field("Vendor")] = ""
    text: Annotated[str, Field("Text")] = ""
    po: Annotated[str, Field("PO")] = ""
    invoice: Annotated[str, Field("Invoice")] = ""
    currency: Annotated[str, Field("Currency")] = ""
    tax: Annotated[str, Field("Tax", hint="in a column of its own, beside a net amount")] = ""
    own_id: Annotated[str, Field("Its own id", hint="the column with the bank's own number of each booking")] = ""
    signs: Annotated[str, Field("Signs", Kind.CHOICE, choices=(NEGATIVE, POSITIVE))] = NEGATIVE
    means: Annotated[str, Field("What is booked is", Kind.CHOICE, choices=(PAID, INVOICED))] = PAID
    dates: Annotated[str, Field("Dates", Kind.CHOICE, choices=DATES)] = AUTO
    decimals: Annotated[str, Field("Decimals by", Kind.CHOICE, choices=DECIMALS)] = AUTO
    separator: Annotated[str, Field("Columns by", Kind.CHOICE, choices=SEPARATORS)] = AUTO
    encoding: Annotated[str, Field("Encoding", Kind.CHOICE, choices=ENCODINGS)] = AUTO

    @property
    def headings(self) -> Mapping[str, str]:
        """The headings that are named, by field."""
        return {name: heading for name in COLUMNS if (heading := getattr(self, name))}
