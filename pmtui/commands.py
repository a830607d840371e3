"""The palette: every action of the view, and every record, found by some of its words."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from pmtui.domain.records import Project, Record, split_number
from pmtui.domain.text import fold
from pmtui.keymap import ACTIONS, BY_ID, actions_of, key_of
from pmtui.screens.going import go_to
from pmtui.screens.prompts import Item, PickerScreen, best

if TYPE_CHECKING:
    from pmtui.screens.view import ViewScreen

MOST = 200
PLACES = ("today", "board", "risks", "costs", "meetings", "report")
"""The views, in the order of their digits."""


def palette(view: "ViewScreen") -> PickerScreen:
    """A picker over actions and records."""
    actions = [
        Item(action.id, action.help, action.key)
        for action in actions_of(view.view)
        if action.id not in {"go.palette", "view.back"}
    ]
    actions += elsewhere(view.view)
    if not any(item.value == "go.settings" for item in actions):
        settings = BY_ID["go.settings"]
        actions.append(Item(settings.id, settings.help, f"Today {settings.key}"))
    kept: dict[tuple[int, ...], list[tuple[str, Record]]] = {}

    def found() -> list[tuple[str, Record]]:
        """Every record as it is now, gathered once for each state of the projects."""
        now = tuple(project.sequence for project in view.desk.shown_all())
        if now not in kept:
            kept.clear()
            kept[now] = [(p.code, record) for p in view.desk.shown_all() for record in p.data.records()]
        return kept[now]

    def items(text: str) -> Sequence[Item]:
        chosen = best(actions, text, 40)
        if text.strip():
            chosen = [*_records(found(), text), *chosen]
        return chosen[:MOST]

    return PickerScreen("Find an action or a record: its words, or a number such as T-48", items)


def elsewhere(view: str) -> list[Item]:
    """What only another view does: picking it goes there."""
    ways = {name: key_of(f"go.{name}") for name in PLACES}
    return [
        Item(f"@{place}:{action.id}", action.help, f"in {place.capitalize()} ({ways[place]}) {action.key}")
        for action in ACTIONS
        for place in (action.views[:1] if not action.works_in(view) else ())
        if action.id.startswith(f"{place}.") and place in ways
    ]


def follow(view: "ViewScreen", picked: Hashable) -> None:
    """Do the action, or go to the record."""
    if isinstance(picked, tuple):
        go_to(view, str(picked[0]), str(picked[1]))
    elif isinstance(picked, str) and picked.startswith("@"):
        view.go(picked[1:].partition(":")[0])
    elif isinstance(picked, str) and picked in BY_ID:
        method = getattr(view, f"action_{BY_ID[picked].name}", None)
        if method is not None:
            view.call_later(method)


def _records(found: Sequence[tuple[str, Record]], text: str) -> list[Item]:
    exact = split_number(text.strip())
    words = fold(text).split()
    hits: list[tuple[str, Record]] = []
    for code, record in found:
        if exact and record.TYPE is exact[0] and record.id == exact[1]:
            hits.insert(0, (code, record))
        elif all(word in fold(f"{record.number} {record.name}") for word in words):
            hits.append((code, record))
        if len(hits) >= MOST:
            break
    return [
        Item((code, record.number), f"{record.number} {record.name}", f"{record.TYPE.words[0]} · {code}")
        for code, record in hits
        if not isinstance(record, Project)
    ]
