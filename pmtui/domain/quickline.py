"""One line adds anything: ``Migrate payroll data @ana due fri !high #cutover ~3d``.

:func:`read_line` gives the values it understood, each with its words to show back, and a problem for
what is impossible or doubtful. What is no mark, key or date stays in the title; where it looked like
one, that is said.
"""

import datetime as dt
import itertools
import re
from dataclasses import replace

from pmtui.domain.dates import DateError, read_moment, say_date
from pmtui.domain.problems import Problem
from pmtui.domain.project_data import ProjectData
from pmtui.domain.quickgrammar import GRAMMARS, ParsedLine, Understood
from pmtui.domain.quickreader import LineReader
from pmtui.domain.quickwords import Word, date_at
from pmtui.domain.records import BY_KIND
from pmtui.domain.text import fold

__all__ = ["KINDS", "ParsedLine", "Understood", "read_line"]

KINDS = tuple(GRAMMARS)
"""The kinds that one line adds."""

_CLOCK = re.compile(r"(?:[0-9]{1,2}(?::[0-9]{2}|h(?:[0-9]{2})?)|[0-9]{1,2}(?::[0-9]{2})?(?:am|pm))", re.IGNORECASE)
_TIMED = re.compile(r"[0-9/.\-]+T(?P<clock>[0-9]{1,2}:[0-9]{2}).*", re.IGNORECASE)
_LASTS = re.compile(
    r"(?P<hours>[0-9]{1,2})h(?P<rest>[0-9]{2})?|(?P<minutes>[0-9]{1,4}) ?(?:m|min|mins|minutes)",
    re.IGNORECASE,
)
_FROM_TO = re.compile(rf"({_CLOCK.pattern})[-–]({_CLOCK.pattern})", re.IGNORECASE)
_LONGEST_REPEAT = 18
"""Words in the longest repetition: ``every 3 months on the last fri until 30 jun 2027 6 times or next working day``."""
_SHOWN_DAYS = 3
_ORDINALS = {"st", "nd", "rd", "th"}
_DAY_NAME = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?$")
_REPEAT_LIKE = re.compile(r"[0-9]|other$|last$|first$|second$|(?:day|week|month|quarter|year)s?$|weekday")
_CODE = re.compile(r"[A-Za-z]{0,4}[0-9]+(?:[.\-][A-Za-z0-9]+)*\.?")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_KIND_WORDS = {
    "steering": "steering committee",
    "steerco": "steering committee",
    "copil": "steering committee",
    "workshop": "workshop",
    "review": "review",
    "supplier": "supplier",
    "vendor": "supplier",
    "team": "team",
    "standup": "team",
    "stand-up": "team",
}


def read_line(kind: str, line: str, data: ProjectData, today: dt.date) -> ParsedLine:
    """What a line means for a new record of a kind.

    ``kind`` is one of :data:`KINDS`; ``data`` tells which numbers, categories and codes there are.
    Dates without a year are the nearest ahead, for costs the nearest past. Never raises: what can't
    be understood is among the problems.
    """
    record_type = BY_KIND.get(kind)
    if record_type is None or kind not in GRAMMARS:
        problem = Problem("kind", kind, "one line adds: " + ", ".join(KINDS))
        return ParsedLine(kind, {}, (), (problem,))
    return _reader_of(kind)(record_type, data, today).read(line)


class RepeatingReader(LineReader):
    """What may repeat: ``every 2 weeks``."""

    def step(self, at: int) -> int:
        """Also ``every`` and what follows it, and what ends it further on."""
        word = self.words[at]
        if word.bare and word.text == "every":
            return self._repeats_at(at) or super().step(at)
        if word.bare and "repeats" in self.values and word.text in {"until", "till", "for", "from", "or"}:
            return self._repeats_at(at, f"{self.values['repeats']} ") or super().step(at)
        return super().step(at)

    def show_days(self, given: dt.date | None) -> dt.date | None:
        """Show the days to come; the first of them, ``given`` where a day was, ``None`` where none follows."""
        from pmtui.domain.repeats import coming, first_day, read_repeats

        words = str(self.values["repeats"])
        repeats = read_repeats(words, self.today)
        first = given or first_day(repeats, self.today, self.data.calendar)
        if first is None and not repeats.names_days:
            return None
        if first is None or (repeats.until and first > repeats.until):
            self.problem("repeats", words, "it ends before the first one is due")
            return None
        days = coming(repeats, first, self.today, self.data.calendar)
        shown = f"{repeats.say(self.today)}: " + ", ".join(say_date(day, self.today) for day in days)
        shown += ", …" if len(days) == _SHOWN_DAYS else ""
        self.shown["repeats"] = replace(self.shown["repeats"], words=shown)
        return first

    def _repeats_at(self, at: int, begun: str = "") -> int:
        """The longest repetition that begins here, or goes on from what was read; what looked like one is said."""
        from pmtui.domain.repeats import RepeatError, read_repeats

        run = list(itertools.takewhile(lambda word: word.bare, self.words[at : at + _LONGEST_REPEAT]))
        for count in range(len(run), 1, -1):
            try:
                found = read_repeats(begun + " ".join(w.text for w in run[:count]).rstrip(",;"), self.today)
            except RepeatError:
                continue
            if found.dates and run[count - 1].text[-2:] in _ORDINALS and _DAY_NAME.match(str([*run, ""][count])):
                break
            if begun:
                del self.values["repeats"]
            self.put("repeats", found.write())
            return count
        if not begun and len(run) > 1 and _REPEAT_LIKE.match(fold(run[1].text)):
            text = " ".join(word.text for word in run[:3])
            self.said.append(f"{text} stays in the title; it repeats by every 2 weeks, every 2nd tue, every 15th")
        return 0


class TaskReader(RepeatingReader):
    """A task may repeat: ``every 2 weeks``."""

    def finish(self) -> None:
        """What repeats on days that it names is due on the first of them; the days to come are shown."""
        super().finish()
        words = self.values.get("repeats")
        if not words or any(problem.field in {"due", "repeats"} for problem in self.problems):
            return
        due = self.values.get("due")
        first = self.show_days(due if isinstance(due, dt.date) else None)
        if any(problem.field == "repeats" for problem in self.problems):
            return
        if first is None:
            said = f"{self.shown['repeats'].words} from when it is done; due gives the first day"
            self.shown["repeats"] = replace(self.shown["repeats"], words=said)
        elif not due:
            self.put("due", first)


class MeetingReader(RepeatingReader):
    """A title, a day and a time: ``Steering committee fri 10:00 90m @ana``, or ``every 2nd tue`` for the day."""

    _day = ""
    _clock = ""

    def step(self, at: int) -> int:
        """Also days, times and how long."""
        word = self.words[at]
        if not word.bare or word.text == "every":
            return super().step(at)
        return self._day_at(at) or self._time_at(at) or super().step(at)

    def finish(self) -> None:
        """The start from its day and time; the kind where the title tells it."""
        self._first_day()
        if self._day or self._clock:
            self._put_start()
        elif "start" not in self.values and not any(p.field == "start" for p in self.problems):
            self.problem("start", "", f"a meeting needs a day and a time; {self.type.fields['start'].allowed}")
        super().finish()
        title = set(re.split(r"[^\w-]+", fold(str(self.values.get("title", "")))))
        kind = next((kind for word, kind in _KIND_WORDS.items() if word in title), "")
        if kind and "kind" not in self.values:
            self.put("kind", kind)

    def _first_day(self) -> None:
        """What repeats is first on the day that was given, else on the first that it names."""
        if "repeats" in self.values:
            first = self.show_days(dt.date.fromisoformat(self._day) if self._day else None)
            self._day = first.isoformat() if first and not self._day else self._day

    def _day_at(self, at: int) -> int:
        found = date_at(self.words, at, self.today, asked=False)
        if found is None:
            return 0
        if found.day is None or self._day:
            wrong = found.why if found.wrong else f"a meeting has one day; {self._day} was read before"
            self.problem("start", found.text, wrong)
        else:
            self._day = found.day.isoformat()
            timed = _TIMED.fullmatch(found.text)
            if timed and not self._clock:
                self._clock = timed["clock"]
            if self.rest and self.rest[-1] is self.words[at - 1] and self.rest[-1].text in {"on", "at"}:
                self.rest.pop()
        return found.count

    def _time_at(self, at: int) -> int:
        word = self.words[at]
        text = word.text.rstrip(",;")
        if fold(text) == "at" and at + 1 < len(self.words) and self._is_clock(self.words[at + 1]):
            return 1 + self._time_at(at + 1)
        both = _FROM_TO.fullmatch(text)
        if both and not self._clock:
            self._clock = both[1]
            self._put_length_until(both[1], both[2])
            return 1
        if _CLOCK.fullmatch(text) and not self._clock:
            self._clock = text
            return 1
        lasts = _LASTS.fullmatch(text)
        if lasts is None or (lasts["hours"] and not self._clock):
            return 0
        minutes = int(lasts["minutes"] or 0) or int(lasts["hours"] or 0) * 60 + int(lasts["rest"] or 0)
        self.put_text("length", str(minutes))
        return 1

    @staticmethod
    def _is_clock(word: Word) -> bool:
        return word.bare and _CLOCK.fullmatch(word.text.rstrip(",;")) is not None

    def _put_start(self) -> None:
        text = f"{self._day} {_on_24_hours(self._clock)}".strip()
        try:
            start = read_moment(text, self.today)
        except DateError as wrong:
            self.problem("start", self._clock or text, str(wrong))
            return
        self.put("start", start)
        if not self._clock:
            self.said.append("no time was written: the meeting starts at 00:00")

    def _put_length_until(self, first: str, last: str) -> None:
        try:
            start, end = (read_moment(_on_24_hours(text), self.today) for text in (first, last))
        except DateError as wrong:
            self.problem("length", f"{first}-{last}", str(wrong))
            return
        self.put_text("length", str(int((end - start).total_seconds()) // 60 % 1440))


def _on_24_hours(clock: str) -> str:
    """``2pm`` as ``14:00``; other times as they are."""
    text = clock.lower()
    if text[-2:] not in {"am", "pm"}:
        return text
    hour, _, minute = text[:-2].partition(":")
    shift = 12 if text.endswith("pm") else 0
    return f"{int(hour) % 12 + shift}:{minute or '00'}" if 1 <= int(hour) <= 12 else f"99:{minute or '00'}"


class MilestoneReader(LineReader):
    """A title and the day it is forecast for."""

    def finish(self) -> None:
        """A milestone without a day is refused."""
        super().finish()
        if "forecast" not in self.values and not self.problems:
            self.problem("forecast", "", f"a milestone needs its day; {self.type.fields['forecast'].allowed}")


class DeliverableReader(LineReader):
    """An outline number and a title: ``1.2 Migration``."""

    def step(self, at: int) -> int:
        """Also the code, which comes first."""
        word = self.words[at]
        if at == 0 and word.bare and _CODE.fullmatch(word.text):
            self.put("code", word.text.rstrip("."))
            return 1
        return super().step(at)

    def finish(self) -> None:
        """A code is needed; the one above it, where there is one, is its parent."""
        super().finish()
        code = str(self.values.get("code", ""))
        if not code:
            self.problem("code", "", "a deliverable begins with its outline number, such as 1.2")
        above = code.rpartition(".")[0]
        parent = next((d for d in self.data.deliverables.values() if above and d.code == above), None)
        if parent and "parent" not in self.values:
            self.put("parent", parent.number)


class PersonReader(LineReader):
    """A handle, and more about the person: ``@ana "Ana Silva" role:developer ana@example.org``."""

    def step(self, at: int) -> int:
        """Also an e-mail address."""
        word = self.words[at]
        if word.bare and _EMAIL.fullmatch(word.text) and "email" not in self.values:
            self.put("email", word.text)
            return 1
        return super().step(at)

    def finish(self) -> None:
        """Without ``@``, the first word is the handle."""
        if "handle" not in self.values and self.rest and self.rest[0].bare:
            self.put_text("handle", self.rest.pop(0).text)
        super().finish()
        if "handle" not in self.values and not self.problems:
            self.problem("handle", "", "a person has a handle, such as @ana")


_READERS: dict[str, type[LineReader]] = {
    "task": TaskReader,
    "meeting": MeetingReader,
    "milestone": MilestoneReader,
    "deliverable": DeliverableReader,
    "person": PersonReader,
}


def _reader_of(kind: str) -> type[LineReader]:
    if kind == "hours":
        from pmtui.domain.quickhours import HoursReader  # only where hours are written

        return HoursReader
    if kind not in {"cost", "budget line"}:
        return _READERS.get(kind, LineReader)
    from pmtui.domain.quickcost import BudgetLineReader, CostReader  # start-up time counts

    return CostReader if kind == "cost" else BudgetLineReader
