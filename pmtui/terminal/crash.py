"""What is kept of an error that nobody foresaw: where it happened, and nothing of what anybody wrote."""

import os
import platform
import traceback
from pathlib import Path


def crash_text(error: BaseException) -> str:
    """Versions and the traceback, without values of variables; the message only of errors that name no data."""
    from importlib.metadata import version  # it takes a twentieth of the start

    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"pmtui {version('pmtui')}, Textual {version('textual')}, Python {platform.python_version()}"]
    lines += [f"{platform.system()} {platform.machine()}, TERM={os.environ.get('TERM', '')}", ""]
    lines += [f"{frame.filename}:{frame.lineno} in {frame.name}\n    {frame.line}" for frame in frames]
    return "\n".join([*lines, type(error).__name__, ""])


def keep_crash(error: BaseException, folder: Path, moment: str) -> Path | None:
    """Write the crash file, readable by its owner alone; ``None`` where even that fails."""
    path = folder / f"crash-{moment}.txt"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(crash_text(error))
    except OSError:
        return None
    return path
