"""Texts that try to act on a terminal, a spreadsheet, a browser or a file system, and a project full of them."""

import json
import os
import re
import unicodedata

from factories import MONDAY, TODAY, day, new_project
from rich.cells import cell_len

from pmtui.domain.fields import Kind
from pmtui.domain.records import (
    BY_TABLE,
    BudgetLine,
    CostEntry,
    Decision,
    Deliverable,
    HoursEntry,
    Issue,
    Meeting,
    Milestone,
    Person,
    Report,
    Risk,
    Task,
)  # fmt: skip
from pmtui.services import budgeting, meetings, reports
from pmtui.store import Author, Note, ProjectDB

PAYLOADS = {
    "csi": "\x1b[31mred\x1b[2J\x1b[H",
    "osc 52": "\x1b]52;c;aGFja2Vk\x07copied",
    "osc 8": "\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\",
    "c1 csi": "\x9b31mred\x9b2J",
    "c1 osc": "\x9d0;title\x9crest",
    "dcs": "\x1bP$q\x22p\x1b\\after",
    "bell": "ding\x07\x07",
    "backspace": "abc\x08\x08\x08XYZ",
    "newline": "one\ntwo\n",
    "carriage return": "one\rTWO",
    "tab": "a\tb\x0bc\x0cd",
    "nul": "a\x00b\x7fc",
    "bidi": "\u202eevil\u2066x\u2069",
    "zero width": "a\u200bb\ufeffc\u2060\u00add\U000e0041",
    "line separator": "one\u2028two\u2029three\x85four",
    "marks": "e" + "\u0301" * 100_000,
    "markup": "[/foo] [b]x",
    "action": "[@click=app.quit]x[/] [link=http://evil]y[/]",
    "formula": "=cmd|' /C calc'!A0",
    "path": "../../etc/passwd",
    "surrogate": "a\ud83db",
    "markdown": "[x](http://evil) ![y](file:///etc/passwd) <script>alert(1)</script> | `",
    "long": "W" * 200_000,
    "wide": "会" * 5_000,
}

_POISONED = {Kind.LINE, Kind.TEXT, Kind.PERSON, Kind.PEOPLE, Kind.TAGS, Kind.LINKS}
_WORDS = {
    "Late",
    "Due",
    "Blocked",
    "Doing",
    "Done",
    "Late vendor",
    "Outage",
    "Go-live",
    "HRIS deployment",
    "ben",
    "chi",
}
_KEPT = {"currency", "country", "code", "working_days", "repeats", "closed_months", "email"}
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u00ad\U000e0000-\U000e0fff]")


def harm_in(text, lines=""):
    """What in a text could act on a terminal; empty where nothing can."""
    for character in set(text) - set(lines):
        if unicodedata.category(character) in {"Cc", "Cf", "Cs"} or _INVISIBLE.match(character):
            return repr(character)
    if re.search("[\u0300-\u036f]{9}", text):
        return "a tower of marks"
    return ""


def harm_in_bytes(raw, allowed=b"\n"):
    """What in output without a terminal's own codes could act; empty where nothing can."""
    return harm_in(raw.decode("utf-8"), lines=allowed.decode())


def harm_in_strip(strip, width):
    """What in a rendered line could act, or is out of its columns; empty where nothing is."""
    for segment in strip:
        if segment.control:
            return f"a control code {segment.control}"
        if found := harm_in(segment.text):
            return found
        style = segment.style
        if style and (style.link or any("click" in key for key in style.meta)):
            return f"an action {style.link or style.meta}"
    found = sum(cell_len(segment.text) for segment in strip)
    return "" if found == width else f"{found} cells instead of {width}"


def poisoned_project(path, payload, code="hris"):
    """A project with something of every kind, every text of it written below the cleaning, and its history too."""
    text = f"P {payload}"
    project = new_project(path, *_records(), code=code)
    reports.issue(project)
    meetings.publish(project, "M-2")
    reports.save_words(project, "summary", "Words")
    budgeting.propose(project, "First", "CR")
    project.close()
    folder = path / code
    with ProjectDB(folder / "data.json", author=Author(text, "elsewhere"), stamps=True) as db:
        note = Note(verb=text, reason=text, effect=text)
        with db.journal.transaction(note):
            for table, record_type in BY_TABLE.items():
                for key, document in list(db.journal.documents(table).items()):
                    db.journal.put(table, key, _poisoned(dict(document), record_type, text))
    _be_here(folder, text)
    return path


def _poisoned(document, record_type, text):
    for name, field in record_type.fields.items():
        if name in _KEPT or not (field.kind in _POISONED or name in {"created_by", "updated_by"}):
            continue
        document[name] = [text] if field.kind in {Kind.PEOPLE, Kind.TAGS, Kind.LINKS} else text
    if record_type.kind == "meeting":
        document["agenda"] = [{"topic": text, "presenter": text}]
        document["notes"] = f"{text}\nD: {text}\nA: {text} @{text} due fri\nR: {text}\nI: {text}"
    if record_type.kind == "budget version":
        document["lines"] = [{"line": "B-1", "category": text, "planned": "100", "phasing": []}]
    if record_type.kind == "report":
        document["words"] = dict.fromkeys(("summary", "achieved", "next", "decisions"), text)
        document["overrides"] = [{"light": "time", "colour": "R", "reason": text}]
        document["numbers"] = _renamed(document.get("numbers", {}), text)
    return document


def _renamed(value, text):
    """Numbers of an issued report in which every title and name is the text."""
    if isinstance(value, dict):
        return {name: _renamed(inner, text) for name, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, text) for inner in value]
    return text if value in _WORDS else value


def _be_here(folder, text):
    """Somebody is here, whose session says so in a file of their own making."""
    (folder / "presence").mkdir(mode=0o700, exist_ok=True)
    said = {"user": text[:30], "session": "elsewhere", "view": text[:30], "record": "T-1"}
    file = folder / "presence" / "elsewhere.json"
    file.write_text(json.dumps(said))
    os.utime(file)


def _records():
    return (
        Person(handle="ben"), Person(handle="chi", status="confirmed"),
        Deliverable(code="1", title="Migration"),
        Task(title="Late", owner="ben", due=day(-9), deliverable="W-1", estimate=8, priority="high"),
        Task(title="Due", owner="ben", due=day(2), depends_on=("T-1",)),
        Task(title="Blocked", status="blocked", owner="chi", due=day(-3), blocked_reason="vendor", follow_up=day(-1)),
        Task(title="Doing", status="doing", owner="chi", due=day(-2), waiting_for="vendor"),
        Task(title="Done", status="done", finish_date=day(-1)),
        Milestone(title="Go-live", forecast=day(20), baseline=day(10), depends_on=("T-1",)),
        Risk(title="Late vendor", owner="ben", review_date=day(-3), status="approved", probability=4, impact=4,
             residual_probability=2, residual_impact=2),
        Risk(title="Savings", owner="ben", review_date=day(9), kind="opportunity", probability=2, impact=2),
        Issue(title="Outage", owner="ben", target_date=day(-1), decision_needed_from="board",
              decision_needed_by=day(1)),
        BudgetLine(category="Licences", planned=1000),
        CostEntry(date=day(-20), budget_line="B-1", net=700, status="invoiced", vendor="Acme", note="First"),
        CostEntry(date=day(-2), budget_line="B-1", net=900, status="committed", vendor="Acme", note="Second"),
        HoursEntry(who="ana", date=TODAY, hours=2.0, task="T-4", note="Wrote"),
        Meeting(title="Weekly", start=MONDAY.replace(hour=14, tzinfo=None), invited=("ben",), series="weekly"),
        Meeting(title="Steering", start=MONDAY.replace(month=2, tzinfo=None), status="held", notes="D: go on"),
        Decision(title="Go on", date=day(-4), meeting="M-2"),
        Report(period_start=day(-7), period_end=TODAY),
    )  # fmt: skip
