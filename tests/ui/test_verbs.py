"""Every verb from its key to the store and back through undo, in the board and in Today, at 80×24.

The table must have a row for each ``record.*`` action: a new one without a row fails here.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from factories import TODAY, app_over, day, new_project, press, screen_text, session

from pmtui.domain.records import Deliverable, Record, Risk, Task
from pmtui.keymap import ACTIONS
from pmtui.services.projects import open_project

VIEWS = {"board": "2", "today": "1"}


@dataclass(frozen=True)
class Row:
    """What is pressed on T-1 after the verb's key, and what the store holds then."""

    answers: tuple[str, ...]
    holds: Callable[[dict[str, Record]], bool]


def task(**values) -> Callable[[dict[str, Record]], bool]:
    return lambda found: all(getattr(found["T-1"], name) == value for name, value in values.items())


def newest(found: dict[str, Record], prefix: str) -> Record:
    """The record added last: a number that was taken back is never given again."""
    return max((record for record in found.values() if record.TYPE.prefix == prefix), key=lambda record: record.id)


def raised(prefix: str) -> Callable[[dict[str, Record]], bool]:
    return lambda found: found["T-1"].links == (newest(found, prefix).number,)


def logged(found: dict[str, Record]) -> tuple[object, ...]:
    entry = newest(found, "H")
    return (entry.task, entry.who, entry.date, entry.hours, entry.note)


VERBS: dict[str, list[Row]] = {
    "record.add": [Row(('"Migrate data @zoe due fri', "enter"), lambda s: newest(s, "T").owner == "zoe")],
    "record.add_form": [Row(('"Migrate data', "enter"), lambda s: newest(s, "T").title == "Migrate data")],
    "record.edit": [Row(("end", '" again', "enter"), task(title="Sign off the plan again"))],
    "record.done": [Row(("d",), task(status="done", finish_date=TODAY))],
    "record.date": [
        Row(("f", "v"), task(due=day(4), slip_count=1)),
        Row(("t", "enter"), task(due=TODAY)),
        Row(("m", "d"), task(due=day(1))),
        Row(("w", "o", '"they asked', "enter"), task(due=day(7))),
        Row(("p", '"15 mar', "enter", "c"), task(due=day(13))),
        Row(("c", '"+3d', "enter"), task(due=day(3), slip_count=0)),
        Row(("a",), task(due=day(-9), snoozed_until=day(7))),
    ],
    "record.who": [
        Row(('"ben', "enter"), task(owner="ben")),
        Row(('"zoe', "enter"), task(owner="zoe")),
    ],
    "record.status": [Row(("d",), task(status="doing"))],
    "record.block": [Row(('"firewall fri', "enter"), task(status="blocked", follow_up=day(4)))],
    "record.progress": [Row(("6", "enter"), task(percent_done=60, status="doing"))],
    "record.hours": [
        Row(('"3h wrote it', "enter"), lambda s: logged(s) == ("T-1", "ana", TODAY, 3.0, "wrote it")),
        Row(('"1d fri @ben', "enter"), lambda s: logged(s) == ("T-1", "ben", day(-3), 8.0, "")),
    ],
    "record.chase": [Row(("c",), task(last_chased=TODAY))],
    "record.split": [Row(('"one; two', "enter"), lambda s: newest(s, "T").number in s["T-1"].depends_on)],
    "record.issue": [Row(("3",), raised("I"))],
    "record.risk": [Row(("4", "3"), raised("R"))],
    "record.escalate": [Row(("c", "w"), lambda s: newest(s, "I").decision_needed_from == "steering committee")],
    "record.drop": [
        Row(("d", "o", '"not needed', "enter"), task(status="cancelled", cancelled_reason="not needed")),
        Row(("l", "enter"), task(status="backlog", due=None)),
        Row(("m", '"Load', "enter"), task(survivor="T-2")),
        Row(("D",), lambda s: "T-1" not in s),
    ],
    "record.note": [Row(('"called them', "enter"), task(notes="2026-03-02 ana: called them"))],
    "record.link": [
        Row(('"load', "enter", "a"), task(depends_on=("T-2",))),
        Row(('"load', "enter", "b"), lambda s: s["T-2"].depends_on == ("T-1",)),
        Row(('"T-2', "enter", "r"), lambda s: (s["T-1"].links, s["T-2"].links) == (("T-2",), ("T-1",))),
        Row(('"vendor', "enter"), lambda s: (s["T-1"].links, s["R-1"].links) == (("R-1",), ("T-1",))),
        Row(('"OPS-12', "enter"), task(links=("OPS-12",))),
    ],
}
"""The verbs that write, each with what it asks for."""

READING = {
    "record.open": (("enter", "q"), "T-1"),
    "record.copy": (("y",), "Copied T-1"),
    "record.mark": (("space", "escape"), ""),
    "record.mark_range": (("space", "V", "escape"), ""),
    "record.mark_all": (("asterisk", "escape"), ""),
    "record.mark_filter": (("plus", '"owner:ana', "enter", "escape"), ""),
}
"""The verbs that write nothing."""


ELSEWHERE = {"record.escalate_slipped", "record.templates"}
"""What only follows upon another verb, and is tested where that is, in triage; what is no verb on a record."""


def fill(tmp_path):
    return new_project(
        tmp_path / "ws",
        Deliverable(code="1", title="Migration"),
        Task(title="Sign off the plan", owner="ana", due=day(-9), deliverable="W-1"),
        Task(title="Load test", owner="ben", due=day(2)),
        Task(title="Single sign-on", owner="chi", due=day(3)),
        Risk(title="The vendor is late", owner="ben", review_date=day(60)),
    )


def stored(tmp_path) -> dict[str, Record]:
    """What anybody who opens the project now finds."""
    project = open_project(session(tmp_path / "ws", "reader", "fresh"), "hris")
    try:
        return {record.number: record for record in project.data.records()}
    finally:
        project.close()


def settled(found: dict[str, Record]) -> dict[str, dict[str, object]]:
    """The records by their fields, without who touched them last."""
    return {number: record.TYPE.encode(record) for number, record in found.items()}


def test_every_verb_has_a_row():
    verbs = {action.id for action in ACTIONS if action.id.startswith("record.")}
    assert verbs == {*VERBS, *READING, *ELSEWHERE}


@pytest.mark.parametrize("view", VIEWS)
async def test_every_verb_from_key_to_store_and_back(tmp_path, view):
    fill(tmp_path).close()
    before = settled(stored(tmp_path))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, VIEWS[view])
        for action in (a for a in ACTIONS if a.id in VERBS):
            for row in VERBS[action.id]:
                app.screen.rows.move_to(("hris", "T-1"))
                await press(pilot, action.keys[0], *row.answers)
                assert row.holds(stored(tmp_path)), f"{action.id} {row.answers} is not in the store"
                await press(pilot, "u")
                assert settled(stored(tmp_path)) == before, f"{action.id} {row.answers} is not taken back by u"


@pytest.mark.parametrize("view", VIEWS)
async def test_verbs_that_only_read_write_nothing(tmp_path, view):
    project = fill(tmp_path)
    sequence = project.sequence
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, VIEWS[view])
        for keys, said in READING.values():
            app.screen.rows.move_to(("hris", "T-1"))
            await press(pilot, *keys)
            assert said in screen_text(app)
            assert not app.screen.rows.marked
    project.refresh()
    assert project.sequence == sequence


BULK = {
    "d": (("d",), "status", "done"),
    "r": (("f", "v"), "due", day(4)),
    "w": (('"zoe', "enter"), "owner", "zoe"),
    "m": (("d",), "status", "doing"),
    "b": (('"firewall', "enter"), "blocked_reason", "firewall"),
    "n": (('"called', "enter"), "notes", "2026-03-02 ana: called"),
    "f": (('"OPS-12', "enter"), "links", ("OPS-12",)),
    "c": (("c",), "last_chased", TODAY),
    "percent_sign": (("5", "enter"), "percent_done", 50),
}


@pytest.mark.parametrize("view", VIEWS)
async def test_a_verb_on_all_that_are_marked_is_one_undo(tmp_path, view):
    fill(tmp_path).close()
    before = settled(stored(tmp_path))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, VIEWS[view])
        for key, (answers, field, value) in BULK.items():
            app.screen.rows.move_to(("hris", "T-1"))
            await press(pilot, "plus", '"T-1 or T-2 or T-3', "enter", key, *answers)
            found = stored(tmp_path)
            assert [getattr(found[n], field) for n in ("T-1", "T-2", "T-3")] == [value] * 3, key
            await press(pilot, "u")
            assert settled(stored(tmp_path)) == before, f"{key} on three is not taken back by one u"
