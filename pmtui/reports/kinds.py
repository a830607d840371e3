"""The kinds of report that are issued: how each is built, thawed, and what is offered to pick from."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import TypeAlias

import msgspec

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Report
from pmtui.domain.records.report import END, EXCEPTION, STATUS
from pmtui.reports.ending import EndReport, build_ending, end_offers
from pmtui.reports.exception import ExceptionReport, build_exception, exception_offers
from pmtui.reports.lessons import lessons
from pmtui.reports.model import StatusReport
from pmtui.reports.offers import MOST, offers

Page: TypeAlias = StatusReport | ExceptionReport | EndReport

_MODELS: dict[str, type[Page]] = {STATUS: StatusReport, EXCEPTION: ExceptionReport, END: EndReport}


def page_of(kind: str, status: StatusReport, data: ProjectData, today: dt.date) -> Page:
    """The page of a kind, from the status report of the same period, with the same words and number."""
    if kind == EXCEPTION:
        return build_exception(data, status, today)
    return build_ending(data, status, today) if kind == END else status


def thaw_page(report: Report) -> Page | None:
    """The page that was frozen; ``None`` where its numbers hold none that can be read."""
    try:
        return msgspec.convert(dict(report.numbers), _MODELS[report.kind])
    except (msgspec.ValidationError, KeyError):
        return None


def offers_of(page: Page, section: str, data: ProjectData, today: dt.date) -> list[str]:
    """Sentences for a section, the most consequential first."""
    if isinstance(page, StatusReport):
        return offers(page, section)
    found: Iterator[str] = lessons(data, today) if section == "lessons" else iter(())
    if section != "lessons":
        found = exception_offers(page, section) if isinstance(page, ExceptionReport) else end_offers(page, section)
    return list(islice(found, MOST))
