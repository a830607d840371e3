"""Triage: the overdue pile, one item at a time, each decision one to three keys."""

from collections.abc import Sequence

from pmtui.domain.records import Record
from pmtui.domain.triage import DECIDED, Overdue
from pmtui.keymap import key_of
from pmtui.screens.decisions import Decision
from pmtui.screens.details import Line
from pmtui.screens.one_by_one import OneByOne
from pmtui.screens.summing_up import Menu
from pmtui.screens.triage_words import MENU, item_story, order_lines
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject


class TriageScreen(OneByOne):
    """The queue by consequence, over the projects shown."""

    view = "triage"
    title_word = "Triage"
    spans_projects = True

    def __init__(self) -> None:
        super().__init__()
        self._late_by: dict[Key, Overdue] = {}

    def begin(self) -> Sequence[Key]:
        """What is overdue now."""
        self._late_by = {(code, item.number): item for code, item in self.desk.overdue()}
        return list(self._late_by)

    def wanted(self) -> set[Key]:
        """What is overdue still."""
        return self.desk.late()

    def decision(self, key: Key, verb: str, wanted: set[Key]) -> Decision | None:
        """A verb of triage decides; any other only where the item is late no more."""
        word = DECIDED.get(verb, "")
        return Decision(word or verb) if word or key not in wanted else None

    def action_triage_order(self) -> None:
        """Why the item comes where it does: each term, and its neighbours."""
        from pmtui.screens.page import PageScreen

        key, record = self.cursor(), self.record()
        if key is None or record is None:
            self.tell_error(f"there is no item here: {key_of('move.up')} goes back to the last one")
            return
        title = f"Why {key[1]} comes here"
        self.app.push_screen(PageScreen(title, lambda width: order_lines(self.desk, self.desk.overdue(), key, width)))

    # What is shown ---------------------------------------------------------------

    def item_lines(self, project: OpenProject, record: Record, key: Key, width: int) -> list[Line]:
        """What one must know before deciding, how late it is beside the title."""
        late = self._late_by.get(key)
        words = late.why[0] if late else ""
        if len(self.shown_projects()) > 1:
            words = f"{key[0]} · {words}" if words else key[0]
        return item_story(project, record, words, width, tiny=self.is_tiny)

    def menu(self, record: Record) -> Menu:
        """The same keys for all items."""
        del record
        return MENU

    def footer_names(self) -> list[tuple[str, str]]:
        """What is not in the menu above."""
        return [
            ("record.mark", "mark"),
            ("record.mark_all", "all"),
            ("triage.order", "order"),
            ("record.edit", "edit"),
            ("record.add", "add"),
        ]
