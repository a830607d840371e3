import datetime as dt
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmtui.domain.fields import Field, Kind
from pmtui.domain.merge import Conflict, merge_field, merge_lines, merge_values
from pmtui.domain.records import Task

HOURS = Field("Actual effort", Kind.HOURS, additive=True, name="actual_effort")
MONEY = Field("Spent", Kind.MONEY, additive=True, name="spent")
COUNT = Field("Count", Kind.INTEGER, additive=True, name="count")
TAGS = Field("Tags", Kind.TAGS, name="tags")
NOTES = Field("Notes", Kind.TEXT, name="notes")
TITLE = Field("Title", name="title")
DUE = Field("Due", Kind.DATE, name="due")

ASKED = "asked"
MONDAY, TUESDAY, FRIDAY = dt.date(2026, 3, 2), dt.date(2026, 3, 3), dt.date(2026, 3, 6)


def merged(field, base, mine, theirs):
    found = merge_field(field, base, mine, theirs)
    return ASKED if isinstance(found, Conflict) else found


def lines(*parts):
    return "\n".join(parts)


@pytest.mark.parametrize(
    ("field", "base", "mine", "theirs", "result"),
    [
        pytest.param(TITLE, "a", "a", "theirs", "theirs", id="I left it: theirs"),
        pytest.param(TITLE, "a", "mine", "a", "mine", id="they left it: mine"),
        pytest.param(TITLE, "a", "same", "same", "same", id="both wrote the same"),
        pytest.param(TITLE, "a", "mine", "theirs", ASKED, id="a value that both changed is asked"),
        pytest.param(TITLE, "a", "", "theirs", ASKED, id="emptied against changed is asked"),
        pytest.param(DUE, MONDAY, TUESDAY, FRIDAY, ASKED, id="dates that both moved are asked"),
        pytest.param(DUE, None, TUESDAY, TUESDAY, TUESDAY, id="both moved it to one day"),
        pytest.param(HOURS, 4.0, 6.0, 7.0, 9.0, id="hours add up"),
        pytest.param(HOURS, 4.0, 6.0, 6.0, 8.0, id="the same hours add up too"),
        pytest.param(HOURS, None, 2.0, 2.0, 4.0, id="nothing counts as none"),
        pytest.param(HOURS, 4.0, None, 6.0, 2.0, id="emptied takes off what it was"),
        pytest.param(HOURS, 8.0, 6.0, 5.0, 3.0, id="both corrected it down"),
        pytest.param(HOURS, 80.0, 8.0, 7.0, ASKED, id="hours never go below none"),
        pytest.param(HOURS, 80.0, 8.0, 8.0, 8.0, id="one correction made twice is one"),
        pytest.param(HOURS, 0.1, 0.3, 0.2, 0.4, id="decimals are exact"),
        pytest.param(MONEY, Decimal("1.10"), Decimal("2.20"), Decimal("3.30"), Decimal("4.40"), id="money stays money"),
        pytest.param(COUNT, 1, 2, 3, 4, id="counts stay whole"),
        pytest.param(TAGS, ("a", "b"), ("a", "b", "m"), ("t", "b"), ("t", "b", "m"), id="added to theirs"),
        pytest.param(TAGS, ("a", "b"), ("b",), ("a", "b", "t"), ("b", "t"), id="what I took out is gone"),
        pytest.param(TAGS, ("a",), ("a", "x"), ("a", "x", "t"), ("a", "x", "t"), id="what both added is there once"),
        pytest.param(TAGS, ("a",), (), ("a", "t"), ("t",), id="emptied keeps what they added"),
        pytest.param(NOTES, "", "mine", "theirs", lines("theirs", "mine"), id="both began a text: theirs first"),
        pytest.param(NOTES, "a", lines("a", "m"), lines("a", "t"), lines("a", "t", "m"), id="both added at the end"),
        pytest.param(NOTES, "a", lines("m", "a"), lines("a", "t"), lines("m", "a", "t"), id="at its two ends"),
        pytest.param(NOTES, "a", "A", lines("a", "t"), lines("A", "t"), id="altered above what they added"),
        pytest.param(NOTES, "a", lines("a", "x"), lines("a", "x"), lines("a", "x"), id="the same line is added once"),
        pytest.param(
            NOTES, lines("a", "b"), lines("A", "b"), lines("a", "B"), lines("A", "B"), id="neighbouring lines"
        ),
        pytest.param(NOTES, lines("a", "b"), "b", lines("a", "b", "t"), lines("b", "t"), id="a line I took out"),
        pytest.param(NOTES, "a", "mine", "theirs", ASKED, id="one line that both altered is asked"),
        pytest.param(NOTES, "a", "", "theirs", ASKED, id="taken out against altered is asked"),
        pytest.param(NOTES, lines("a", "b"), lines("a", "x", "b"), "c", ASKED, id="added within what they altered"),
    ],
)
def test_one_field(field, base, mine, theirs, result):
    found = merged(field, base, mine, theirs)
    assert found == result
    assert type(found) is type(result)


def test_of_a_text_in_conflict_the_rest_is_joined_whoever_is_kept():
    found = merge_lines(lines("a", "b"), lines("mine", "b", "m"), lines("theirs", "b", "t"))
    assert [(part.mine, part.theirs) for part in found.clashes] == [(["mine"], ["theirs"])]
    assert found.text("mine") == lines("mine", "b", "t", "m")
    assert found.text("theirs") == lines("theirs", "b", "t", "m")
    assert found.text("both") == lines("theirs", "mine", "b", "t", "m")


def test_what_was_kept_once_is_kept_again_by_the_same_merge():
    base, theirs = lines("a", "b"), lines("theirs", "b", "t")
    began = merge_lines(base, lines("mine", "b", "m"), theirs)
    for keep in ("mine", "both"):
        again = merge_lines(base, began.text(keep), theirs)
        assert again.text(keep) == began.text(keep)


def test_a_record_is_told_by_field():
    base = Task(title="a", owner="ana", tags=("x",), actual_effort=4.0, notes="a", due=MONDAY)
    theirs = msgspec.structs.replace(base, owner="ben", tags=("x", "t"), actual_effort=5.0, priority="high", due=FRIDAY)
    mine = {"title": "b", "tags": ("x", "m"), "actual_effort": 6.0, "notes": "a", "priority": "high", "due": TUESDAY}
    found = merge_values(Task.TYPE, base, theirs, mine)
    assert found.values == {"title": "b", "tags": ("x", "t", "m"), "actual_effort": 7.0}
    assert found.joined == ("tags", "actual_effort")
    assert [(c.field, c.base, c.mine, c.theirs) for c in found.conflicts] == [("due", MONDAY, TUESDAY, FRIDAY)]


def test_what_follows_from_a_change_is_no_conflict_of_its_own():
    base = Task(title="a")
    theirs = Task.TYPE.follow(base, msgspec.structs.replace(base, status="done"), MONDAY)
    found = merge_values(Task.TYPE, base, theirs, {"status": "done"})
    assert (found.values, found.conflicts) == ({}, ())


def test_a_text_of_any_size_is_merged_without_comparing_all_of_it():
    blank = "\n" * 150_000
    found = merge_lines(blank, f"mine{blank}", f"{blank}theirs")
    assert found.text() == f"mine{blank}theirs"
    one, other = ("\n".join(f"{side}{n % 7}" for n in range(5_000)) for side in "mt")
    assert merge_lines(blank, one, other).clashes


def kinds() -> list[tuple[Field, st.SearchStrategy]]:
    words = st.lists(st.sampled_from("abcde"), max_size=5, unique=True).map(tuple)
    hours = st.none() | st.integers(0, 10_000_000).map(lambda cents: cents / 100)
    return [(TITLE, st.text(max_size=3)), (HOURS, hours), (TAGS, words), (NOTES, texts), (DUE, st.none() | st.dates())]


texts = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=7).map("\n".join)


@given(st.data())
def test_a_side_that_changed_nothing_leaves_the_others(data):
    field, values = data.draw(st.sampled_from(kinds()))
    base, other = data.draw(values), data.draw(values)
    assert merge_field(field, base, base, other) == other
    assert merge_field(field, base, other, base) == other


@given(texts, texts)
def test_a_text_that_one_side_left_is_the_others(base, other):
    for found in (merge_lines(base, base, other), merge_lines(base, other, base)):
        assert not found.clashes
        assert {found.text(keep) for keep in ("mine", "theirs", "both")} == {other}


@given(texts, texts, texts)
def test_no_line_that_somebody_added_is_lost(base, mine, theirs):
    found = merge_lines(base, mine, theirs)
    added = (set(mine.split("\n")) | set(theirs.split("\n"))) - set(base.split("\n")) - {""}
    assert added <= set(found.text("both").split("\n"))
    if not found.clashes:
        assert added <= set(found.text("mine").split("\n"))


@given(st.integers(1, 12), st.data())
def test_changes_of_different_lines_are_the_same_from_either_side(count, data):
    base = [f"line {n}" for n in range(count)]
    whose = data.draw(st.lists(st.sampled_from(["mine", "theirs", ""]), min_size=count, max_size=count))
    how = data.draw(st.lists(st.sampled_from(["altered", "doubled", "gone"]), min_size=count, max_size=count))

    def side(*names):
        made = []
        for line, who, what in zip(base, whose, how, strict=True):
            if who not in names:
                made.append(line)
            else:
                made += {"altered": [f"{line} {who}"], "doubled": [f"{line} {who}", f"{line} more"], "gone": []}[what]
        return "\n".join(made)

    start, mine, theirs = "\n".join(base), side("mine"), side("theirs")
    if mine and theirs:
        here, there = merge_lines(start, mine, theirs), merge_lines(start, theirs, mine)
        assert not here.clashes
        assert here.text() == there.text() == side("mine", "theirs")


cents = st.integers(0, 10_000_000)


@given(cents, cents, cents)
def test_what_is_added_sums_exactly(base, mine, theirs):
    found = merged(HOURS, base / 100, mine / 100, theirs / 100)
    total = theirs + mine - base
    if total >= 0 or base in {mine, theirs}:
        assert found == (mine if theirs == base else total) / 100
    else:
        assert found == (theirs / 100 if mine == theirs else ASKED)


@given(*[st.lists(st.sampled_from("abcdef"), unique=True).map(tuple)] * 3)
def test_a_list_has_what_either_added_and_not_what_either_took_out(base, mine, theirs):
    found = set(merged(TAGS, base, mine, theirs))
    assert found == (set(base) & set(mine) & set(theirs)) | (set(mine) - set(base)) | (set(theirs) - set(base))
    assert found == set(merged(TAGS, base, theirs, mine))
