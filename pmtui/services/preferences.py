"""The user's settings: a small TOML file of their own, read at the start and never needed."""

import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from pmtui.domain.problems import Problem, Refused

CHOICES = {
    "view": ("today", "board", "risks", "costs", "meetings", "report"),
    "theme": ("dark", "light", "ansi"),
    "borders": ("ascii", "unicode"),
}
"""Settings that are one of some words."""

NAMES = ("workspace", "mail", *CHOICES)
"""Settings outside of a table."""

MOST_BYTES = 1 << 20
"""A longer file is no settings."""

_NO_SUCH = f"there is no such setting; allowed: {', '.join(NAMES)}, and keys of actions under [keys]"


class Preferences(msgspec.Struct, frozen=True):
    """What the settings say, as far as it can be used; ``problems`` is what can't.

    ``workspace`` is where to work unless told otherwise; ``view`` (the one to begin with), ``theme`` and ``borders``
    are empty where nothing is said; ``mail`` is the command that takes a letter, in its parts; ``keys`` are the user's
    by action.
    """

    path: Path | None = None
    workspace: Path | None = None
    view: str = ""
    theme: str = ""
    borders: str = ""
    mail: tuple[str, ...] = ()
    keys: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What is wrong, with the file and line: a sentence each."""
        if self.path is None:
            return ()
        file = short_path(self.path)
        return tuple(f"{file}{'' if str(problem).startswith(':') else ' '}{problem}" for problem in self.problems)

    @property
    def in_short(self) -> str:
        """The first thing wrong, and how many more there are; empty where nothing is."""
        words = self.words
        return f"{words[0]} (and {len(words) - 1} more: pmtui config check)" if len(words) > 1 else "".join(words)

    @property
    def on_screen(self) -> str:
        """The same for a line that may be cut: the file comes last, however long its name."""
        if self.path is None or not self.problems:
            return ""
        first = str(self.problems[0])
        more = f" (and {len(self.problems) - 1} more: pmtui config check)" if len(self.problems) > 1 else ""
        return f"settings{'' if first.startswith(':') else ', '}{first}{more}; in {short_path(self.path)}"

    @property
    def no_workspace(self) -> str:
        """Why it can't be told where to work, though the settings may say it; empty where it can."""
        if self.workspace is not None:
            return ""
        about = zip(self.words, self.problems, strict=True)
        return next((words for words, problem in about if problem.field in {"", "workspace"}), "")


def settings_file() -> Path:
    """``$XDG_CONFIG_HOME/pmtui/config.toml``, whether it is there or not."""
    config = os.environ.get("XDG_CONFIG_HOME")
    return (Path(config) if config else Path.home() / ".config") / "pmtui" / "config.toml"


def short_path(path: Path) -> str:
    """A path as people write it: ``~`` is their home."""
    text, home = str(path), str(Path.home())
    return f"~{text[len(home) :]}" if text.startswith(f"{home}/") else text


def preferences(path: Path | None = None) -> Preferences:
    """The user's settings as they are in the file now; all as usual where there is none."""
    path = path or settings_file()
    try:
        text = _read(path)
    except FileNotFoundError:
        return Preferences(path)
    except _Unreadable as error:
        return Preferences(path, problems=(error.problem,))
    return understood(path, text)


def understood(path: Path, text: str) -> Preferences:
    """What a text in the file would say."""
    import shlex

    from pmtui.domain.toml_lines import read_lines  # only where there is a file
    from pmtui.services.own_keys import Wanted, own_keys

    said, wrong = read_lines(text)
    problems = [Problem(bad.name.replace("keys.", "keys ", 1), "", bad.why, line=bad.line) for bad in wrong]
    found: dict[str, str] = {}
    wanted: list[Wanted] = []
    for one in said:
        if one.path == ("keys",) and not isinstance(one.value, Mapping):
            allowed = "allowed: a table, [keys] on a line of its own and an action with its keys on each below"
            problems.append(Problem("keys", str(one.value), allowed, line=one.line))
        elif one.path[0] == "keys":
            wanted += [Wanted(name, value, one.line) for name, value in _flat(one.path[1:], one.value)]
        elif len(one.path) > 1 or one.path[0] not in NAMES:
            problems.append(Problem(".".join(one.path), "", _NO_SUCH, line=one.line))
        else:
            value, why = _checked(one.path[0], one.value)
            found |= {one.path[0]: value}
            problems += [Problem(one.path[0], str(one.value), why, line=one.line)] if why else []
    keys, unfit = own_keys(wanted)
    problems = sorted([*problems, *unfit], key=lambda problem: problem.line or 0)
    workspace = Path(found["workspace"]) if found.get("workspace") else None
    words = {name: found.get(name, "") for name in CHOICES}
    mail = tuple(shlex.split(found.get("mail", "")))
    return Preferences(path, workspace, mail=mail, keys=keys, problems=tuple(problems), **words)


def set_preference(name: str, values: Sequence[str], path: Path | None = None) -> Path:
    """Write one setting, or an action's keys (``keys.record.done``); all else in the file stays as it is.

    Raises :class:`Refused` where the value can't be, or would take a key from another action.
    """
    from pmtui.services.settings_text import with_value

    path = path or settings_file()
    where = _place(name)
    if where[0] != "keys" and len(values) != 1:
        raise Refused([Problem(name, " ".join(values), "allowed: one value")])
    before = _text_to_change(path)
    after = with_value(before, where, list(values) if where[0] == "keys" else values[0])
    _refuse_worse(path, before, after, where)
    _write(path, after)
    return path


def unset_preference(name: str, path: Path | None = None) -> bool:
    """Take a setting out of the file, so that it is as usual again; whether it was there."""
    from pmtui.services.settings_text import without

    path = path or settings_file()
    before = _text_to_change(path)
    after = without(before, _place(name))
    if after != before:
        _refuse_worse(path, before, after, ())
        _write(path, after)
    return after != before


# Reading -------------------------------------------------------------------------


class _Unreadable(Exception):
    def __init__(self, why: str, line: int | None = None) -> None:
        self.problem = Problem("", "", why, line=line)
        super().__init__(why)


def _read(path: Path) -> str:
    """The file's text; raises ``FileNotFoundError`` where there is none, :class:`_Unreadable` where it is no text."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _Unreadable("is no file; allowed: a text file in TOML")
        if found.st_size > MOST_BYTES:
            raise _Unreadable(f"is too long; allowed: up to {MOST_BYTES >> 20} MB")
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(str(path)) from None
    except OSError as error:
        raise _Unreadable(f"can't be read: {error.strerror or error}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _Unreadable("is not UTF-8; allowed: a text file in TOML", line) from error


def _checked(name: str, value: object) -> tuple[str, str]:
    """A setting's value, or why it can't be used."""
    if name in CHOICES:
        word = value.strip().lower() if isinstance(value, str) else ""
        return (word, "") if word in CHOICES[name] else ("", f"allowed: {', '.join(CHOICES[name])}")
    if name == "mail":
        return _command(value)
    allowed = "allowed: the whole path of a folder, such as ~/projects or /srv/projects"
    if not isinstance(value, str) or not value.startswith(("/", "~")) or "\0" in value:
        return "", allowed
    try:
        path = Path(value).expanduser()
    except RuntimeError:
        return "", allowed
    return ("", f"is no folder; {allowed}") if path.exists() and not path.is_dir() else (str(path), "")


def _command(value: object) -> tuple[str, str]:
    """A command and what follows it, as a shell reads it; no shell is started."""
    import shlex

    try:
        if isinstance(value, str) and value.isprintable() and shlex.split(value):
            return value, ""
    except ValueError:
        pass
    return "", "allowed: a command that takes a letter on its standard input, such as: msmtp -t"


def _flat(path: Sequence[str], value: object) -> Iterator[tuple[str, object]]:
    """An action's id with what is said of it, also where it is written without quotes or in one line."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat((*path, str(name)), inner)
    else:
        yield ".".join(path), value


# Writing -------------------------------------------------------------------------


def _place(name: str) -> tuple[str, ...]:
    """Where a setting stands in the file: ``theme``, or an action's keys by its id."""
    from pmtui.keymap import BY_ID

    action = name.removeprefix("keys.")
    if name in NAMES:
        return (name,)
    if name.startswith("keys.") or action in BY_ID:
        return ("keys", action)
    from pmtui.services.own_keys import no_action

    raise Refused([Problem(name, "", no_action(name) if "." in name else _NO_SUCH)])


def _text_to_change(path: Path) -> str:
    try:
        return _read(path)
    except FileNotFoundError:
        return ""
    except _Unreadable as error:
        raise Refused(f"{short_path(path)} {error.problem}") from error


def _refuse_worse(path: Path, before: str, after: str, where: Sequence[str]) -> None:
    """Nothing is written that would bring a problem in, or that does not say what was asked."""
    from pmtui.domain.toml_lines import read_lines

    known = {_kind(problem) for problem in understood(path, before).problems}
    for problem in understood(path, after).problems:
        if _kind(problem) not in known:
            raise Refused([Problem(problem.field, problem.value, problem.allowed)])
    if where and not any(".".join(one.path) == ".".join(where) for one in read_lines(after)[0]):
        raise Refused(f"{short_path(path)}: {'.'.join(where)} can't be written where it stands; change it by hand")


def _kind(problem: Problem) -> tuple[str, str, str]:
    """What a problem is, wherever its lines stand now."""
    return problem.field, problem.value, re.sub(r"\d+", "", problem.allowed)


def _write(path: Path, text: str) -> None:
    """Put the file in place whole, also where it is a link; its mode stays."""
    import tempfile  # every command reads the settings, and this one alone writes them

    real = Path(os.path.realpath(path))
    real.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".config-", dir=real.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(stat.S_IMODE(real.stat().st_mode) if real.exists() else 0o600)
        temporary.replace(real)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
