"""To whom a document goes: people by their handle, groups of them, and addresses as they are written in a mail."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from pmtui.domain.problems import Problem
from pmtui.domain.project_data import ProjectData
from pmtui.domain.text import fold

ALLOWED = "allowed: people with an e-mail, such as @ana, and addresses, such as ana@example.org"
LONGEST = 254
"""Characters of an address (RFC 5321, 4.5.3.1.3)."""

_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*"
)
_BETWEEN = re.compile(r"[\s,;]+")


class Recipient(msgspec.Struct, frozen=True):
    """An address, and what its owner is called; empty where that is not known."""

    address: str
    name: str = ""

    @property
    def words(self) -> str:
        """As people read it."""
        return f"{self.name} <{self.address}>" if self.name else self.address


class Recipients(msgspec.Struct, frozen=True):
    """Who was understood, each address once, in the order written; and what was not."""

    found: tuple[Recipient, ...]
    problems: tuple[Problem, ...]


def is_address(text: str) -> bool:
    """Whether a text is one plain address: nothing in it can end a line of a mail's head or name a second one."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None


def recipients(words: str | Iterable[str], data: ProjectData) -> Recipients:
    """Read ``@ana ben@example.org``: commas, semicolons and spaces stand between."""
    parts = (
        _BETWEEN.split(words) if isinstance(words, str) else [part for word in words for part in _BETWEEN.split(word)]
    )
    found: dict[str, Recipient] = {}
    problems: list[Problem] = []
    for part in filter(None, (part.strip("<>") for part in parts)):
        read = _one(part, data)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            found.setdefault(fold(read.address), read)
    return Recipients(tuple(found.values()), tuple(problems))


def _one(part: str, data: ProjectData) -> Recipient | Problem:
    if is_address(part):
        owner = next((p for p in data.people.values() if fold(p.email) == fold(part)), None)
        return Recipient(part, owner.full_name if owner else "")
    person = data.person(part)
    if person is None:
        return Problem("to", part, f"no such person here; {ALLOWED}")
    if not is_address(person.email):
        return Problem("to", part, "has no e-mail here: it is written among the people of the project settings")
    return Recipient(person.email, person.full_name)


def left_out(wanted: Sequence[Recipient], had: Iterable[str]) -> tuple[Recipient, ...]:
    """Those who have not got it yet."""
    known = {fold(address) for address in had}
    return tuple(one for one in wanted if fold(one.address) not in known)
