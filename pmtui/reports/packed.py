"""Office files made anew with no clock in them: the same document gives the same bytes."""

import datetime as dt
import io
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EARLIEST = 1980
"""The first year that a ZIP file can tell."""


def without_clock(data: bytes, on: dt.date) -> bytes:
    """The same package, each part dated ``on`` in place of the moment it was written."""
    stamp = (max(EARLIEST, on.year), on.month, on.day, 0, 0, 0)
    packed = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as before, ZipFile(packed, "w", ZIP_DEFLATED) as after:
        for part in before.infolist():
            fresh = ZipInfo(part.filename, stamp)
            fresh.compress_type = ZIP_DEFLATED
            fresh.external_attr = 0o600 << 16
            after.writestr(fresh, before.read(part))
    return packed.getvalue()


def moment(on: dt.date) -> dt.datetime:
    """The time of making that a file states: the beginning of the day, in UTC, without saying so."""
    return dt.datetime(on.year, on.month, on.day)  # noqa: DTZ001 - both libraries take it for UTC
