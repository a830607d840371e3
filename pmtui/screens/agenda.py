"""The agenda of a meeting as a text: a topic a line, beside it who presents it, its minutes and its records."""

import re
from collections.abc import Iterator, Sequence

from pmtui.domain.agenda import read_agenda, write_agenda
from pmtui.domain.records import Meeting, Topic
from pmtui.screens.writing import Manuscript
from pmtui.services.desk import Desk
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.series import save_agenda
from pmtui.widgets.cells import Span, wrap

Line = Sequence[Span]

_NUMBER = re.compile(r"\b[A-Z]{1,2}-\d{1,9}\b")
_INDENT = 4


def agenda_of(desk: Desk, project: OpenProject, number: str) -> Manuscript:
    """The agenda of a meeting to write; each save is one change that can be undone."""

    def stored() -> str:
        found = project.data.get(number)
        return write_agenda(found.agenda) if isinstance(found, Meeting) else ""

    def save(text: str, base: str) -> Outcome:
        return desk.commit(project, lambda: save_agenda(project, number, text, base=base))

    def beside(text: str, row: int, width: int) -> tuple[list[Line], int]:
        found = project.data.get(number)
        assert isinstance(found, Meeting)
        return understood(project, found, text, row, width)

    return Manuscript(
        title=f"{number} {project.get(number).name} ▸ Agenda",
        draft=f"{desk.session.place}-{project.code}-{number}-agenda",
        stored=stored,
        save=save,
        beside=beside,
    )


def understood(project: OpenProject, meeting: Meeting, text: str, row: int, width: int) -> tuple[list[Line], int]:
    """The minutes against the meeting's length, then each topic; which line belongs to the ``row`` of the text."""
    if not text.strip():
        return [((part, "muted"),) for part in wrap("A topic a line: Go live @ben 20m", width)], 0
    topics = read_agenda(text, meeting.agenda)
    total = sum(topic.minutes for topic in topics)
    over = total > meeting.length > 0
    lines: list[Line] = [((f"{total} of {meeting.length} minutes", "warn" if over else "head"),)]
    written = [at for at, line in enumerate(text.splitlines()) if read_agenda(line)]
    at = 0
    for place, topic in zip(written, topics, strict=False):
        lines += _one(project, topic, width, here=place == row)
        if place <= row:
            at = len(lines) - 1
    return lines, at


def _one(project: OpenProject, topic: Topic, width: int, *, here: bool) -> Iterator[Line]:
    minutes = str(topic.minutes or "").rjust(_INDENT - 1) + " "
    for at, part in enumerate(wrap(topic.topic, max(10, width - _INDENT))):
        yield ((minutes if at == 0 else " " * _INDENT, "accent"), (part, "strong" if here else ""))
    facts = [f"@{topic.presenter}"] if topic.presenter else []
    if topic.presenter and project.data.person(topic.presenter) is None:
        facts[0] += " is not known here"
    facts += ["drafted: the next draft writes it anew"] if topic.drafted and here else []
    facts += [f"{n} {record.name}" for n in _NUMBER.findall(topic.topic) if (record := project.data.get(n)) and here]
    for fact in facts:
        for part in wrap(fact, max(10, width - _INDENT)):
            yield ((" " * _INDENT, ""), (part, "muted"))
