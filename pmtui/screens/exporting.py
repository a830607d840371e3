"""Asking in which format a report or minutes are written to a file, and writing them beside the screen."""

import asyncio
from collections.abc import Callable, Sequence

from pmtui.domain.problems import Refused
from pmtui.reports.formats import BY_ENDING, Format
from pmtui.screens.prompts import Choice, ChoiceScreen
from pmtui.screens.view import ViewScreen
from pmtui.services.printing import Printed, to_file
from pmtui.services.project import OpenProject, Outcome
from pmtui.store import StoreError
from pmtui.widgets.cells import Cell

Other = tuple[Choice, Callable[[], None]]
"""Something else that can be written, offered beside the formats, and what writes it."""


def ask_format(view: ViewScreen, project: OpenProject, printed: Printed, others: Sequence[Other] = ()) -> None:
    """Ask by one key; formats that can't be made here are dimmed and say what they need."""

    def take(answer: str | None) -> None:
        other = next((write for choice, write in others if choice.key == answer), None)
        if other is not None:
            other()
        elif answer:
            _write(view, project, printed, BY_ENDING[answer])

    question: Cell = (("Write ", ""), (printed.about.title, "strong"), (" as", ""))
    choices = [*_choices(printed.formats), *(choice for choice, _ in others)]
    view.app.push_screen(ChoiceScreen(question, choices), take)


def _choices(formats: Sequence[Format]) -> list[Choice]:
    return [Choice(form.key, form.name, form.about, value=form.ending, why_not=form.why_not()) for form in formats]


def _write(view: ViewScreen, project: OpenProject, printed: Printed, form: Format) -> None:
    view.tell((f"Writing the {form.name} …", "muted"))
    view.run_worker(_written(view, to_file(project, printed, form)), exit_on_error=False)


async def _written(view: ViewScreen, write: Callable[[], Outcome]) -> None:
    """What makes a page is loaded, and a template runs, beside the screen."""
    try:
        outcome = await asyncio.to_thread(write)
    except (Refused, StoreError, OSError) as error:
        view.tell_error(error)
    else:
        view.tell(((f"✓ {outcome.words}", ""), *((f"   {said}", "warn") for said in outcome.said)))
