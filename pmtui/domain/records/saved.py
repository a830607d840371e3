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


def name_is_a_word(saved: "SavedFilter", _: "ProjectData") -> Sequence[Problem]:
    """A name can be written in a filter."""
    return [] if NAME.fullmatch(saved.title) else [Problem("title", saved.title, ALLOWED)]


def name_is_unique(saved: "SavedFilter", data: "ProjectData") -> Sequence[Problem]:
    """No two filters have one name, however it is written."""
    for other in data.filters.values():
        if other.id != saved.id and fold(other.title) == fold(saved.title):
            return [Problem("title", saved.title, f"{other.title} is saved already: {other.text}")]
    return []


@declare(
    kind="filter",
    table="filters",
    prefix="SF",
    words=("filter", "filters"),
    rules=(name_is_a_word, name_is_unique),
    columns=("title", "text"),
)
class SavedFilter(Record, frozen=True, kw_only=True):
    """A filter's text under a name, for everybody who works in the workspace."""

    title: Annotated[str, Field("Name", required=True, hint=ALLOWED)]
    text: Annotated[str, Field("Filter", required=True)]
