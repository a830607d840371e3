"""The palette: every action of the view by its words, and every record by letters of its number and name."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from pmtui.domain.text import fold
from pmtui.keymap import ACTIONS, BY_ID, actions_of, key_of
from pmtui.screens.going import go_to
from pmtui.screens.prompts import Item, PickerScreen, best
from pmtui.services.finding import Finder, Found

if TYPE_CHECKING:
    from pmtui.screens.view import ViewScreen

MOST = 100
"""Records that are shown."""

PLACES = ("today", "board", "risks", "costs", "meetings", "report")
"""The views, in the order of their digits."""


def palette(view: "ViewScreen", finder: Finder) -> PickerScreen:
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
    several = len(view.desk.projects) > 1

    def items(text: str) -> Sequence[Item]:
        chosen = best(actions, text, 40)
        if text.strip():
            found = finder.find(text, MOST)
            before = [record for record in found if record.whole and (record.record.is_open or _numbered(record, text))]
            after = [record for record in found if record not in before]
            named = [item for item in chosen if fold(item.text).startswith(fold(text.strip()))]
            rest = [item for item in chosen if item not in named]
            exact = [record for record in before if _numbered(record, text)]
            others = [record for record in before if record not in exact]
            chosen = [*_items(exact, several), *named, *_items(others, several), *rest, *_items(after, several)]
        return chosen

    return PickerScreen("Go to a record: letters of its name in order, or T-48; or find an action", items)


def _numbered(found: Found, text: str) -> bool:
    """Whether a record was found by its number."""
    return fold(found.record.number).replace("-", "") == fold(text.strip()).replace("-", "")


def _items(found: Sequence[Found], several: bool) -> list[Item]:
    return [_item(record, several=several) for record in found]


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


def _item(found: Found, *, several: bool) -> Item:
    """A record as it is picked: its kind, how it stands, and its project where there are several."""
    record = found.record
    aside = [record.TYPE.words[0], *([] if record.is_open else [str(getattr(record, "status", "ended"))])]
    return Item(found.key, found.text, " · ".join([*aside, *([found.key[0]] if several else [])]), found.letters)
