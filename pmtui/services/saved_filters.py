"""Filters that are saved under a name, for everybody in the workspace: save, rename, delete, read with them."""

from collections.abc import Iterable, Mapping

from pmtui.domain.filternames import circle, names_in, renamed
from pmtui.domain.filters import Filter, read_filter
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import SavedFilter
from pmtui.domain.records.saved import ALLOWED, name_is_a_word, name_is_free
from pmtui.domain.text import clean, fold
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.session import Session
from pmtui.services.shared import open_shared


def saved_filters(shared: OpenProject | None) -> list[SavedFilter]:
    """The filters that are saved, by name."""
    return sorted(shared.data.filters.values(), key=lambda f: fold(f.title)) if shared is not None else []


def saved_texts(shared: OpenProject | None) -> Mapping[str, str]:
    """What each saved filter stands for, by its folded name."""
    return {fold(saved.title): saved.text for saved in saved_filters(shared)}


def filter_in(session: Session, text: str) -> Filter:
    """A filter with what is saved in the session's workspace; raises :class:`FilterError` and the store's errors."""
    saved: Mapping[str, str] = {}
    if names_in(text):  # else what is saved need not be opened
        store = open_shared(session)
        if store is not None:
            saved = saved_texts(store)
            store.close()
    return read_filter(text, session.today, me=session.user, saved=saved)


def name_problem(filters: Iterable[SavedFilter], text: str, own: SavedFilter | None = None) -> str:
    """Why a filter can't be saved under a name, or ``own`` renamed to it; empty where it can."""
    wanted = SavedFilter(title=name_of(text), text="")
    if not wanted.title:
        return ALLOWED
    wrong = [*name_is_a_word(wanted), *name_is_free(wanted)]
    if not wrong and own is not None:
        taken = [f for f in filters if f.id != own.id and fold(f.title) == fold(wanted.title)]
        return f"{taken[0].title} is saved already: {taken[0].text}" if taken else ""
    return wrong[0].allowed if wrong else ""


def name_of(text: str) -> str:
    """A name as it is saved: blanks become hyphens, a leading ``=`` goes."""
    return "-".join(clean(text).removeprefix("=").split())


def save_filter(shared: OpenProject, name: str, text: str, *, replace: bool = True) -> Outcome:
    """Save a filter under a name; one that has the name gets the new text, or where not ``replace``, is refused.

    Raises :class:`Refused`, and :class:`FilterError` where the text can't be read as a filter.
    """
    name, text = name_of(name), clean(text)
    if not text:
        raise Refused([Problem("filter", "", "there is no filter to save; type one first")])
    with shared.change("save filter") as change:
        before = next((f for f in change.data.filters.values() if fold(f.title) == fold(name)), None)
        if before is not None and not replace:
            raise Refused([Problem("name", name, f"{before.title} is saved already: {before.text}")])
        new = SavedFilter(title=name, text=text)
        found = change.add(new) if before is None else change.edit(before, text=text)
        texts = {fold(saved.title): saved.text for saved in change.data.filters.values()}
        around = circle(name, text, texts)
        if around:
            raise Refused([Problem("filter", text, f"it would stand for itself: {' → '.join(around)}")])
        read_filter(text, shared.today, me=shared.session.user, saved=texts)
    if before is None:
        return Outcome((found.number,), f"{name} saved: {text}")
    if before.text == text:
        return Outcome((found.number,), f"{before.title} is unchanged")
    return Outcome((found.number,), f"{before.title} is now {text}", (f"it was {before.text}",))


def rename_filter(shared: OpenProject, name: str, new: str) -> Outcome:
    """Give a saved filter another name, also in those that name it."""
    new = name_of(new)
    with shared.change("rename filter") as change:
        found = _named(change.data.filters.values(), name)
        change.edit(found, title=new)
        using = [other for other in change.data.filters.values() if renamed(other.text, found.title, new) != other.text]
        for other in using:
            change.edit(other, text=renamed(other.text, found.title, new))
    also = (f"also in {', '.join(other.title for other in using)}",) if using else ()
    return Outcome((found.number,), f"{found.title} is now called {new}", also)


def delete_filter(shared: OpenProject, name: str) -> Outcome:
    """Delete a saved filter; refused while others name it."""
    with shared.change("delete filter") as change:
        found = _named(change.data.filters.values(), name)
        change.remove(found)
    return Outcome((found.number,), f"{found.title} deleted: {found.text}")


def _named(filters: Iterable[SavedFilter], name: str) -> SavedFilter:
    known = list(filters)
    wanted = fold(name_of(name))
    for saved in known:
        if wanted in {fold(saved.title), fold(saved.number)}:
            return saved
    there = ", ".join(sorted(f.title for f in known)) or "none yet"
    raise Refused([Problem("name", name, f"no filter is saved under this name (saved: {there})")])
