"""How files of banks and ERPs are read, kept under names for everybody in the workspace."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import ImportMapping
from pmtui.domain.records.mapping import COLUMNS
from pmtui.domain.text import clean, fold
from pmtui.exchange.statement_guess import guess
from pmtui.exchange.statement_in import Sheet, fits
from pmtui.services.project import OpenProject, Outcome

SETTINGS = ("signs", "means", "dates", "decimals", "separator", "encoding")
"""What a mapping says besides which heading is what."""


def saved_mappings(shared: OpenProject | None) -> list[ImportMapping]:
    """The mappings that are saved, by name."""
    return sorted(shared.data.mappings.values(), key=lambda m: fold(m.title)) if shared is not None else []


def mapping_for(sheet: Sheet, saved: Sequence[ImportMapping]) -> ImportMapping:
    """The saved mapping that a file fits, the one that names most of its columns; else what is guessed."""
    fitting = [mapping for mapping in saved if fits(mapping, sheet)]
    if fitting:
        return max(fitting, key=lambda mapping: (len(mapping.headings), mapping.id))
    return guess(sheet.headings, sheet.rows)


def mapping_named(saved: Sequence[ImportMapping], name: str) -> ImportMapping:
    """The saved mapping with a name; raises :class:`Refused` with those there are."""
    found = next((m for m in saved if fold(clean(name)) in {fold(m.title), fold(m.number)}), None)
    if found is None:
        there = ", ".join(m.title for m in saved) or "none yet"
        raise Refused([Problem("mapping", name, f"no mapping is saved under this name (saved: {there})")])
    return found


def read_columns(items: Iterable[str]) -> dict[str, str]:
    """Columns and ways of reading as they are written, ``amount=Betrag``; refused naming those there are."""
    found: dict[str, str] = {}
    for item in items:
        name, equals, value = item.partition("=")
        name = name.strip().replace(" ", "_").replace("-", "_")
        if not equals or name not in (*COLUMNS, *SETTINGS):
            allowed = f"allowed: FIELD=HEADING, fields are {', '.join((*COLUMNS, *SETTINGS))}"
            raise Refused([Problem("--map", item, allowed)])
        choices = ImportMapping.TYPE.fields[name].choices
        if choices and value.strip() not in choices:
            raise Refused([Problem("--map", item, f"allowed: {', '.join(choices)}")])
        found[name] = value.strip()
    return found


def save_mapping(shared: OpenProject, name: str, mapping: ImportMapping) -> Outcome:
    """Save a mapping under a name; one that has the name gets the new columns."""
    title = clean(name)
    if not title:
        raise Refused([Problem("title", "", "a name, such as the bank's")])
    with shared.change("save mapping") as change:
        before = next((m for m in change.data.mappings.values() if fold(m.title) == fold(title)), None)
        if before is None:
            found = change.add(replace(ImportMapping(title=title), **_said_by(mapping)))
        else:
            found = change.edit(before, **_said_by(mapping))
    done = "saved" if before is None else "unchanged" if _said_by(before) == _said_by(mapping) else "changed"
    return Outcome((found.number,), f"the mapping {found.title} is {done}", tuple(change.said))


def delete_mapping(shared: OpenProject, name: str) -> Outcome:
    """Delete a saved mapping."""
    with shared.change("delete mapping") as change:
        found = mapping_named(list(change.data.mappings.values()), name)
        change.remove(found)
    return Outcome((found.number,), f"the mapping {found.title} is deleted")


def _said_by(mapping: ImportMapping) -> dict[str, str]:
    return {name: getattr(mapping, name) for name in (*COLUMNS, *SETTINGS)}
