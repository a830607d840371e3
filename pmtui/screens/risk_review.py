"""The review of risks: one at a time, the due ones first; reviewed as it is by one key, changed by a few."""

import datetime as dt
from collections.abc import Callable, Sequence

from pmtui.domain.dates import say_date
from pmtui.domain.records import Record, Risk
from pmtui.domain.records.risk import RESPONSES
from pmtui.domain.risk_review import next_review, to_review, why
from pmtui.keymap import BY_ID
from pmtui.screens.answers import letter_for
from pmtui.screens.dates import NewDates
from pmtui.screens.decisions import Decision
from pmtui.screens.details import Line
from pmtui.screens.one_by_one import OneByOne
from pmtui.screens.prompts import Choice, ChoiceScreen
from pmtui.screens.review_words import menu_of, others_lines, review_story
from pmtui.screens.risk_questions import RiskQuestions
from pmtui.screens.summing_up import Menu
from pmtui.services import risk_review, risks
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject, Outcome
from pmtui.widgets.cells import Cell

FINAL = {
    "review": "reviewed", "reschedule": "reviewed", "done": "closed", "closed": "closed", "occurred": "occurred",
    "drop": "dropped", "rejected": "rejected", "delete": "deleted",
}  # fmt: skip
"""Verbs of transactions that end the review of a risk, each with what it counts as."""

SO_FAR = {
    "assess": "assessed", "respond": "response", "add action": "action added", "delegate": "delegated", "note": "noted",
    "approved": "approved", "assessing": "assessing", "edit": "edited",
    "link": "linked",
}  # fmt: skip
"""Verbs that change a risk which is still to be reviewed."""

NONE = "none"
MONTH = dt.timedelta(weeks=4)


class RiskReviewScreen(OneByOne, RiskQuestions):
    """The risks of the project in view; digits are probability and impact here, and switch no view."""

    view = "review"
    title_word = "Review"
    adds = "risk"
    done_word = "reviewed"

    def __init__(self, project: OpenProject) -> None:
        super().__init__()
        self._of = project
        self._dates: dict[Key, dt.date] = {}

    def begin(self) -> Sequence[Key]:
        """The risks whose review is due, and those that lack something."""
        return self._take(due=True)

    def _take(self, *, due: bool) -> list[Key]:
        project = self._of
        found = [item.number for item in project.worked_out(to_review) if item.is_due == due]
        keys = [(project.code, number) for number in found if (project.code, number) not in self._dates]
        self._dates |= {key: risk.review_date for key in keys if (risk := self._risk(key)) is not None}
        return keys

    def _risk(self, key: Key) -> Risk | None:
        record = self.desk.record(key)
        return record if isinstance(record, Risk) else None

    def wanted(self) -> set[Key]:
        """Open risks whose review is on the day it was: nobody else has reviewed them meanwhile."""
        found = ((key, self._risk(key)) for key in self._dates)
        return {key for key, risk in found if risk and risk.is_open and risk.review_date == self._dates[key]}

    def decision(self, key: Key, verb: str, wanted: set[Key]) -> Decision | None:
        """A review, or the risk's end, decides; what else changes it is told, and the risk stays."""
        del wanted
        risk = self._risk(key)
        ended = risk is None or not risk.is_open
        word = FINAL.get(verb) or SO_FAR.get(verb, verb)
        return Decision(word, final=ended or verb in FINAL)

    def edited(self, keys: Sequence[Key]) -> dict[Key, Decision]:
        """What a form changed is told with the risk."""
        return self.step([key for key in keys if key in self._dates])

    # What is shown ---------------------------------------------------------------

    def item_lines(self, project: OpenProject, record: Record, key: Key, width: int) -> list[Line]:
        """The risk's story, and why it is to be reviewed."""
        del key
        assert isinstance(record, Risk)
        return review_story(project, record, why(record, project.today) if record.is_open else "", width)

    def menu(self, record: Record) -> Menu:
        """The keys that decide, with the day of the next review."""
        assert isinstance(record, Risk)
        return menu_of(record, self._of.data, self._of.today)

    def summary_more(self) -> list[Line]:
        """That there are others, which are not due."""
        nothing: list[Line] = [] if self._queue else [(("No open risk is due for review.", "strong"),)]
        return [*nothing, *others_lines(len(self._others()))]

    def footer_names(self) -> list[tuple[str, str]]:
        """What is not in the menu above."""
        return [("review.open", "all of it"), ("record.edit", "edit"), ("record.mark", "mark"), ("record.add", "add")]

    def _others(self) -> list[str]:
        keys = {number for _, number in self._dates}
        return [item.number for item in self._of.worked_out(to_review) if item.number not in keys]

    # Keys --------------------------------------------------------------------------

    def action_review_as_it_is(self) -> None:
        """Reviewed, nothing to change: next when its band asks for it."""
        keys = self.chosen()
        if self.applies("assess", keys):
            self.review(keys, risk_review.review_as_they_are)

    def review(self, keys: Sequence[Key], service: Callable[[OpenProject, Sequence[str]], Outcome]) -> None:
        """Review risks, and go on; also where that was done today already, and nothing is to be written."""
        if self.act_on_keys(keys, service) and not self.wrote:
            for key in keys:
                self._decisions.of.setdefault(key, Decision(FINAL["review"]))
            self.show_data()
            self._next(keys[-1])

    def action_record_date(self) -> None:
        """Reviewed, and the next review on another day than its band asks for."""
        keys = self.chosen()
        if self.applies("date", keys):
            ReviewDateQuestion(self, keys).ask()

    def action_review_steps(self, key: str = "") -> None:
        """Probability and impact by two digits; the impact is asked for with what each step makes."""
        keys, known = self.chosen(), BY_ID["review.steps"].keys
        if key not in known:
            self.action_risks_probability()
        elif self.applies("assess", keys):
            self._ask_impact(keys, known.index(key) + 1)

    def _ask_impact(self, keys: Sequence[Key], probability: int) -> None:
        data = self._of.data

        def score(impact: int) -> str:
            return f"score {probability * impact} {data.band(probability * impact).name}"

        words = enumerate(data.project.scales.impact_words, 1)
        choices = [Choice(str(step), word, score(step)) for step, word in words]

        def take(step: str | None) -> None:
            if step is not None:
                steps = {"probability": probability, "impact": int(step)}
                self.act_on_keys(keys, lambda p, numbers: risks.assess(p, numbers, **steps))

        question: Cell = ((self.naming(keys), "strong"), (f"  probability {probability}, impact?", ""))
        self.app.push_screen(ChoiceScreen(question, choices), take)

    def action_review_respond(self) -> None:
        """What is done about it, by one key."""
        keys = self.chosen()
        if not self.applies("assess", keys):
            return
        kinds = {risk.kind for risk in map(self._risk, keys) if risk is not None}
        if len(kinds) > 1:
            self.tell_error("threats and opportunities have responses of their own: mark one kind")
            return
        names = RESPONSES[kinds.pop()]
        choices = [Choice(letter_for(name, names), name, value=name) for name in names]
        choices.append(Choice("x", "none yet", value=NONE))

        def take(response: str | None) -> None:
            if response is not None:
                wanted = "" if response == NONE else response
                self.act_on_keys(keys, lambda p, numbers: risk_review.respond(p, numbers, wanted))

        question: Cell = ((self.naming(keys), "strong"), (" → response?", ""))
        self.app.push_screen(ChoiceScreen(question, choices), take)

    def action_review_others(self) -> None:
        """The open risks that are not due, after those that are."""
        found = self._take(due=False) + self._take(due=True)
        if not found:
            self.tell_error("every open risk is in this review already")
            return
        self._queue += found
        self.show_data()
        self._go_to(found[0])

    def action_review_open(self) -> None:
        """All of the risk, with its history."""
        self.action_record_open()


class ReviewDateQuestion:
    """Asks when some risks are reviewed next; answering is the review."""

    def __init__(self, view: RiskReviewScreen, keys: Sequence[Key]) -> None:
        self._view = view
        self._keys = keys
        self._dates = NewDates(view, keys)

    def ask(self) -> None:
        """Show the days."""
        today = self._dates.today
        month = today + MONTH
        days = {**self._dates.days, "n": (f"+4 weeks {say_date(month, today)}", month)}
        choices = [Choice("enter", f"by its band{self._by_band()}")]
        choices += [Choice(key, word) for key, (word, _) in days.items()]
        choices.append(Choice("p", "pick a date"))

        def take(key: str | None) -> None:
            if key == "enter":
                self._view.review(self._keys, risk_review.review_as_they_are)
            elif key == "p":
                self._dates.pick(self._review, tells_effect=False)
            elif key is not None:
                self._review(days[key][1])

        name = self._view.naming(self._keys)
        self._view.app.push_screen(ChoiceScreen(((name, "strong"), (" reviewed, next when?", "")), choices), take)

    def _by_band(self) -> str:
        project = self._view.desk.projects[self._keys[0][0]]
        found = [project.data.get(number) for _, number in self._keys]
        days = {next_review(risk, project.data, project.today) for risk in found if isinstance(risk, Risk)}
        return f" {say_date(days.pop(), project.today)}" if len(days) == 1 else ""

    def _review(self, day: dt.date) -> None:
        self._view.review(self._keys, lambda p, numbers: risks.review(p, numbers, day))
