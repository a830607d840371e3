"""Templates of pages that a workspace has in place of those that ship.

They lie in ``_workspace/templates``: ``report.html``, ``report.md``, ``minutes.html``, ``minutes.md``, and files that
these include. Each is rendered in a process of its own, which opens no file and is ended where it takes too much.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pmtui.domain.problems import Problem, Refused
from pmtui.reports.blocks import Document
from pmtui.reports.formats import About, Made, set_on_paper
from pmtui.reports.html import BUILT_IN
from pmtui.reports.paper import FLOWING, Fitted
from pmtui.reports.plain_data import plain_about, plain_blocks
from pmtui.services.project import Outcome
from pmtui.services.session import Session
from pmtui.store.files import make_folder, read_file, write_file
from pmtui.store.workspace import SHARED

NAMES = ("report.html", "report.md", "minutes.html", "minutes.md")
"""The templates that can be replaced."""

SHIPPED = "built-in"
"""What the folder of those that ship is called in ``{% extends "built-in/page.html" %}``."""

MOST_BYTES = 500_000
MOST_FILES = 50
SECONDS = 10.0
"""Bytes of a template, files in the folder, and seconds until a template's process is ended, on a busy machine too."""


@dataclass(frozen=True, slots=True)
class PageTemplate:
    """A template of this workspace, with all that it may include, by name."""

    name: str
    path: Path
    sources: dict[str, str]


def folder(workspace: Path) -> Path:
    """Where a workspace keeps its templates."""
    return workspace / SHARED / "templates"


def replacing(workspace: Path, name: str) -> PageTemplate | None:
    """The workspace's own template of this name; ``None`` where the one that ships is used.

    Raises :class:`Refused` for a file that can't be read as a template, and the store's errors for a stranger's.
    """
    path = folder(workspace) / name
    if not os.path.lexists(path):
        return None
    beside = sorted(found for ending in ("html", "md") for found in path.parent.glob(f"*.{ending}"))[:MOST_FILES]
    sources = {found.name: _text(found) for found in {path, *beside}}
    shipped = {f"{SHIPPED}/{found.name}": found.read_text(encoding="utf-8") for found in BUILT_IN.iterdir()}
    return PageTemplate(name, path, sources | shipped)


def _text(path: Path) -> str:
    data, _ = read_file(path)
    if len(data) > MOST_BYTES:
        raise Refused([Problem("template", str(path), f"allowed: up to {MOST_BYTES:,} bytes")])
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused([Problem("", str(path), "allowed: UTF-8", line=line)]) from None


def rendered(template: PageTemplate, document: Document, about: About, data: dict[str, Any]) -> Made:
    """A document by a workspace's template; raises :class:`Refused` with the file and line of what is wrong."""
    kind, _, ending = template.name.partition(".")
    fitted = set_on_paper(document, about) if ending == "html" else Fitted(document.blocks(), FLOWING)
    context = {"about": plain_about(about, fitted.size), "blocks": plain_blocks(fitted), kind: data}
    answer = _in_a_process({"name": template.name, "sources": template.sources, "context": context}, template)
    if "text" not in answer:
        at = Path(str(answer["file"]))
        shown = template.path.parent / at if at.parent == Path() else at
        line = f" line {answer['line']}" if answer["line"] else ""
        raise Refused(f"{shown}{line}: {answer['problem']}")
    return Made(str(answer["text"]).encode(errors="replace"))


def _in_a_process(asked: dict[str, Any], template: PageTemplate) -> dict[str, Any]:
    command = [sys.executable, "-P", "-B", "-X", "utf8", "-m", "pmtui.reports.template_process"]
    environ = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter, and a module of ours
            command,
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=SECONDS,
            env=environ,
            cwd="/",
            check=False,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise Refused(f"{template.path}: it was ended after {SECONDS:.0f} seconds") from None
    except ValueError:
        raise Refused(f"{template.path}: it was ended: it computes too long, or takes too much memory") from None
    return answer


def write_out(session: Session, name: str) -> Outcome:
    """Write the template that ships into the workspace, to be changed; one that is there stays."""
    wanted = name if name in NAMES else f"report.{name}"
    if wanted not in NAMES:
        raise Refused([Problem("template", name, f"allowed: {', '.join(NAMES)}")])
    path = folder(session.path) / wanted
    if os.path.lexists(path):
        raise Refused([Problem("template", str(path), "it is there already; delete it to begin anew")])
    session.workspace.share().close()  # the folder is a store; this makes it one where it is not yet
    make_folder(path.parent)
    write_file(path, (BUILT_IN / f"page.{path.suffix[1:]}").read_bytes())
    return Outcome((), f"{path} is written; it is used from now on, and deleting it goes back to the one that ships")


def here(workspace: Path) -> list[str]:
    """The templates that this workspace has of its own."""
    return [name for name in NAMES if os.path.lexists(folder(workspace) / name)]
