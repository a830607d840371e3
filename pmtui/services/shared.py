"""What all projects of a workspace share: a store beside them, read and written as a project is."""

from pmtui.domain.records import SHARED_TYPES
from pmtui.services.project import OpenProject
from pmtui.services.projects import open_project
from pmtui.services.session import Session
from pmtui.store.workspace import SHARED


def open_shared(session: Session) -> OpenProject | None:
    """Open what the workspace shares; ``None`` where nobody has shared anything yet, and nothing is made.

    Raises the store's errors and ``OSError`` where it is there and can't be opened.
    """
    return open_project(session, SHARED) if session.workspace.has_shared else None


def shared(session: Session) -> OpenProject:
    """Open what the workspace shares, to write to it; it is made where there is nothing yet."""
    return OpenProject(session, session.workspace.share(), SHARED, SHARED_TYPES)
