"""How a meeting or milestone is called in calendars: the id that it brought, else one that never changes."""

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Meeting, Milestone, Record

ORIGIN = "ics"
"""What an external id from a calendar is said to be of, whatever the file was called."""

_OURS = "@pmtui"


def uid_of(record: Record, code: str) -> str:
    """The UID of a record: its number, when it was made, and the project's code; no two records share one."""
    if record.external is not None and record.external.source == ORIGIN:
        return record.external.id
    made = f"{record.created:%Y%m%dT%H%M%S}" if record.created else "0"
    return f"{record.number}.{made}.{code}{_OURS}"


def own_record(uid: str, data: ProjectData) -> Record | None:
    """The record of this project that a UID was given to here; ``None`` where it is another's."""
    if not uid.endswith(_OURS):
        return None
    found = data.get(uid.partition(".")[0])
    ours = isinstance(found, (Meeting, Milestone)) and uid_of(found, data.project.code) == uid
    return found if ours else None


def is_milestones(uid: str) -> bool:
    """Whether a UID was given to a milestone, of whatever project."""
    return uid.endswith(_OURS) and uid.startswith(f"{Milestone.TYPE.prefix}-")
