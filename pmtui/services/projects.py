"""Projects of a workspace: add one, list them, open one."""

from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import Project
from pmtui.domain.text import clean
from pmtui.services.project import OpenProject
from pmtui.services.session import Session
from pmtui.store.workspace import code_problem


def add_project(session: Session, code: str, name: str, *, currency: str = "EUR", manager: str = "") -> OpenProject:
    """Make a project and open it.

    Raises :class:`Refused` for a code or currency that can't be.
    """
    wrong = code_problem(code)
    if wrong:
        raise Refused([Problem("code", code, wrong)])
    currency = currency.strip().upper()
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise Refused([Problem("currency", currency, "allowed: an ISO 4217 code such as EUR")])
    if code in session.workspace.codes() and not open_project(session, code).data.tables.get("project"):
        project = open_project(session, code)  # begun, and cut short before its record was written
    else:
        project = OpenProject(session, session.workspace.add(code), code)
    with project.change("add project") as change:
        record = Project(code=code, title=clean(name) or code, currency=currency, manager=manager or session.user)
        change.add(record)
    return project


def open_project(session: Session, code: str, *, reads_only: bool = False) -> OpenProject:
    """Open a project of the workspace by its code; where it ``reads_only``, nothing in its folder is touched."""
    return OpenProject(session, session.workspace.open(code, reads_only=reads_only), code)
