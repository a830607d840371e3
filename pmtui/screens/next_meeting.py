"""When the next meeting of a series is, where the series does not say so itself."""

import datetime as dt
from collections.abc import Callable, Sequence

from pmtui.domain.dates import DateError, read_moment, say_date
from pmtui.domain.records import Meeting
from pmtui.domain.series import after, likely_start, next_start
from pmtui.screens.prompts import LineScreen
from pmtui.screens.view import ViewScreen
from pmtui.widgets.cells import Cell


def ask_when(view: ViewScreen, meeting: Meeting, then: Callable[[dt.datetime | None], None]) -> None:
    """Go on at once where the next one is planned, or its series repeats; else ask, with the likeliest time given."""
    data, today = view.project.data, view.project.today
    if after(data, meeting) is not None or next_start(data, meeting, today) is not None:
        then(None)
        return
    likely = likely_start(data, meeting, today)

    def read(text: str) -> tuple[dt.datetime | None, str]:
        try:
            start = read_moment(text, today)
        except DateError as wrong:
            return None, str(wrong)
        if start.date() < today:
            return None, "it is to come: a day from today on"
        return start, ""

    def reader(text: str) -> Sequence[Cell]:
        start, wrong = read(text)
        return [(wrong, "bad") if start is None else (f"{say_date(start.date(), today)} {start:%H:%M}", "")]

    def take(text: str | None) -> None:
        if text is not None:
            then(read(text)[0])

    label = f"The next {meeting.title}, when?"
    value = f"{likely:%Y-%m-%d %H:%M}"
    view.app.push_screen(LineScreen(label, value=value, reader=reader, check=lambda text: read(text)[1]), take)
