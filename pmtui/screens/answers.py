"""What can be answered to a verb's question, and how an answer is read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pmtui.domain.dates import DateError, read_date
from pmtui.domain.values import read_handle, read_hours
from pmtui.screens.prompts import Item
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import fit, width_of


@dataclass(slots=True)
class Load:
    """The open work of a person: tasks, those of them late, hours left."""

    tasks: int = 0
    late: int = 0
    hours: float = 0.0

    @property
    def words(self) -> str:
        """Aligned, so that people compare."""
        late = f"{self.late:>3} late" if self.late else " " * 8
        return f"{self.tasks:>3} open {late} {f'~{self.hours:,.0f}h' if self.hours else '':>7}"


def load_of(project: OpenProject) -> dict[str, Load]:
    """The open load of each person who has work, by handle."""
    found: dict[str, Load] = {}
    for task in project.data.tasks.values():
        if task.is_open and task.owner:
            load = found.setdefault(task.owner, Load())
            load.tasks += 1
            load.late += task.is_overdue(project.today)
            load.hours += (task.remaining if task.remaining is not None else task.estimate) or 0.0
    return found


def people_items(project: OpenProject) -> list[Item]:
    """The project's people with their open load, those with work first."""
    load = load_of(project)
    handles = {p.handle: p for p in project.data.people.values()}
    names = sorted(handles, key=lambda handle: (-load.get(handle, Load()).tasks, handle))
    wide = max((width_of(handle) for handle in names), default=0)
    items = []
    for handle in names:
        about = ", ".join(filter(None, (handles[handle].full_name, handles[handle].role)))
        items.append(Item(handle, f"@{fit(handle, wide)}  {about}".rstrip(), load.get(handle, Load()).words))
    return items


def new_person(text: str) -> Item | None:
    """Somebody not among the people yet."""
    try:
        handle = read_handle(text)
    except ValueError:
        return None
    return Item(handle, f"@{handle}", "new, unconfirmed")


def read_block(text: str, today: dt.date) -> tuple[str, dt.date | None, str]:
    """A blocker and the day to follow up, where the line ends in one; or what is wrong with the date."""
    from pmtui.domain.dates import is_date_like

    words = text.split()
    for count in (3, 2, 1):
        tail = " ".join(words[-count:])
        if len(words) > count and is_date_like(tail):
            reason = " ".join(words[:-count]).rstrip(" ,;")
            try:
                return reason, read_date(tail, today), ""
            except DateError as error:
                return reason, None, str(error)
    return " ".join(words), None, ""


def read_when_done(text: str, today: dt.date) -> tuple[dt.date | None, float | None, str]:
    """The day something was done and the hours it took, of a line such as ``yesterday ~6h``; or what is wrong."""
    words = text.split()
    efforts = [word for word in words if word.startswith("~")]
    try:
        hours = read_hours(efforts[0][1:]) if efforts else None
    except ValueError:
        return None, None, f"{efforts[0]}: allowed: hours such as ~6h, ~2.5h, ~3d (a day is 8 hours)"
    if len(efforts) > 1:
        return None, None, f"{efforts[1]}: the hours are given once"
    day = " ".join(word for word in words if word not in efforts)
    try:
        on = read_date(day, today, prefer="past") if day else None
    except DateError as error:
        return None, None, str(error)
    if on and on > today:
        return None, None, f"{day}: it is done today or earlier; r moves a date"
    return on, hours, ""


def letter_for(name: str, names: Sequence[str]) -> str:
    """A key for a name: its first letter that no name before it has."""
    taken: dict[str, str] = {}
    for other in names:
        letter = next((c for c in other if c.isalpha() and c not in taken and c != "q"), str(len(taken) + 1))
        taken[letter] = other
        if other == name:
            return letter
    return name[0]
