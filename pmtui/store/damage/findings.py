"""What an inspection finds, one thing at a time."""

from dataclasses import dataclass

REPAIR = "`pmtui check --repair` writes a repaired copy"


@dataclass(frozen=True)
class Finding:
    """One thing found: its kind, where, a sentence, whether something was lost or altered, and what to do."""

    kind: str
    place: str
    words: str
    damage: bool
    remedy: str = ""
