"""What is asked of risks and issues alone: how likely and grave they are, and what is done about them."""

from collections.abc import Sequence

from pmtui.domain.exposure import Scales
from pmtui.domain.quickline import ParsedLine
from pmtui.domain.records import Issue, Risk
from pmtui.domain.records.risk import DIMENSIONS
from pmtui.screens.prompts import Choice, ChoiceScreen
from pmtui.screens.quick_add import QuickAddScreen, reading_of
from pmtui.screens.records_view import RecordsView
from pmtui.services import issues, responses, risks
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject
from pmtui.services.scale_settings import percent
from pmtui.widgets.cells import Cell

BY_DIMENSION, NOT_FELT, AS_IT_IS = "d", "0", "enter"
"""Answers that are no step."""

URGENCIES = ("can wait", "low", "medium", "soon", "at once")
"""What the steps of an issue's urgency are called."""


class RiskQuestions(RecordsView):
    """A view over risks or issues that assesses them, and adds what is done about them."""

    def action_risks_probability(self) -> None:
        """Probability, or an issue's urgency, then 1 to 5."""
        self._ask_step("probability")

    def action_risks_impact(self) -> None:
        """Impact, then 1 to 5."""
        self._ask_step("impact")

    def _ask_step(self, name: str) -> None:
        keys = self.chosen()
        if not self.applies("assess", keys):
            return
        of_issues = isinstance(self.desk.record(keys[0]), Issue)
        name = "urgency" if of_issues and name == "probability" else name
        choices = [
            Choice(str(step), word, self._effect(keys, name, step))
            for step, word in enumerate(self._step_words(name), 1)
        ]
        if name == "impact" and not of_issues:
            choices.append(Choice(BY_DIMENSION, "by dimension", f"{', '.join(DIMENSIONS)}: the worst counts"))

        def take(key: str | None) -> None:
            if key == BY_DIMENSION:
                self._ask_dimension(keys, {})
            elif key is not None:
                assess = issues.weigh if of_issues else risks.assess
                self.act_on_keys(keys, lambda p, numbers: assess(p, numbers, **{name: int(key)}))

        question: Cell = ((self.naming(keys), "strong"), (f"  {name}?", ""))
        self.app.push_screen(ChoiceScreen(question, choices), take)

    def _ask_dimension(self, keys: Sequence[Key], told: dict[str, int | None]) -> None:
        """One dimension after the other, a key each; written once all are told."""
        if len(told) == len(DIMENSIONS):
            changed = {name: step for name, step in told.items() if step != -1}
            if changed:
                self.act_on_keys(keys, lambda p, numbers: risks.assess_impacts(p, numbers, changed))
            else:
                self.tell("the impact is as it was")
            return
        name = DIMENSIONS[len(told)]
        record = self.desk.record(keys[0])
        now = record.impacts.get(name) if isinstance(record, Risk) and len(keys) == 1 else None
        words = self._scales().impact_words
        choices = [
            Choice(str(step), word + (", as it is" if step == now else "")) for step, word in enumerate(words, 1)
        ]
        choices += [Choice(NOT_FELT, "none"), Choice(AS_IT_IS, f"as it is: {now}" if now else "as it is")]

        def take(key: str | None) -> None:
            if key is not None:
                step = {NOT_FELT: None, AS_IT_IS: -1}.get(key, int(key) if key.isdigit() else None)
                self._ask_dimension(keys, {**told, name: step})

        before = ", ".join(f"{dimension} {_told(step)}" for dimension, step in told.items())
        question: Cell = ((self.naming(keys), "strong"), (f"  impact on {name}?", ""), (f"   {before}", "muted"))
        self.app.push_screen(ChoiceScreen(question, choices), take)

    def _scales(self) -> Scales:
        return self.project.data.project.scales

    def _step_words(self, name: str) -> Sequence[str]:
        scales = self._scales()
        if name == "urgency":
            return URGENCIES
        if name == "impact":
            return scales.impact_words
        likely = zip(scales.probability_words, scales.probability, strict=True)
        return [f"{word}, {percent(share)}" for word, share in likely]

    def _effect(self, keys: Sequence[Key], name: str, step: int) -> str:
        """What a step would make of the scores."""
        found = [record for record in map(self.desk.record, keys) if isinstance(record, (Risk, Issue))]
        first = "urgency" if isinstance(found[0], Issue) else "probability"
        other = "impact" if name != "impact" else first
        scores = sorted(step * (getattr(record, other) or 0) for record in found)
        if not scores[-1]:
            return f"a score once the {other} is known"
        data = self.project.data
        if len(found) > 1:
            return f"scores {scores[0]} to {scores[-1]}, the worst {data.band(scores[-1]).name}"
        now = "   as it is" if getattr(found[0], name) == step else ""
        return f"score {scores[0]} {data.band(scores[0]).name}{now}"

    # What is done about it ------------------------------------------------------------

    def action_risks_action(self) -> None:
        """A task for what is under the cursor, by one line; the number of one that is there links it."""
        keys = self.chosen()
        if self.applies("action", keys):
            self._ask_action(keys)

    def _ask_action(self, keys: Sequence[Key], value: str = "", refusal: str = "") -> None:
        """Ask for the line; refused, it is asked again with what was typed."""
        project = self.desk.projects[keys[0][0]]
        screen = ActionScreen(project, keys[0][1], self.naming(keys), value=value, refusal=refusal)

        def take(line: str | None) -> None:
            if line is None:
                self._keep_typed(project, "task", screen.typed)
            elif not self.act_on_keys(keys, lambda p, numbers: responses.add_action(p, numbers, line)):
                self._ask_action(keys, line, self.last_error)

        self.app.push_screen(screen, take)


class ActionScreen(QuickAddScreen):
    """The line that adds an action for a risk or an issue, read as the task that it would be."""

    def __init__(self, project: OpenProject, number: str, name: str, *, value: str = "", refusal: str = "") -> None:
        self._number = number
        self._answers = name
        super().__init__(project, "task", value=value, refusal=refusal, what=number)

    def label_of(self, kind: str) -> str:
        """What the line says that it adds."""
        del kind
        return f"Action for {self._answers}"

    def entry(self, text: str) -> tuple[str, str]:
        """An action is a task, whatever it begins with."""
        return "task", text

    def reading(self, text: str) -> Sequence[Cell]:
        """The task as it would be, or the one that would be linked."""
        if text and text == self._refusal[0]:
            return [(self._refusal[1], "bad")]
        if not text.strip():
            return [(("such as  ", "muted"), ("Agree a penalty clause @ana due fri", "muted"))]
        task = responses.task_named(self._project, text)
        if task is not None:
            return [((f"links {task.number} {task.title}", "strong"), (f"  {task.owner} {task.status}", "muted"))]
        parsed: ParsedLine = responses.read_action(self._project, self._number, text)
        return reading_of(parsed, self._project.data, self._word_offered(text))

    def problem(self, text: str) -> str:
        """Why it can't be added."""
        return responses.action_problem(self._project, self._number, text)

    def hint(self) -> Cell:
        """The keys."""
        tab = " takes it, again the next" if self._offered() is not None else " completes"
        words = [("⏎", " add"), ("Tab", tab), ("T-12", " alone links a task there is"), ("Esc", " leave")]
        return tuple(span for key, word in words for span in ((key, "accent"), (f"{word}   ", "muted")))

    def _change_kind(self, line: object, step: int) -> None:
        """An action stays a task."""


def _told(step: int | None) -> str:
    return "as it is" if step == -1 else str(step or "none")
