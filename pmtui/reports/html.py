"""A document as one HTML file: its style inside, no script, nothing from outside."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pmtui.reports.formats import About
from pmtui.reports.paper import Fitted
from pmtui.reports.plain_data import plain_about, plain_blocks

if TYPE_CHECKING:
    from jinja2 import Environment

BUILT_IN = Path(__file__).with_name("templates")
"""The templates that ship: each can be replaced in a workspace."""


def to_html(fitted: Fitted, about: About) -> str:
    """The page as it ships."""
    template = _environment().get_template("page.html")
    return template.render(about=plain_about(about, fitted.size), blocks=plain_blocks(fitted))


@cache
def _environment() -> "Environment":
    from jinja2 import FileSystemLoader  # 0.1 s, loaded when a page is made

    from pmtui.reports.sandbox import environment

    return environment("page.html", FileSystemLoader(BUILT_IN))
