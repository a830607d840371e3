"""No cell of a file runs as a formula, numbers stay numbers, and what was written comes back exactly."""

import csv
import io
import random
from decimal import Decimal

import pytest
from factories import MONDAY, new_project, session

from pmtui.domain.fields import Kind
from pmtui.domain.records import CostEntry, Issue, Risk, Task
from pmtui.exchange.formulas import harmless_cell, original_cell
from pmtui.services.exporting import as_csv
from pmtui.services.importing import apply_import, plan_import
from pmtui.services.projects import add_project

HOSTILE = (
    "=cmd|' /C calc'!A0", "+1+cmd", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x","y")', "'=already", "''-twice",
    "\uff1d1+1", "a;=1+1", "a;'@b", "-", "- not a number",
)  # fmt: skip
SIGNS = "=+-@"


@pytest.mark.parametrize("text", ["-5", "-1250.50", "+3", "0", "12.25", "plain", "a - b", "it's", "'quoted'"])
def test_numbers_and_plain_words_are_written_as_they_are(text):
    assert harmless_cell(text) == original_cell(text) == text


@pytest.mark.parametrize("text", [*HOSTILE, "\t=1", "\r=1", "\n=1"])
def test_what_would_run_begins_with_an_apostrophe(text):
    assert harmless_cell(text)[0] == "'" or text.startswith("a;")
    assert not any(part.startswith(tuple(SIGNS)) for part in harmless_cell(text).split(";"))


def test_every_text_comes_back_exactly():
    chosen = random.Random(7)
    for _ in range(20_000):
        text = "".join(chosen.choices("=+-@'\t\r\n;,1.a \uff1d\"", k=chosen.randint(0, 8)))
        assert original_cell(harmless_cell(text)) == text


@pytest.mark.parametrize("record_type", [Task, Risk, Issue, CostEntry])
def test_every_text_field_is_harmless_in_the_file_and_restored_by_reading_it(tmp_path, record_type):
    wordy = [f for f in record_type.TYPE.fields.values() if f.kind in {Kind.LINE, Kind.TEXT} and f.form]
    assert wordy
    project = new_project(tmp_path / "ws")
    records = []
    with project.change("seed") as change:
        for at, text in enumerate(HOSTILE):
            values = {f.name: f"{text}" for f in wordy if f.name not in {"external_id", "currency"}}
            values |= {} if record_type is not CostEntry else {
                "date": MONDAY.date(), "net": Decimal(-5 - at), "budget_line": "B-1", "credit_note": True,
                "invoice": f"{text}{at}",
            }  # fmt: skip
            records.append(change.add(_made(change, record_type, values)))
    text = as_csv(records)
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        assert not any(cell.startswith(tuple(SIGNS)) and not _number(cell) for cell in row.values())
    other = add_project(session(tmp_path / "other"), "again", "Again")
    if record_type is CostEntry:
        assert rows[0]["net"] == "-5"
        with other.change("seed") as change:
            change.add(project.data.budget_lines[1])
    plan = plan_import(other, ("\ufeff" + text).encode(), "export.csv", kind=record_type.TYPE.table)
    assert not plan.problems
    apply_import(other, plan)
    found = list(other.data.tables[record_type.TYPE.table].values())
    for before, after in zip(records, found, strict=True):
        for f in wordy:
            assert getattr(after, f.name) == getattr(before, f.name), f.name


def _made(change, record_type, values):
    from pmtui.domain.records import BudgetLine

    if record_type is CostEntry and not change.data.budget_lines:
        change.add(BudgetLine(category="travel", planned=Decimal(5000)))
    if record_type is Risk:
        values |= {"owner": "ana", "review_date": MONDAY.date()}
    if record_type is Issue:
        values |= {"owner": "ana", "target_date": MONDAY.date()}
    return record_type(**values)


def _number(text):
    try:
        Decimal(text)
    except ArithmeticError:
        return False
    return True
