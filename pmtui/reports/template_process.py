"""The process in which a workspace's template is rendered: it opens no file, and ends where it takes too much.

Reads one JSON object from standard input: ``name``, ``sources`` by name, ``context``. Writes one: ``text``, or
``problem`` with ``file`` and ``line``.
"""

import contextlib
import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from jinja2 import FunctionLoader, TemplateNotFound, TemplateSyntaxError

from pmtui.reports.sandbox import environment

SECONDS = 3
"""Seconds of computing that a template may take."""

MEMORY = 768 * 1024 * 1024
"""Bytes of address space, the interpreter's own included."""

MOST = 5_000_000
"""Characters that a page may have."""


class TooMuch(Exception):
    """The template takes more than it may."""


def main() -> None:
    """Render what standard input asks for."""
    asked = json.load(sys.stdin)
    _limit()
    json.dump(_rendered(asked["name"], asked["sources"], asked["context"]), sys.stdout)


def _limit() -> None:
    def stop(*_: object) -> None:
        raise TooMuch(f"it computes for more than {SECONDS} seconds")

    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + SECONDS
    signal.signal(signal.SIGXCPU, stop)
    limits = [
        (resource.RLIMIT_CPU, (seconds, seconds + 1)),
        (resource.RLIMIT_AS, (MEMORY, MEMORY)),
        (resource.RLIMIT_FSIZE, (0, 0)),
        (resource.RLIMIT_CORE, (0, 0)),
    ]
    for what, most in limits:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, most)
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """No file but Python's own modules, which may be loaded late; no process, no network.

    The sandbox gives a template no way to any of them: this holds where it should have a hole.
    """
    if event == "open":
        path, mode, flags = arguments
        reads = mode in {None, "r", "rb"} and not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if reads and isinstance(path, (str, bytes)) and os.fsdecode(path).startswith(_OWN):
            return
    elif event in _HARMLESS or event.partition(".")[0] not in {"os", "shutil", "subprocess", "socket", "ctypes"}:
        return
    raise PermissionError(f"a template may not do this: {event}")


_OWN = tuple(f"{Path(place).resolve()}/" for place in (*sys.path, sys.prefix, sys.base_prefix) if place)
_HARMLESS = frozenset({"os.listdir", "os.scandir"})


def _rendered(name: str, sources: dict[str, str], context: dict[str, Any]) -> dict[str, Any]:
    def source(wanted: str) -> tuple[str, str, None] | None:
        return (sources[wanted], wanted, None) if wanted in sources else None

    made = environment(name, FunctionLoader(source), tuple(context))
    try:
        text = _collected(made.get_template(name).generate(context))
    except TemplateSyntaxError as error:
        words = error.message or "it can't be read"
        if words.startswith("No filter named"):
            words = f"{words.rstrip('.')}; allowed: {', '.join(sorted(made.filters))}"
        return _problem(error.name or name, error.lineno, words)
    except TemplateNotFound as error:
        words = f"there is no template {error.name!r}; allowed: {', '.join(sorted(sources))}"
        return _problem(*_place(error, sources, name), words)
    except RecursionError as error:
        return _problem(*_place(error, sources, name), "it calls itself without end")
    except MemoryError as error:
        return _problem(*_place(error, sources, name), "it takes too much memory")
    except Exception as error:  # noqa: BLE001 - whatever a template does wrong is told with its place
        return _problem(*_place(error, sources, name), str(error) or type(error).__name__)
    return {"text": text}


def _collected(parts: Any) -> str:
    found: list[str] = []
    size = 0
    for part in parts:
        size += len(part)
        if size > MOST:
            raise TooMuch(f"its page has more than {MOST:,} characters")
        found.append(part)
    return "".join(found)


def _place(error: BaseException, sources: dict[str, str], name: str) -> tuple[str, int]:
    """The template and line that an error came from: the innermost of its calls."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in sources]
    return (frames[-1].filename, frames[-1].lineno or 0) if frames else (name, 0)


def _problem(file: str, line: int, words: str) -> dict[str, Any]:
    return {"problem": words, "file": file, "line": line}


if __name__ == "__main__":
    main()
