"""What can be answered to a verb's question, and how an answer is read."""

import datetime as dt
from collections.abc import Sequence

from pmtui.domain.dates import DateError, read_date
from pmtui.screens.prompts import Item
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import fit, width_of


def people_items(project: OpenProject) -> list[Item]:
    """The project's people with their open load, those with work first."""
    load: dict[str, int] = {}
    for task in project.data.tasks.values():
        if task.is_open and task.owner:
            load[task.owner] = load.get(task.owner, 0) + 1
    handles = {p.handle: p for p in project.data.people.values()}
    names = sorted(handles, key=lambda handle: (-load.get(handle, 0), handle))
    wide = max((width_of(handle) for handle in names), default=0)
    return [
        Item(
            h,
            f"@{fit(h, wide)}  {handles[h].full_name}".rstrip(),
            f"{load.get(h, 0):>3} open  {handles[h].role}".rstrip(),
        )
        for h in names
    ]


def new_person(text: str) -> Item | None:
    """Somebody not among the people yet."""
    from pmtui.domain.values import read_handle

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


def letter_for(name: str, names: Sequence[str]) -> str:
    """A key for a name: its first letter that no name before it has."""
    taken: dict[str, str] = {}
    for other in names:
        letter = next((c for c in other if c.isalpha() and c not in taken and c != "q"), str(len(taken) + 1))
        taken[letter] = other
        if other == name:
            return letter
    return name[0]
