"""A project's settings, each on one line: how it is shown, written, read back and saved."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from pmtui.domain.dates import DateError, read_date, say_date
from pmtui.domain.exposure import STEPS, Band, ReviewIntervals, read_bands
from pmtui.domain.fields import Field, Kind
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import Person, Project, Record
from pmtui.domain.records.person import Absence, Rate
from pmtui.domain.records.project import LightRules
from pmtui.domain.records.task import FLOW
from pmtui.domain.validation import problems_of, status_problem
from pmtui.domain.values import read_money, show_value, write_value
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import edit_record, read_field

RULES = ("tolerance_days", "tolerance_cost", "working_days", "country", "wip_strict", "eac_method", "labour_line")
"""Fields of the charter that are rules of the project; the rest say what it is."""

_PART = re.compile(r"[,;]")
_LIMIT = re.compile(r"(?P<name>.*?)\s*[:=]?\s*(?P<number>[0-9]{1,4})")
_LEVELS = re.compile(r"(?:amber\D*)?(?P<amber>[0-9]{1,4})\D+(?P<red>[0-9]{1,4})\D*", re.IGNORECASE)
_BAND = re.compile(r"(?P<high>[0-9]{1,3})\s+(?P<name>.+)")
_FROM = re.compile(r"\s+from\s+", re.IGNORECASE)
_TO = re.compile(r"\s+to\s+|\.\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of a record: ``shown`` in words, ``written`` for editing, ``read`` back (or :class:`Refused`)."""

    name: str
    label: str
    about: str
    shown: Callable[[Record], str]
    written: Callable[[Record], str]
    read: Callable[[OpenProject, str], object]
    part: str = ""

    def problem(self, project: OpenProject, record: Record, text: str) -> str:
        """Why a text can't be saved; empty where it can."""
        try:
            after = msgspec.structs.replace(record, **{self.name: self.value(project, record, text)})
        except Refused as refused:
            return refused.problems[0].allowed if refused.problems else str(refused)
        wrong = status_problem(record, after)
        found = [wrong] if wrong else problems_of(after, project.data)
        return found[0].allowed if found else ""

    def value(self, project: OpenProject, record: Record, text: str) -> object:
        """The field's value that a text means; a part of a structure leaves its other parts as they are."""
        value = self.read(project, text)
        if self.part and isinstance(value, dict):
            return msgspec.structs.replace(getattr(record, self.name), **value)
        return value


def save(project: OpenProject, setting: Setting, base: Record, text: str) -> Outcome:
    """Save what was typed over ``base``; refused where somebody changed it meanwhile to something else."""
    if setting.name in base.TYPE.fields and base.TYPE.fields[setting.name].kind is not Kind.STRUCTURE:
        return edit_record(project, base.number, {setting.name: text}, base=base, verb="settings")
    with project.change("settings") as change:
        now = change.current(base)
        value = setting.value(project, now, text)
        mine, theirs = setting.shown(_with(now, setting, value)), setting.shown(now)
        if mine == theirs:
            return Outcome((now.number,), f"{setting.label} is unchanged")
        if theirs != setting.shown(base):
            said = f"{now.updated_by} changed it meanwhile to {theirs or 'nothing'}"
            raise Refused([Problem(setting.name, text, said, now.number)])
        change.edit(now, **{setting.name: value})
    return Outcome((base.number,), f"{setting.label}: {mine or 'none'}", tuple(change.said))


def charter_settings(today: dt.date) -> dict[str, Setting]:
    """Every field of the project's record that people write by hand, by its name."""
    fields = Project.TYPE.fields.values()
    return {f.name: _of_field(f, today) for f in fields if f.form and f.kind is not Kind.STRUCTURE}


def rule_settings() -> dict[str, Setting]:
    """The thresholds that are no plain fields, by their name on the screen."""
    limits = Setting(
        "wip_limits", "Board limits", "How many cards a column should hold, such as: doing 5, blocked 3",
        lambda p: _limits(p) or "none", _limits, read_limits,
    )  # fmt: skip
    bands = Setting(
        "bands", "Risk bands", "The highest score of each band, such as: 3 very low, 6 low, 12 medium, 25 high",
        _bands_shown, lambda p: ", ".join(f"{b.high} {b.name}" for b in _project(p).bands), read_bands_line,
    )  # fmt: skip
    time = _light("time", "days", "amber past {0}, red past {1} days", "Days past the planned finish")
    cost = _light("cost", "cost_percent", "amber from {0} %, red from {1} %", "% of the EAC over the budget")
    risk = _light("risk", "score", "amber from {0}, red from {1}", "The worst open threat's score")
    reviews = Setting(
        "review_intervals", "Risk reviews", "Days to the next review by band, the highest first: 7, 14, 28, 56, 84",
        lambda p: f"{_intervals(p)} days, the highest band first", _intervals, read_intervals,
    )  # fmt: skip
    found = {"wip_limits": limits, "time": time, "cost": cost, "risk": risk, "bands": bands}
    return found | {"review_intervals": reviews}


def person_settings(today: dt.date) -> dict[str, Setting]:
    """What a person's form has no field for, by its name on the screen."""
    rates = Setting(
        "rates", "Rates", "What an hour costs from a day on, such as: 85 from 1 jan, 90 from 2027-01-01",
        lambda p: ", ".join(f"{r.rate:,.2f} from {say_date(r.valid_from, today)}" for r in _person(p).rates),
        lambda p: ", ".join(f"{r.rate} from {r.valid_from}" for r in _person(p).rates),
        lambda project, text: tuple(sorted((_rate(part, project.today) for part in parts(text)), key=_since)),
    )  # fmt: skip
    away = Setting(
        "absences", "Away", "Days away, both included, such as: 15 dec to 22 dec, 2 jan",
        lambda p: ", ".join(f"{say_date(a.first, today)} to {say_date(a.last, today)}" for a in _person(p).absences),
        lambda p: ", ".join(f"{a.first} to {a.last}" for a in _person(p).absences),
        lambda project, text: tuple(sorted((_absence(part, project.today) for part in parts(text)), key=_first)),
    )  # fmt: skip
    return {"rates": rates, "absences": away}


def read_limits(_: OpenProject, text: str) -> dict[str, int]:
    """Work-in-progress limits by status: ``doing 5, blocked 3``; nothing means none."""
    limits: dict[str, int] = {}
    for part in parts(text):
        found = _LIMIT.fullmatch(part)
        status = FLOW.named(found["name"]) if found else None
        if found is None or status is None or int(found["number"]) < 1:
            statuses = ", ".join(FLOW.statuses)
            raise _refused("wip_limits", part, f"allowed: a column and a number from 1; columns are {statuses}")
        limits[status] = int(found["number"])
    return limits


def read_intervals(_: OpenProject, text: str) -> ReviewIntervals:
    """Days to the next review by band, the highest first: ``7, 14, 28``; what is not assessed waits as the first."""
    days = [part.strip().removesuffix("days").strip() for part in parts(text)]
    wrong = next((day for day in days if not (day.isascii() and day.isdigit() and len(day) < 6)), None)
    if wrong is not None or not days:
        raise _refused("review_intervals", wrong or "", "allowed: days for each band, such as 7, 14, 28, 56, 84")
    return ReviewIntervals(tuple(map(int, days)), int(days[0]))


def read_bands_line(_: OpenProject, text: str) -> tuple[Band, ...]:
    """Risk bands from the lowest: ``3 very low, 6 low, 12 medium, 20 high, 25 very high``."""
    rows = []
    for part in parts(text):
        found = _BAND.fullmatch(part)
        if found is None:
            raise _refused("bands", part, "allowed: the band's highest score and its name, such as 12 medium")
        rows.append((int(found["high"]), found["name"].strip()))
    try:
        bands = read_bands(rows)
    except ValueError as error:
        raise _refused("bands", text, str(error)) from None
    if bands[-1].high < STEPS * STEPS:
        raise _refused("bands", text, f"the last band must reach {STEPS * STEPS}, the highest score")
    return bands


def _of_field(field: Field, today: dt.date) -> Setting:
    return Setting(
        field.name,
        field.label,
        field.allowed,
        lambda record: show_value(field, getattr(record, field.name), today),
        lambda record: write_value(field, getattr(record, field.name)),
        lambda project, text: read_field(project, field, text),
    )


def _light(light: str, unit: str, words: str, about: str) -> Setting:
    amber, red = f"amber_{unit}", f"red_{unit}"

    def levels(record: Record) -> tuple[int, int]:
        rules: LightRules = _project(record).lights
        return getattr(rules, amber), getattr(rules, red)

    def read(_: OpenProject, text: str) -> object:
        found = _LEVELS.fullmatch(text.strip())
        if found is None:
            raise _refused("lights", text, f"allowed: two numbers, such as amber {levels_of(LightRules())}")
        if int(found["red"]) < int(found["amber"]):
            raise _refused("lights", text, "red begins where amber does, or later")
        return {amber: int(found["amber"]), red: int(found["red"])}

    def levels_of(rules: LightRules) -> str:
        return f"{getattr(rules, amber)}, red {getattr(rules, red)}"

    return Setting(
        "lights", f"{light.capitalize()} light", f"{about}, such as: amber {levels_of(LightRules())}",
        lambda record: words.format(*levels(record)),
        lambda record: f"amber {levels_of(_project(record).lights)}", read, part=light,
    )  # fmt: skip


def _with(record: Record, setting: Setting, value: object) -> Record:
    return msgspec.structs.replace(record, **{setting.name: value})


def _limits(record: Record) -> str:
    return ", ".join(f"{status} {limit}" for status, limit in _project(record).wip_limits.items())


def _intervals(record: Record) -> str:
    return ", ".join(map(str, _project(record).review_intervals.by_band))


def _bands_shown(record: Record) -> str:
    return " · ".join(f"{band.name} {band.low} to {band.high}" for band in _project(record).bands)


def _rate(text: str, today: dt.date) -> Rate:
    amount, *since = _FROM.split(text, maxsplit=1)
    try:
        rate: Decimal = read_money(amount)
        return Rate(read_date(since[0], today, prefer="past") if since else today, rate)
    except DateError as error:
        raise _refused("rates", text, str(error)) from None
    except ValueError:
        raise _refused("rates", text, "allowed: an amount and the day it begins, such as 85 from 1 jan") from None


def _absence(text: str, today: dt.date) -> Absence:
    days = _TO.split(text)
    try:
        first = read_date(days[0], today)
        last = read_date(days[-1], today)
    except DateError as error:
        raise _refused("absences", text, str(error)) from None
    if len(days) > 2 or last < first:
        raise _refused("absences", text, "allowed: the first day and the last, such as 15 dec to 22 dec")
    return Absence(first, last)


def _since(rate: Rate) -> dt.date:
    return rate.valid_from


def _first(absence: Absence) -> dt.date:
    return absence.first


def parts(text: str) -> list[str]:
    """What stands between the commas or semicolons of a line."""
    return [part.strip() for part in _PART.split(text) if part.strip()]


def _refused(field: str, value: str, allowed: str) -> Refused:
    return Refused([Problem(field, value, allowed)])


def _project(record: Record) -> Project:
    assert isinstance(record, Project)
    return record


def _person(record: Record) -> Person:
    assert isinstance(record, Person)
    return record
