"""What follows, kind by kind, from a row's values: a status's reason, a long risk's title, what stands for an id."""

import contextlib
import re
from collections.abc import Callable, Mapping, MutableMapping

from pmtui.domain.records.task import BLOCKED, CANCELLED, DOING, DONE
from pmtui.domain.text import LINE_LIMIT, clean
from pmtui.exchange.words_in import read_person

TITLE_LIMIT = 120
"""Characters of a risk's title; registers write whole paragraphs there."""

WHOLE_TITLE_IN = {
    "risk": "notes",
    "task": "notes",
    "meeting": "notes",
    "issue": "description",
    "change": "description",
    "decision": "text",
}
"""The field that keeps a title which is too long for one, whole."""

Values = MutableMapping[str, object]


def natural_key(kind: str, title: str, outline: str, values: Mapping[str, object], written: Mapping[str, str]) -> str:
    """What stands for the id that a row does not have.

    Title and outline number (WBS); for a cost its vendor and invoice, else its day, line, vendor and
    note; for hours their day, person, task and note; for a meeting and a decision the title and the
    day; for people and deliverables their own handle and code.
    """
    if kind == "cost":
        if values.get("vendor") and values.get("invoice"):
            return f"{values['vendor']}|{values['invoice']}"
        parts = (values.get("date", ""), written.get("budget_line", ""), values.get("vendor", ""), title)
        return "|".join(clean(str(part)) for part in parts)
    if kind == "hours":
        named = (values.get("date", ""), values.get("who", ""), written.get("task", ""), title)
        return "|".join(clean(str(part)) for part in named)
    day = values.get("date") or values.get("start") if kind in {"meeting", "decision"} else None
    own = values.get("code", "") if kind == "deliverable" else ""
    return f"{title}|{day or own or outline}"


def derive_handle(values: Values) -> None:
    """A person without a handle gets one made from the e-mail or the name, where that is possible."""
    for name in ("email", "full_name"):
        if "handle" not in values and values.get(name):
            with contextlib.suppress(ValueError):
                values["handle"] = read_person(str(values[name])).handle


def complete(kind: str, values: Values, defaults: Values, source: str) -> None:
    """Bring a row's values to what its record needs; the words as written leave the defaults."""
    status = str(defaults.pop("status as written", ""))
    whole = str(defaults.pop("title in full", ""))
    for name in [name for name in defaults if name.endswith(" as written")]:
        del defaults[name]
    if _COMPLETE.get(kind):
        _COMPLETE[kind](values, defaults, f"“{status}” in {source}")
    if kind == "risk":
        _shorten_title(values, defaults, whole)
    elif len(whole) > LINE_LIMIT:
        _keep_whole(values, WHOLE_TITLE_IN[kind], whole)
        values["title"] = clean(whole)[:LINE_LIMIT]


def _complete_task(values: Values, defaults: Values, said: str) -> None:
    percent = values.get("percent_done")
    if "status" not in values and percent == 100:
        values["status"] = DONE
    elif "status" not in values and percent:
        defaults["status"] = DOING
    if values.get("status") == BLOCKED:
        defaults["blocked_reason"] = said
    if values.get("status") == CANCELLED:
        defaults["cancelled_reason"] = said


def _complete_cost(values: Values, defaults: Values, said: str) -> None:
    if values.get("status") == "void":
        defaults["void_reason"] = said


_COMPLETE: Mapping[str, Callable[[Values, Values, str], None]] = {"task": _complete_task, "cost": _complete_cost}


def _shorten_title(values: Values, defaults: Values, whole: str) -> None:
    """A risk told in a paragraph keeps it as its event (or in the notes); the title is its first sentence."""
    plain = " ".join(whole.split())
    if len(plain) <= TITLE_LIMIT:
        return
    sentence = re.split(r"(?<=[.!?])\s", plain, maxsplit=1)[0].rstrip(".")
    if len(sentence) > TITLE_LIMIT:
        sentence = sentence[: TITLE_LIMIT - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    values["title"] = sentence
    del defaults
    if "event" not in values and len(plain) <= LINE_LIMIT:
        values["event"] = plain
    else:
        _keep_whole(values, "notes", whole)


def _keep_whole(values: Values, name: str, whole: str) -> None:
    values[name] = f"{whole}\n\n{values[name]}" if values.get(name) else whole
