"""A file from anywhere: read with care, recognised by what it holds, refused in words for what it is."""

import os
import re
import stat
from pathlib import Path

from pmtui.domain.problems import Refused
from pmtui.domain.text import clean
from pmtui.exchange.csv_in import read_csv
from pmtui.exchange.ics_in import is_ics, read_ics
from pmtui.exchange.mspdi import read_mspdi
from pmtui.exchange.rows import FileContent, ReadAs

SIZE_LIMIT = 50_000_000
"""Bytes of a file that is read."""

_READ = "import reads CSV, Microsoft Project XML and iCalendar"
_BENCHMARKS = {".sm", ".mm", ".rcp", ".sch", ".msrcp", ".rcpsp"}


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises :class:`Refused` for what is no file, can't be read, or is too large.

    A pipe or a device is not waited for.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except FileNotFoundError:
        raise Refused(f"{_shown(path)}: there is no such file") from None
    except OSError as error:
        raise Refused(f"{_shown(path)} can't be read: {error.strerror}") from None
    try:
        found = os.fstat(handle)
        if stat.S_ISDIR(found.st_mode):
            raise Refused(f"{_shown(path)} is a folder; name a file in it")
        if not stat.S_ISREG(found.st_mode):
            raise Refused(f"{_shown(path)} is a pipe or a device, not a file")
        if found.st_size > SIZE_LIMIT:
            raise Refused(_too_large(_shown(path), found.st_size))
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise Refused(f"{_shown(path)} can't be read: {error.strerror}") from None
    finally:
        os.close(handle)


def read_content(data: bytes, source: str, read_as: ReadAs = ReadAs()) -> FileContent:  # noqa: B008 - frozen
    """What a file says; ``source`` is its name. Raises :class:`Refused` with the reason where it is not read."""
    source = clean(Path(source).name) or "file"
    if len(data) > SIZE_LIMIT:
        raise Refused(_too_large(source, len(data)))
    why = why_no_text(data, source)
    if why:
        raise Refused(f"{source}: {why}")
    try:
        if is_ics(data):
            return read_ics(data, source, read_as.zone, read_as.today)
        if _is_xml(data):
            return read_mspdi(data, source)
        return read_csv(data, source, read_as)
    except Refused as refused:
        if refused.problems:
            raise
        said = str(refused)
        raise Refused(said if said.startswith(source) else f"{source}: {said}") from None


def _shown(path: Path) -> str:
    return clean(str(path))


def _too_large(name: str, size: int) -> str:
    return f"{name} is too large: {size // 1_000_000} MB; allowed: {SIZE_LIMIT // 1_000_000} MB"


def _is_xml(data: bytes) -> bool:
    head = data[:200].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"<")


def why_no_text(data: bytes, source: str) -> str:
    """Why the file is neither CSV nor XML; empty where it may be."""
    ending = Path(source).suffix.lower()
    head = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    reasons = (
        (not data.strip(), "it is empty"),
        (data[:4] == b"PK\x03\x04", _packed(data, ending)),
        (data[:4] == b"\xd0\xcf\x11\xe0", "an older Excel workbook or a .mpp; save it as CSV, or the plan as XML"),
        (data[:5] == b"%PDF-", f"this is a PDF; {_READ}"),
        (bool(re.match(rb'[\[{]\s*["\[{\]}\d]', head)) or ending == ".json", f"this is JSON; {_READ}"),
        (ending in _BENCHMARKS, "a scheduling benchmark (PSPLIB, Patterson): durations without titles or dates"),
        (bool(re.match(rb"\s*\d+\s+\d+[\s\d]*$", data[:4000])), "numbers alone, without headings; " + _READ),
    )
    return next((why for found, why in reasons if found), "")


def _packed(data: bytes, ending: str) -> str:
    if b"xl/" in data[:8000] or ending.startswith(".xls"):
        return "this is an Excel workbook; save the sheet as CSV (UTF-8) and import that"
    if b"opendocument.spreadsheet" in data[:200] or ending == ".ods":
        return "this is an OpenDocument spreadsheet; save the sheet as CSV (UTF-8) and import that"
    return f"this is a packed (zip) file; {_READ}"
