"""The demo's calendar: working days and months counted from today."""

import datetime as dt

from pmtui.domain.calendar import WorkingCalendar

FAR = 330
"""Working days that are counted, before and after today: more than any story is long."""


class Days:
    """Days by their distance from ``today`` in working days of a country."""

    def __init__(self, today: dt.date, country: str) -> None:
        self.today = today
        self._calendar = WorkingCalendar(country=country)
        self._after = self._walk(self._calendar.next_working(today), dt.timedelta(days=1))
        self._before = self._walk(today - dt.timedelta(days=1), dt.timedelta(days=-1))

    def day(self, distance: int) -> dt.date:
        """The working day this far away: ``-1`` the last before today, ``0`` today or the next one."""
        return self._after[distance] if distance >= 0 else self._before[-distance - 1]

    def month(self, distance: int) -> dt.date:
        """The first day of the month this far away: ``-1`` is last month."""
        months = self.today.year * 12 + self.today.month - 1 + distance
        return dt.date(months // 12, months % 12 + 1, 1)

    def month_end(self, distance: int) -> dt.date:
        """The last working day of a month."""
        return self._calendar.add_working_days(self.month(distance + 1), -1)

    def from_twentieth(self, distance: int) -> dt.date:
        """The first working day from the twentieth of a month: when bills are paid."""
        return self._calendar.next_working(self.month(distance).replace(day=20))

    def _walk(self, first: dt.date, step: dt.timedelta) -> list[dt.date]:
        found: list[dt.date] = []
        day = first
        while len(found) < FAR:
            if self._calendar.is_working(day):
                found.append(day)
            day += step
        return found
