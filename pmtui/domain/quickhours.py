"""Hours on one line: ``3 T-48 mon wrote the tests``, ``2.5h @ben``, ``7:30``, ``1d yesterday``."""

import re

from pmtui.domain.quickreader import LineReader
from pmtui.domain.quickwords import Word, date_at
from pmtui.domain.records import split_number
from pmtui.domain.values import read_hours

_SAID = re.compile(r"~?[0-9]+(?:[.,][0-9]+)?\s*(?:h|hrs?|hours?|d|days?)|[0-9]{1,2}:[0-5][0-9]", re.IGNORECASE)
_BARE = re.compile(r"[0-9]{1,2}(?:[.,][0-9]{1,2})?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-5][0-9])")
_TASK = re.compile(r"[Tt]-?[0-9]{1,9}[,;:]?")


def read_time_spent(text: str) -> float:
    """Hours as people write them in a time sheet: ``3``, ``2.5``, ``7:30``, ``1d``; raises ``ValueError``."""
    clock = _CLOCK.fullmatch(text.strip())
    if clock:
        return round(int(clock[1]) + int(clock[2]) / 60, 2)
    return read_hours(text)


class HoursReader(LineReader):
    """How long, then in any order the task, the day, the person; what is left is the note.

    A number without a unit is the hours where it comes before the note, and no word further on says them with one.
    """

    def step(self, at: int) -> int:
        """Also hours, a day and a task's number."""
        word = self.words[at]
        if not word.bare:
            return super().step(at)
        return self._day(at) or self._task(word) or self._hours(word) or super().step(at)

    def finish(self) -> None:
        """Hours are needed; without a note it has none."""
        self.put_rest()
        if "hours" not in self.values and not any(problem.field == "hours" for problem in self.problems):
            self.problem("hours", "", "how long? Such as 3, 2.5, 7:30 or 1d, before the note")
        day = self.values.get("date")
        if isinstance(day, type(self.today)) and day > self.today:
            self.said.append("this day is still to come")

    def _day(self, at: int) -> int:
        """A date; where it could also be the hours, as in ``2.5``, it is these."""
        found = date_at(self.words, at, self.today, asked=False, prefer="past")
        text = self.words[at].text.rstrip(",;")
        if found is None or (found.count == 1 and (_SAID.fullmatch(text) or _BARE.fullmatch(text))):
            return 0
        if "date" in self.values and found.day is not None:
            return 0
        return self.take_date("date", found)

    def _task(self, word: Word) -> int:
        if "task" in self.values or not _TASK.fullmatch(word.text):
            return 0
        number = word.text.rstrip(",;:")
        if "-" not in number and self.data.get(number) is None:
            return 0
        found = split_number(number)
        assert found is not None, "it has a task's letter and digits"
        self.put_text("task", found[0].number(found[1]))
        return 1

    def _hours(self, word: Word) -> int:
        text = word.text.rstrip(",;")
        said = _SAID.fullmatch(text) is not None
        if "hours" in self.values or any(problem.field == "hours" for problem in self.problems):
            if said:
                self.said.append(f"{text} stays in the note; one line says one time")
            return 0
        later = any(w.bare and _SAID.fullmatch(w.text.rstrip(",;")) for w in self.words)
        if not said and (self.rest or later or not _BARE.fullmatch(text)):
            return 0
        try:
            hours = read_time_spent(text)
        except ValueError:
            hours = 0.0
        if 0 < hours <= (self.type.fields["hours"].high or hours):
            self.put("hours", hours)
        else:
            self.problem("hours", text, self.type.fields["hours"].allowed)
        return 1
