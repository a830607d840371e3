"""Reads the words of a typed line against the grammar of its kind."""

import datetime as dt
import re
from dataclasses import replace

import msgspec

from pmtui.domain.fields import Field, Kind
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.quickgrammar import GRAMMARS, ParsedLine, Understood, keys_of
from pmtui.domain.quickwords import FoundDate, Word, date_at, near, split_line
from pmtui.domain.records import RecordType, split_number
from pmtui.domain.text import clean, fold
from pmtui.domain.values import Reading, read_handle, read_value, show_value

_NOT_AT_FIRST = {"occurred", "published", "issued", "void"}
_PERSON = re.compile(r"@([\w][\w.\-]*)[,;]?")
_TAG = re.compile(r"#([\w][\w.\-/]*)[,;]?")
_NUMBER = re.compile(r"[A-Za-z]{1,3}-?[0-9]{1,9}")
_CLOCK = re.compile(r"[0-9]{1,2}(?::[0-9]{2}|h(?:[0-9]{2})?)")
_URGENCY = {"low": "2", "normal": "3", "high": "4", "urgent": "5"}


class LineReader:
    """Reads the words of one line, one after the other; kinds with words of their own extend it."""

    def __init__(self, record_type: RecordType, data: ProjectData, today: dt.date) -> None:
        self.type = record_type
        self.grammar = GRAMMARS[record_type.kind]
        self.data = data
        self.today = today
        self.words: list[Word] = []
        self.values: dict[str, object] = {}
        self.shown: dict[str, Understood] = {}
        self.problems: list[Problem] = []
        self.said: list[str] = []
        self.rest: list[Word] = []

    def read(self, line: str) -> ParsedLine:
        """The whole line."""
        self.words, wrong = split_line(line)
        if wrong:
            self.problems.append(Problem("line", "", wrong))
        at = 0
        while at < len(self.words):
            at += self.step(at) or self._keep(at)
        self.finish()
        title = self.shown.pop(self.type.title, None)
        understood = (*([title] if title else []), *self.shown.values())
        return ParsedLine(self.type.kind, self.values, understood, tuple(self.problems), tuple(self.said))

    def step(self, at: int) -> int:
        """Understand what begins at a word; how many words it took, 0 where it is only text."""
        word = self.words[at]
        if word.key:
            return self._key(at)
        if word.quoted:
            return 0
        return self._person_or_tag(word) or self._mark(word) or self._step(word) or self._ask(at) or self._bare(at)

    def finish(self) -> None:
        """What is left is the title; a line without one is refused."""
        self.put_rest()

    def put_rest(self) -> None:
        """The words that were not understood are the record's title (or what stands for it)."""
        text = clean(" ".join(str(word) for word in self.rest))
        name = self.grammar.rest
        if text and name not in self.values:
            self.put(name, text)
        elif text:
            self.problem(name, text, f"the {self.label(name)} was given already")
        declared = self.type.fields[name]
        if declared.required and not self.values.get(name):
            self.problem(name, "", f"a {self.type.words[0]} needs a {self.label(name)}")

    def put(self, name: str, value: object, words: str = "") -> None:
        """Keep a value; a second one for the same field is a problem, for a list one more."""
        declared = self.type.fields[name]
        before = self.values.get(name)
        if isinstance(before, tuple) and isinstance(value, tuple):
            value = tuple(dict.fromkeys((*before, *value)))
        elif before is not None and before != value:
            both = f"{show_value(declared, before, self.today)}, {show_value(declared, value, self.today)}"
            self.problem(name, both, f"a {self.type.words[0]} has one {self.label(name)}")
            return
        self.values[name] = value
        shown = words or show_value(declared, value, self.today)
        self.shown[name] = Understood(name, declared.label, shown)

    def put_text(self, name: str, text: str) -> None:
        """Read a value as forms do, and keep it; what can't be read is a problem."""
        declared = self.type.fields[name]
        try:
            value = read_value(declared, self._numbered(declared, text), Reading(self.today))
        except Refused as refused:
            self.problems += refused.problems
            return
        missing = self._missing(declared, value)
        if missing:
            self.problems.append(missing)
        elif name == "status" and value in _NOT_AT_FIRST:
            self.problem(name, text, f"nothing begins {text}; add it first, then say so")
        else:
            self.put(name, value)

    def problem(self, name: str, value: str, allowed: str) -> None:
        """Something impossible or doubtful."""
        self.problems.append(Problem(name, value, allowed))

    def label(self, name: str) -> str:
        """A field's label, as within a sentence."""
        return self.type.fields[name].label.lower()

    def take_date(self, name: str, found: FoundDate) -> int:
        """Keep a date that was found, or say why there is no such day."""
        if found.day is None:
            self.problem(name, found.text, found.why)
        else:
            self.put(name, found.day)
        return found.count

    def _keep(self, at: int) -> int:
        """A word that is only text; what looked like a date or a time of day is said."""
        word = self.words[at]
        after_value = at > 0 and not (self.rest and self.rest[-1] is self.words[at - 1])
        self.rest.append(word)
        asks = {
            name: ask
            for ask, name in reversed(list(self.grammar.asks.items()))
            if self.type.fields[name].kind is Kind.DATE
        }
        name = next((name for name in asks if name != "start"), "")
        if not word.bare or not name:
            return 1
        if after_value and _CLOCK.fullmatch(word.text):
            self.said.append(f"{word.text} stays in the title; a {self.label(name)} date has no time of day")
        elif name not in self.values and (found := date_at(self.words, at, self.today, asked=False)):
            self.said.append(f"{found.text} stays in the title; for a date write {asks[name]} {found.text}")
        return 1

    def _key(self, at: int) -> int:
        word = self.words[at]
        keys = keys_of(self.type.kind)
        name = keys.get(fold(word.key).replace("-", "_"))
        if name is None:
            close = near(fold(word.key), [key for key in keys if len(key) > 2]) if len(word.key) > 2 else []
            if close and not word.quoted:
                close = list(dict.fromkeys(keys[key] for key in close))
                self.problem(word.key, word.text, f"no such field; is it {' or '.join(close)}? Text goes in quotes")
                return 1
            self.said.append(f"{word.key}: is no field of a {self.type.words[0]}; {word} stays in the text")
            return 0
        kind = self.type.fields[name].kind
        if kind is Kind.DATE and not word.quoted:
            past = self.type.fields[name].past
            run = [Word(word.text), *self.words[at + 1 :]]
            found = date_at(run, 0, self.today, asked=True, prefer="past" if past else "future")
            if found:
                return self.take_date(name, found)
        self.put_text(name, word.text)
        return 1

    def _person_or_tag(self, word: Word) -> int:
        person, tag = _PERSON.fullmatch(word.text), _TAG.fullmatch(word.text)
        if tag and not tag[1].isdigit():
            self.put("tags", (tag[1],), f"#{tag[1]}")
            shown = " ".join(f"#{tag}" for tag in self._listed("tags"))
            self.shown["tags"] = replace(self.shown["tags"], words=shown)
            return 1
        if person is None or not self.grammar.people:
            return 0
        declared = self.type.fields[self.grammar.people]
        try:
            handle = read_handle(person[1].rstrip(".-"))
        except ValueError:
            self.problem(declared.name, word.text, declared.allowed)
            return 1
        self.put(declared.name, (handle,) if declared.kind is Kind.PEOPLE else handle)
        return 1

    def _listed(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name)
        return value if isinstance(value, tuple) else ()

    def _mark(self, word: Word) -> int:
        name = self.grammar.marks.get(word.text[0])
        text = word.text[1:].rstrip(",;")
        if name is None or not text or not (text[0].isalnum() if word.text[0] == "!" else text[0] in "0123456789"):
            if word.text[0] == "!" and text[:1].isalnum():
                self.said.append(f"{word.text} means nothing for a {self.type.words[0]}; it stays in the text")
            return 0
        if name == "urgency":
            text = _URGENCY.get(fold(text), text)
        if name == "estimate" and len(text) > 8:
            self.problem(name, word.text, self.type.fields[name].allowed)
            return 1
        before = len(self.problems)
        self.put_text(name, text)
        if len(self.problems) > before and word.text[0] == "!":
            wrong = self.problems.pop()
            allowed = f"{wrong.allowed}; text goes in quotes"
            self.problems.append(msgspec.structs.replace(wrong, value=word.text, allowed=allowed))
        return 1

    def _step(self, word: Word) -> int:
        found = re.fullmatch(r"([a-zA-Z])([0-9]),?", word.text)
        name = self.grammar.steps.get(found[1].lower()) if found else None
        if found is None or name is None:
            return 0
        if found[1].isupper():
            self.said.append(f"{word.text} stays in the title; for the {self.label(name)} write {word.text.lower()}")
            return 0
        self.put_text(name, found[2])
        return 1

    def _ask(self, at: int) -> int:
        """A word that a value follows: ``due fri``; without such a value it is part of the title."""
        word = self.words[at].text
        name = self.grammar.asks.get(word.lower())
        if name is None or at + 1 >= len(self.words) or not (word.islower() or self.rest):
            return 0
        following = self.words[at + 1]
        declared = self.type.fields[name]
        if not following.bare:
            return 0
        if declared.kind is Kind.DATE:
            found = date_at(self.words, at + 1, self.today, asked=True, prefer="past" if declared.past else "future")
            return 1 + self.take_date(name, found) if found else 0
        if declared.kind in {Kind.REFERENCE, Kind.REFERENCES}:
            return self._numbers(at, declared)
        try:
            self.put(name, read_value(declared, following.text, Reading(self.today)))
        except Refused:
            return 0
        return 2

    def _numbers(self, at: int, declared: Field) -> int:
        """The numbers after a word such as ``after``: ``T-3``, ``T-3,T-4``, ``T-3, T-4``."""
        count = 0
        for word in self.words[at + 1 :]:
            parts = [part for part in word.text.split(",") if part]
            if not word.bare or not parts or not all(self._is_number(part, declared) for part in parts):
                break
            self.put_text(declared.name, " ".join(parts))
            count += 1
            if declared.kind is Kind.REFERENCE or not word.text.endswith(","):
                break
        return 1 + count if count else 0

    def _is_number(self, text: str, declared: Field) -> bool:
        found = split_number(text) if _NUMBER.fullmatch(text) else None
        if found is None:
            return False
        if declared.kinds and found[0].kind not in declared.kinds:
            if "-" in text:
                self.said.append(f"{text} is no {' or '.join(declared.kinds)}; it stays in the text")
            return False
        return True

    def _numbered(self, declared: Field, text: str) -> str:
        """A deliverable may be named by its code."""
        if declared.kinds != ("deliverable",):
            return text
        return next((d.number for d in self.data.deliverables.values() if fold(d.code) == fold(text)), text)

    def _missing(self, declared: Field, value: object) -> Problem | None:
        """References that name nothing here."""
        if declared.kind not in {Kind.REFERENCE, Kind.REFERENCES}:
            return None
        for number in value if isinstance(value, tuple) else (str(value),):
            found = self.data.get(number)
            if found is None or (declared.kinds and found.TYPE.kind not in declared.kinds):
                words = " or ".join(declared.kinds) or "record"
                return Problem(declared.name, number, f"there is no such {words} here")
        return None

    def _bare(self, at: int) -> int:
        """A date or a status that stands alone."""
        if self.grammar.bare_date:
            declared = self.type.fields[self.grammar.bare_date]
            found = date_at(self.words, at, self.today, asked=False, prefer="past" if declared.past else "future")
            if found:
                return self.take_date(declared.name, found)
        text = fold(self.words[at].text.rstrip(",;"))
        for name in self.grammar.bare_choices:
            if text in self.type.fields[name].choices and name not in self.values and text not in _NOT_AT_FIRST:
                self.put(name, text)
                return 1
        return 0
