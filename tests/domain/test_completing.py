"""What a word being typed could become."""

import datetime as dt

import pytest

from pmtui.domain.completing import Completing
from pmtui.domain.project_data import ProjectData
from pmtui.domain.quickgrammar import split_kind
from pmtui.domain.records import Change, Deliverable, Meeting, Person, Risk, Task


def of(*records):
    tables = {}
    for record in records:
        tables.setdefault(record.TYPE.table, {})[record.id] = record
    return Completing(ProjectData(tables))


DATA = (
    Person(id=1, handle="ana", full_name="Ana Silva"),
    Person(id=2, handle="ben", full_name="Ben Sandoval"),
    Task(id=1, title="Load test", tags=("cutover", "data")),
    Task(id=2, title="Sign off the load report"),
    Task(id=3, title="Load it", status="done", percent_done=100, finish_date=dt.date(2026, 3, 1)),
    Deliverable(id=4, code="1.2", title="Migration"),
    Meeting(id=1, title="Steering", start=dt.datetime(2026, 3, 1, 10, 0)),
    Risk(id=1, title="Vendor is late", owner="ana", review_date=dt.date(2026, 3, 1), status="occurred"),
    Risk(id=2, title="Vendor leaves", owner="ana", review_date=dt.date(2026, 3, 1)),
    Change(id=1, title="Vendor is paid more", requester="ana", description="more", status="implemented"),
)


@pytest.mark.parametrize(
    ("kind", "line", "texts"),
    [
        ("task", "Fix @a", ["@ana"]),
        ("task", "Fix @s", ["@ana", "@ben"]),
        ("task", "Fix @", ["@ana", "@ben"]),
        ("task", "Fix #c", ["#cutover"]),
        ("task", "Fix !h", ["!high"]),
        ("issue", "Fix !u", ["!urgent"]),
        ("task", "Fix after load", ["T-1", "T-2"]),
        ("task", "Fix after T-2", []),
        ("task", "Fix after T-1, t-", ["T-1", "T-2"]),
        ("task", "Fix in mig", ["W-4"]),
        ("task", "Fix in 1.", ["W-4"]),
        ("task", "Fix W-", ["in W-4"]),
        ("decision", "Go in ste", ["M-1"]),
        ("cost", "12 tra", ["travel"]),
        ("cost", "5000 contingency for:ven", ["for:R-2", "for:R-1", "for:CR-1"]),
        ("cost", "5000 contingency for ven", ["R-2", "R-1", "CR-1"]),
        ("cost", "5000 contingency for:R-2", []),
        ("task", "Fix w:mig", ["w:W-4"]),
        ("task", "Fix this:mig", []),
        ("person", "@a", []),
        ("task", "Fix the load", []),
        ("task", "", []),
        ("task", "Fix @ana", []),
    ],
)
def test_what_is_offered(kind, line, texts):
    offer = of(*DATA).offer(kind, line)
    found = [candidate.text for candidate in offer.candidates] if offer else []
    assert found == texts


def test_where_what_was_typed_stands():
    offer = of(*DATA).offer("task", "Fix @sil")
    (found,) = offer.candidates
    assert (found.text, found.shown[found.at : found.at + found.typed], offer.start) == ("@ana", "Sil", 4)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("risk: Vendor late", ("risk", "Vendor late")),
        ("Issues: x", ("issue", "x")),
        ("budget: travel 12", ("budget line", "travel 12")),
        ("action: x", ("task", "x")),
        ("risk:", ("risk", "")),
        ("note: call ana", ("task", "note: call ana")),
        ("cost:5000 Vendor", ("task", "cost:5000 Vendor")),
        ('"Risk: x"', ("task", '"Risk: x"')),
    ],
)
def test_the_kind_that_a_line_begins_with(line, found):
    assert split_kind(line, "task") == found
