"""What all projects of a workspace share: filters that were saved under a name."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from pmtui.domain.fields import Field
from pmtui.domain.problems import Problem
from pmtui.domain.records.base import Record, declare
from pmtui.domain.text import fold

if TYPE_CHECKING:
    from pmtui.domain.project_data import ProjectData

NAME = re.compile(r"[^\W_](?:[\w\-]{0,38}[^\W_])?")
"""A name that a filter is saved under: one word, so that ``=name`` stands in a line."""

ALLOWED = "allowed: one word of letters, digits and '-', at most 40, such as waiting-on-vendor"


def name_is_a_word(saved: "SavedFilter", _: "ProjectData | None" = None) -> Sequence[Problem]:
    """A name can be written in a filter."""
    return [] if NAME.fullmatch(saved.title) else [Problem("title", saved.title, ALLOWED)]


def name_is_unique(saved: "SavedFilter", data: "ProjectData") -> Sequence[Problem]:
    """No two filters have one name, however it is written."""
    for other in data.filters.values():
        if other.id != saved.id and fold(other.title) == fold(saved.title):
            return [Problem("title", saved.title, f"{other.title} is saved already: {other.text}")]
    return []


def name_is_free(saved: "SavedFilter", _: "ProjectData | None" = None) -> Sequence[Problem]:
    """A name means nothing else in a filter."""
    from pmtui.domain.filternames import is_taken  # it reads the record types, of which this is one

    if is_taken(saved.title):
        return [Problem("title", saved.title, "it means something in every filter already; take another name")]
    return []


def stands_for_others(saved: "SavedFilter", data: "ProjectData") -> Sequence[Problem]:
    """No filter stands for itself, by way of others."""
    from pmtui.domain.filternames import circle

    found = circle(saved.title, saved.text, {fold(f.title): f.text for f in data.filters.values()})
    return [Problem("text", saved.text, f"it would stand for itself: {' → '.join(found)}")] if found else []


def names_are_known(_: "SavedFilter", data: "ProjectData") -> Sequence[Problem]:
    """What filters name is saved: a name changes with those that name it."""
    from pmtui.domain.filternames import names_in

    known = {fold(saved.title) for saved in data.filters.values()}
    found = [
        (f.title, name) for f in data.filters.values() for key, name in names_in(f.text).items() if key not in known
    ]
    return [Problem("filter", name, f"it stands in {title}, and is not saved") for title, name in found[:1]]


def others_keep_it(before: "SavedFilter | None", after: "SavedFilter | None", data: "ProjectData") -> Sequence[Problem]:
    """A filter that others name is not deleted."""
    from pmtui.domain.filternames import names_in

    if before is None or after is not None:
        return []
    using = [f.title for f in data.filters.values() if f.id != before.id and fold(before.title) in names_in(f.text)]
    if not using:
        return []
    return [Problem("title", before.title, f"it stands in {', '.join(sorted(using))}; change that first")]


@declare(
    kind="filter",
    table="filters",
    prefix="SF",
    words=("filter", "filters"),
    rules=(name_is_a_word, name_is_unique, name_is_free, stands_for_others, names_are_known),
    change_rules=(others_keep_it,),
    columns=("title", "text"),
)
class SavedFilter(Record, frozen=True, kw_only=True):
    """A filter's text under a name, for everybody who works in the workspace."""

    title: Annotated[str, Field("Name", required=True, hint=ALLOWED)]
    text: Annotated[str, Field("Filter", required=True)]
