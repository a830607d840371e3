"""What tests are made of: a session on a fixed day, a small project, an app over it."""

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

from pmtui.app import PmtuiApp
from pmtui.domain.records import Record
from pmtui.services.desk import Desk
from pmtui.services.drafts import Drafts
from pmtui.services.layouts import Layouts
from pmtui.services.looked import Looked
from pmtui.services.project import OpenProject
from pmtui.services.projects import add_project
from pmtui.services.session import Session

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = MONDAY.date()


def day(offset: int) -> dt.date:
    """A day counted from today."""
    return TODAY + dt.timedelta(days=offset)


def session(path: Path, user: str = "ana", name: str = "s1", now: dt.datetime = MONDAY) -> Session:
    """A sitting of somebody on a fixed day; nothing waits for the disk."""
    return Session(path, user=user, name=name, now=lambda: now, durable=False)


def new_project(path: Path, *records: Record, code: str = "hris", user: str = "ana") -> OpenProject:
    """A project with these records, in this order, added by somebody."""
    project = add_project(session(path, user), code, "HRIS deployment")
    add(project, *records)
    return project


def add(project: OpenProject, *records: Record) -> list[str]:
    """Add records as they are; their numbers."""
    with project.change("seed") as change:
        return [change.add(record).number for record in records]


def app_over(path: Path, user: str = "ana", name: str = "ui", editor: object = None) -> PmtuiApp:
    """The application over a workspace, with its state beside it."""
    desk = Desk(session(path, user, name))
    desk.open_all()
    state = path.parent / f"state-{user}"
    return PmtuiApp(
        desk, Drafts(state / "drafts"), Looked(state / "looked.json"), layouts=Layouts(state / "board.json")
    )


async def until(pilot: object, condition: Callable[[], object], tries: int = 200) -> None:
    """Let the application work until something holds; fails when it never does."""
    for _ in range(tries):
        if condition():
            return
        await pilot.pause(0.01)  # type: ignore[attr-defined]
    raise AssertionError("it never came to hold")


async def press(pilot: object, *keys: str) -> None:
    """Press keys, and let each be handled; a text in quotes is typed."""
    for key in keys:
        if key.startswith('"'):
            for character in key[1:]:
                await pilot.press(NAMES.get(character, character))  # type: ignore[attr-defined]
        else:
            await pilot.press(key)  # type: ignore[attr-defined]
        await pilot.pause()  # type: ignore[attr-defined]


NAMES = {
    " ": "space", "@": "at", "!": "exclamation_mark", "#": "number_sign", "~": "tilde", "/": "slash", ":": "colon",
    "+": "plus", ".": "full_stop", ",": "comma", "-": "minus", "%": "percent_sign", "<": "less_than_sign",
    ">": "greater_than_sign", ";": "semicolon", '"': "quotation_mark", "'": "apostrophe", "(": "left_parenthesis",
    ")": "right_parenthesis", "=": "equals_sign", "?": "question_mark", "*": "asterisk", "_": "underscore",
}  # fmt: skip


def screen_text(app: PmtuiApp) -> str:
    """What is on the screen, line by line."""
    width, height = app.size
    lines = app.screen._compositor.render_strips()
    del width, height
    return "\n".join(strip.text.rstrip() for strip in lines)


def work_of(do: Callable[[], object]) -> int:
    """How many calls something makes: what it costs, without a clock; the host's speed does not matter."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        do()
    finally:
        sys.setprofile(before)
    return count
