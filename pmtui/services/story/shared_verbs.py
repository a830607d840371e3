"""What was done to what all projects share, in a phrase."""

from collections.abc import Callable

from pmtui.services.story.phrase import Deed, Phrase, told
from pmtui.store.journal import DELETE


def filter_saved(deed: Deed) -> Phrase | None:
    """A filter saved under a new name, or changed under the one it has."""
    added, changed = deed.added(), deed.having("text")
    if added:
        return told("saved", added, _text(deed.said(added, "text")))
    was = deed.said(changed, "text", before=True)
    return told("changed", changed, _text(deed.said(changed, "text")) + (f" (was {was})" if was else ""))


def filter_renamed(deed: Deed) -> Phrase | None:
    """A filter's new name."""
    renamed = deed.having("title")
    was, now = deed.said(renamed, "title", before=True), deed.said(renamed, "title")
    return Phrase(f"renamed the filter ={was} to ={now}") if len(renamed) == 1 else None


def filter_deleted(deed: Deed) -> Phrase | None:
    """A filter that is gone, with its text."""
    gone = [touch for touch in deed.touches if touch.what == DELETE]
    return told("deleted", gone, _text(deed.said(gone, "text", before=True)))


def template_saved(deed: Deed) -> Phrase | None:
    """A template that is new here, or has other lines."""
    found = deed.added() or deed.having("tasks", "about")
    return Phrase(f"{'saved' if deed.added() else 'changed'} the template {found[0].title}") if found else None


def template_deleted(deed: Deed) -> Phrase | None:
    """A template that is gone."""
    gone = [touch for touch in deed.touches if touch.what == DELETE]
    return Phrase(f"deleted the template {gone[0].title}") if gone else None


def mapping_saved(deed: Deed) -> Phrase | None:
    """A mapping of a file's columns that is new here, or is another one now."""
    found = deed.added() or [touch for touch in deed.touches if touch.what != DELETE]
    return Phrase(f"{'saved' if deed.added() else 'changed'} the import mapping {found[0].title}") if found else None


def mapping_deleted(deed: Deed) -> Phrase | None:
    """A mapping that is gone."""
    gone = [touch for touch in deed.touches if touch.what == DELETE]
    return Phrase(f"deleted the import mapping {gone[0].title}") if gone else None


def _text(text: str) -> str:
    return f": {text}" if text else ""


SHARED_VERBS: dict[str, Callable[[Deed], Phrase | None]] = {
    "save filter": filter_saved,
    "rename filter": filter_renamed,
    "delete filter": filter_deleted,
    "save template": template_saved,
    "delete template": template_deleted,
    "save mapping": mapping_saved,
    "delete mapping": mapping_deleted,
}
"""The tellers of what is done to filters and templates."""
