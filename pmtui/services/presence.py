"""Who else is here: the sessions that have the same projects open, and the same record."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pmtui.services.session import Session
from pmtui.store import Author
from pmtui.store.presence import Here, Seat

LOOKS_A_BEAT = 3
"""Looks between two signs of life."""

MakeSeat = Callable[[Path, Author], Seat]


class Presence:
    """Says what this session shows, and knows who else is there.

    A session is in the projects that its view shows. A project it no longer shows is left at the next sign of
    life, so that going to and fro costs nothing.
    """

    def __init__(self, session: Session, seat: MakeSeat = Seat) -> None:
        self._session = session
        self._make = seat
        self._seats: dict[str, Seat] = {}
        self._others: dict[str, tuple[Here, ...]] = {}
        self._view = ""
        self._edited: tuple[str, str] | None = None
        self._looks = 0

    def look(self, codes: Sequence[str], view: str) -> bool:
        """Say that these projects are shown in a view, and see who else is there; whether that is news."""
        before, self._view = self._others, view
        for code in codes:
            self._announce(code)
        if self._looks % LOOKS_A_BEAT == 0:
            self._beat(codes)
        self._looks += 1
        self._others = {code: self._seat(code).others() for code in codes}
        return any(before.get(code) != others for code, others in self._others.items())

    def others(self, code: str) -> tuple[Here, ...]:
        """The other sessions in a project, as last seen; a project not looked at yet is looked at now."""
        if code not in self._others:
            self._others[code] = self._seat(code).others()
        return self._others[code]

    def names(self, codes: Iterable[str]) -> list[str]:
        """The other users in any of these projects."""
        return sorted({here.user for code in codes for here in self.others(code)} - {self._session.user})

    def on_record(self, code: str, number: str) -> str:
        """A record is edited here from now on; the words for who else edits it (empty: nobody)."""
        self._edited = (code, number)
        self._announce(code)
        self._others[code] = self._seat(code).others()
        return self.also_on(code, number)

    def off_record(self) -> None:
        """No record is edited here any more."""
        if self._edited is not None:
            code, self._edited = self._edited[0], None
            self._announce(code)

    def also_on(self, code: str, number: str) -> str:
        """Who else edits a record, as last seen, in words; empty where nobody does."""
        users = list(dict.fromkeys(here.user for here in self.others(code) if here.record == number))
        theirs = [user for user in users if user != self._session.user]
        if theirs:
            *first, last = theirs
            return (
                f"{', '.join(first)} and {last} are editing {number} too"
                if first
                else f"{last} is editing {number} too"
            )
        return f"you are editing {number} in another pane too" if users else ""

    def leave(self) -> None:
        """Leave all projects."""
        for seat in self._seats.values():
            seat.leave()
        self._seats.clear()

    def _beat(self, codes: Sequence[str]) -> None:
        for code, seat in list(self._seats.items()):
            if code in codes:
                seat.beat()
            else:
                self._seats.pop(code).leave()

    def _announce(self, code: str) -> None:
        on, number = self._edited or ("", "")
        self._seat(code).announce(self._view, number if on == code else "")

    def _seat(self, code: str) -> Seat:
        if code not in self._seats:
            author = Author(self._session.user, self._session.name)
            self._seats[code] = self._make(self._session.path / code, author)
        return self._seats[code]
