"""A new date moves what depends on it, and nothing else; the critical path is the books'."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmtui.domain.calendar import WorkingCalendar
from pmtui.domain.schedule import (
    Activity,
    CriticalPath,
    CycleError,
    Link,
    LinkType,
    Shift,
    critical_path,
    downstream,
    find_cycle,
    knock_on,
)

DATA = Path(__file__).parents[3] / "shared" / "data"
CALENDAR = WorkingCalendar()
MONDAY = date(2026, 11, 2)
MANY = 50_000


def day(number: int) -> date:
    """The date `number` working days after the first Monday."""
    return CALENDAR.add_working_days(MONDAY, number)


def task(key: str, due: int | None, *after: str, days: int = 1) -> Activity:
    """A task due on a working day counted from the first Monday."""
    return Activity(key, None, None if due is None else day(due), days, after)


def milestone(key: str, due: int, *after: str) -> Activity:
    return Activity(key, None, day(due), None, after, milestone=True)


def move(*activities: Activity, **moved: int) -> list[tuple[str, int, int]]:
    """The shifts after some tasks get new due dates, all in working-day numbers."""
    shifts = knock_on(
        {one.key: one for one in activities},
        {key: day(number) for key, number in moved.items()},
        CALENDAR,
    )
    count = CALENDAR.working_days_between
    return [(s.key, count(MONDAY, s.old), count(MONDAY, s.new)) for s in shifts]


def test_a_slip_carries_through_a_chain() -> None:
    a, b, c = task("a", 2), task("b", 5, "a", days=3), task("c", 6, "b")
    assert move(a, b, c, a=4) == [("b", 5, 7), ("c", 6, 8)]


def test_room_between_two_tasks_takes_up_the_slip() -> None:
    assert move(task("a", 2), task("b", 8, "a", days=3), a=5) == []
    assert move(task("a", 2), task("b", 8, "a", days=3), a=6) == [("b", 8, 9)]


def test_nothing_moves_earlier() -> None:
    assert move(task("a", 5), task("b", 6, "a"), a=1) == []


def test_the_working_duration_from_start_to_due_is_kept() -> None:
    b = Activity("b", day(3), day(5), 99, ("a",))
    assert move(task("a", 2), b, a=4) == [("b", 5, 7)]


def test_weekends_and_holidays_are_not_worked_on() -> None:
    friday, holiday = date(2026, 11, 6), date(2026, 11, 9)
    a = Activity("a", None, date(2026, 11, 4))
    b = Activity("b", None, date(2026, 11, 5), 1, ("a",))
    calendar = WorkingCalendar(extra_holidays=frozenset({holiday}))
    shifts = knock_on({"a": a, "b": b}, {"a": friday}, calendar)
    assert shifts == (Shift("b", date(2026, 11, 5), date(2026, 11, 10)),)


def test_a_milestone_falls_on_the_day_of_its_latest_predecessor() -> None:
    a, b = task("a", 2), task("b", 4)
    assert move(a, b, milestone("m", 4, "a", "b"), a=6) == [("m", 4, 6)]
    assert move(a, b, milestone("m", 4, "a", "b"), a=4) == []


def test_what_follows_a_milestone_starts_the_day_after() -> None:
    found = move(task("a", 2), milestone("m", 2, "a"), task("b", 3, "m"), a=4)
    assert found == [("m", 2, 4), ("b", 3, 5)]


def test_a_task_without_a_date_passes_it_on_with_its_duration() -> None:
    a, b, c = task("a", 2), task("b", None, "a", days=2), task("c", 5, "b")
    assert move(a, b, c, a=3) == [("c", 5, 6)]


def test_an_undated_start_of_a_chain_holds_nothing_up() -> None:
    a, b, c = task("a", None), task("b", 1, "a"), task("c", 3, "b")
    assert move(a, b, c, b=3) == [("c", 3, 4)]
    assert move(a, b, c, a=3) == [("b", 1, 4), ("c", 3, 5)]


def test_a_link_broken_before_is_no_consequence() -> None:
    late, b, c = task("late", 9), task("b", 3, "late"), task("c", 20, "b")
    other, d = task("other", 1), task("d", 2, "other")
    assert move(late, b, c, other, d, other=2) == [("d", 2, 3)]


def test_a_broken_link_that_gets_worse_is_told_with_the_recorded_date() -> None:
    assert move(task("a", 9), task("b", 3, "a"), a=12) == [("b", 3, 13)]


def test_done_work_neither_moves_nor_holds_up() -> None:
    done = Activity("done", None, day(3), 1, ("a",), open=False)
    assert move(task("a", 2), done, task("c", 4, "done"), a=9) == []
    assert move(done, task("c", 4, "done"), done=9) == []


def test_moved_ones_stay_where_they_are_put() -> None:
    a, b, c = task("a", 2), task("b", 3, "a"), task("c", 4, "b")
    assert move(a, b, c, a=5, b=4) == [("c", 4, 5)]


def test_links_to_unknown_keys_are_ignored_and_unknown_moves_refused() -> None:
    assert move(task("a", 2, "gone"), task("b", 3, "a"), a=3) == [("b", 3, 4)]
    with pytest.raises(KeyError):
        move(task("a", 2), gone=3)


def test_a_cycle_is_refused_and_named() -> None:
    with pytest.raises(CycleError, match="a cycle of dependencies") as refused:
        move(task("a", 2, "c"), task("b", 3, "a"), task("c", 4, "b"), a=3)
    assert set(refused.value.keys) == {"a", "b", "c"}


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Activity]:
    """A plan without cycles: each task only comes after earlier ones."""
    found: dict[str, Activity] = {}
    for number in range(draw(st.integers(1, 9))):
        due = draw(st.none() | st.integers(0, 30))
        found[str(number)] = Activity(
            key=str(number),
            start=None,
            due=None if due is None else day(due),
            days=draw(st.none() | st.integers(1, 5)),
            after=tuple(draw(st.sets(st.sampled_from(list(found))))) if found else (),
            open=draw(st.integers(0, 5)) > 0,
            milestone=draw(st.integers(0, 3)) == 0,
        )
    return found


def settled(plan: dict[str, Activity], moved: dict[str, date]) -> dict[str, date]:
    """When each open activity ends, found by trying until nothing changes."""
    ends = {k: one.due for k, one in plan.items() if one.due and one.open} | moved
    for _ in plan:
        for key, one in plan.items():
            held = [ends[p] for p in one.after if plan[p].open and p in ends]
            if not one.open or key in moved or not held:
                continue
            step = 0 if one.milestone else one.days or 1
            earliest = CALENDAR.add_working_days(max(held), step)
            ends[key] = max(earliest, ends.get(key, earliest))
    return ends


@given(plans(), st.integers(0, 30), st.data())
def test_the_shifts_are_those_of_trying_it_out(plan: dict[str, Activity], number: int, data: st.DataObject) -> None:
    opened = [key for key, one in plan.items() if one.open]
    if not opened:
        return
    moved = {data.draw(st.sampled_from(opened)): day(number)}
    was, now = settled(plan, {}), settled(plan, moved)
    later = {
        key: (due, now[key])
        for key, one in plan.items()
        if one.open and (due := one.due) and key not in moved and now[key] > was[key]
    }
    shifts = knock_on(plan, moved, CALENDAR)
    assert {s.key: (s.old, s.new) for s in shifts} == later


def test_finds_a_cycle_in_order() -> None:
    assert find_cycle({"a": ["b"], "b": ["c"], "c": []}) == ()
    assert find_cycle({"x": ["a"], "a": ["b"], "b": ["c", "a"]}) == ("a", "b")
    assert find_cycle({"a": ["a"]}) == ("a",)
    assert find_cycle({}) == ()


KEYS = st.sampled_from("abcdefg")
GRAPHS = st.dictionaries(KEYS, st.lists(KEYS, max_size=3), max_size=7)


@given(GRAPHS)
def test_a_cycle_found_is_one_and_none_means_none(links: dict[str, list[str]]) -> None:
    cycle = find_cycle(links)
    for key, following in zip(cycle, (*cycle[1:], *cycle[:1]), strict=True):
        assert following in links[key]
    in_one = any(key in links.get(other, ()) for key in links for other in (key, *downstream_of(links, key)))
    assert bool(cycle) == in_one


def downstream_of(links: dict[str, list[str]], key: str) -> set[str]:
    """What links lead to from the key, by the plainest search."""
    found: set[str] = set()
    waiting = list(links.get(key, ()))
    while waiting:
        if (other := waiting.pop()) not in found:
            found.add(other)
            waiting += links.get(other, ())
    return found


def test_downstream_is_what_depends_nearest_first() -> None:
    after = {"d": ["c"], "c": ["a"], "b": ["a"], "e": [], "a": []}
    assert downstream(after, "a") == ("c", "b", "d")
    assert downstream(after, "d") == ()
    assert downstream({"a": ["b"], "b": ["a"]}, "a") == ("b",)


def test_a_chain_of_fifty_thousand_is_no_trouble() -> None:
    after = {str(n): [str(n - 1)] for n in range(1, MANY)}
    assert find_cycle(after) == ()
    assert len(downstream(after, "0")) == MANY - 1
    after["0"] = [str(MANY - 1)]
    assert len(find_cycle(after)) == MANY


def test_fifty_thousand_activities_are_replanned() -> None:
    plan = {"0": Activity("0", None, MONDAY)}
    for n in range(1, MANY):
        due = MONDAY + timedelta(days=n % 1000)
        plan[str(n)] = Activity(str(n), None, due, 1, (str(n // 2),))
    moved = {"0": MONDAY + timedelta(days=7)}
    assert all(shift.new > shift.old for shift in knock_on(plan, moved, CALENDAR))


def times(found: CriticalPath) -> dict[str, dict[str, int]]:
    return {
        key: {
            "early_start": timing.early_start,
            "early_finish": timing.early_finish,
            "late_start": timing.late_start,
            "late_finish": timing.late_finish,
        }
        for key, timing in found.timings.items()
    }


def test_vanhoucke_page_6() -> None:
    durations = [1, 2, 2, 4, 3, 3, 3, 2, 1, 1, 2, 1, 1, 1, 1, 2, 1]
    after = {2: [1], 3: [1], 4: [2], 5: [2], 6: [2], 7: [3], 8: [3], 9: [3], 10: [3]}
    after |= {11: [4, 5, 6], 12: [7], 13: [8], 14: [9], 15: [10]}
    after |= {16: [11, 12, 13, 14, 15], 17: [11, 12, 13, 14, 15]}
    found = critical_path(
        {f"a{n}": days for n, days in enumerate(durations, 1)},
        [Link(f"a{p}", f"a{n}") for n, before in after.items() for p in before],
    )
    assert found.length == 11
    assert found.critical == ("a1", "a2", "a4", "a11", "a16")
    assert times(found)["a7"] == {
        "early_start": 3,
        "early_finish": 6,
        "late_start": 5,
        "late_finish": 8,
    }
    a7, a12, a17 = (found.timings[key] for key in ("a7", "a12", "a17"))
    assert (a7.total_float, a7.free_float) == (2, 0)
    assert (a12.total_float, a12.free_float) == (2, 2)
    assert (a17.total_float, a17.free_float) == (1, 1)


def read(name: str) -> dict[str, Any]:
    path = DATA / "cpm_vanhoucke" / name
    if not path.exists():
        pytest.skip("the shared data is not here")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_the_textbooks_networks() -> None:
    for case in read("vanhoucke_projects.json").values():
        found = critical_path(
            {str(n): days for n, days in enumerate(case["durations"], 1)},
            [Link(str(a), str(b)) for a, b in zip(case["from_"], case["to"], strict=True)],
        )
        assert found.length == case["expected_duration"]
        assert sorted(map(int, found.critical)) == case["expected_critical"]
        assert times(found) == case["expected"]


def test_the_four_kinds_of_link() -> None:
    checked = 0
    for case in read("link_types_36.json")["link_type_cases"]:
        if case["early_dates_negative"]:
            continue  # starts before zero: no oracle
        found = critical_path(
            case["activities"],
            [Link(r["from"], r["to"], LinkType(r["type"]), r["lag"]) for r in case["relations"]],
        )
        assert found.length == case["expected_duration"], case["name"]
        sides = ["early_start", "early_finish"]
        if case["agrees_with_standard_cpm"]["late_capped_at_project_finish"]:
            sides += ["late_start", "late_finish"]
            checked += 1
        for key, expected in case["expected"].items():
            assert {side: times(found)[key][side] for side in sides} == {side: expected[side] for side in sides}, case[
                "name"
            ]
    assert checked == 20


def test_a_benchmark_networks_length() -> None:
    path = DATA / "psplib" / "j301_1.sm"
    if not path.exists():
        pytest.skip("the shared data is not here")
    text = path.read_text(encoding="utf-8")
    rows = {
        title: [line.split() for line in text.split(title)[1].split("***")[0].splitlines()]
        for title in ("PRECEDENCE RELATIONS:", "REQUESTS/DURATIONS:", "MPM-Time")
    }
    numbers = {t: [r for r in lines if r and r[0].isdigit()] for t, lines in rows.items()}
    found = critical_path(
        {row[0]: int(row[2]) for row in numbers["REQUESTS/DURATIONS:"]},
        [Link(row[0], after) for row in numbers["PRECEDENCE RELATIONS:"] for after in row[3:]],
    )
    assert found.length == int(numbers["MPM-Time"][0][-1])


def test_nothing_starts_before_zero() -> None:
    found = critical_path({"a": 1, "b": 5}, [Link("a", "b", LinkType.FF)])
    assert found.timings["b"].early_start == 0
    assert found.length == 5


def test_no_activity_has_no_length() -> None:
    assert critical_path({}, []) == CriticalPath(0, {})


def test_refuses_what_cannot_be_planned() -> None:
    with pytest.raises(ValueError, match="negative"):
        critical_path({"a": -1}, [])
    with pytest.raises(ValueError, match="no such key"):
        critical_path({"a": 1}, [Link("a", "b")])
    with pytest.raises(CycleError):
        critical_path({"a": 1, "b": 1}, [Link("a", "b"), Link("b", "a")])


LAGGED = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(0, 5),
        st.sampled_from(LinkType),
        st.integers(-4, 4),
    ),
    max_size=9,
)


@given(st.lists(st.integers(0, 6), min_size=6, max_size=6), LAGGED)
def test_floats_are_never_negative_and_something_is_critical(
    durations: list[int], raw: list[tuple[int, int, LinkType, int]]
) -> None:
    links = [Link(str(a), str(b), kind, lag) for a, b, kind, lag in raw if a < b]
    found = critical_path({str(n): d for n, d in enumerate(durations)}, links)
    for timing in found.timings.values():
        assert timing.early_start >= 0
        assert 0 <= timing.free_float <= timing.total_float
        assert timing.late_finish <= found.length
    assert found.critical
