"""The formats that a document can be written in, and what each needs that may not be installed."""

import datetime as dt
from importlib.util import find_spec

import msgspec

from pmtui.reports.blocks import Document
from pmtui.reports.paper import Fitted, fit, flow


class About(msgspec.Struct, frozen=True):
    """What a file says of itself; ``on`` is the day whose numbers it shows, and stands for its time of making.

    ``one_page`` leaves rows out, and counts them, so that it stays one page.
    """

    title: str
    subject: str
    author: str
    on: dt.date
    one_page: bool = True
    language: str = "en"


class Made(msgspec.Struct, frozen=True):
    """A file's bytes, and what is to be said of them."""

    data: bytes
    said: tuple[str, ...] = ()


class Format(msgspec.Struct, frozen=True):
    """A format: the key that asks for it, its name, the ending of its files.

    ``needs`` are the modules it is made with, ``extra`` the part of pmtui that brings them.
    """

    key: str
    name: str
    ending: str
    about: str
    needs: tuple[str, ...] = ()
    extra: str = ""
    text: bool = False

    def why_not(self) -> str:
        """Why it can't be made here, and what would help; empty where it can. Imports nothing."""
        missing = [name for name in self.needs if find_spec(name) is None]
        return f"it needs pip install 'pmtui[{self.extra}]'" if missing else ""


FORMATS = (
    Format("m", "Markdown", "md", "text, for a wiki or a letter", text=True),
    Format("h", "HTML", "html", "one file for mail and browser, prints on one page", text=True),
    Format("w", "Word", "docx", "to be edited", ("docx",), "word"),
    Format("p", "PDF", "pdf", "to be sent and printed", ("fpdf", "uharfbuzz"), "pdf"),
    Format("s", "slide", "pptx", "one slide for a committee", ("pptx",), "slides"),
)
"""In the order they are offered; the key is the first letter of the name."""

BY_ENDING = {form.ending: form for form in FORMATS}


def for_minutes() -> tuple[Format, ...]:
    """Those that minutes are written in: a slide shows a project's state, which they don't tell."""
    return tuple(form for form in FORMATS if form.ending != "pptx")


def make(form: Format, document: Document, about: About) -> Made:
    """The document in a format; what it is made with is imported now."""
    blocks = document.blocks()
    match form.ending:
        case "md":
            from pmtui.reports.markdown import to_markdown

            return Made(to_markdown(document).encode())
        case "html":
            from pmtui.reports.html import to_html

            fitted = set_on_paper(document, about)
            return Made(to_html(fitted, about).encode(), _long(fitted, about))
        case "docx":
            from pmtui.reports.word import to_word

            fitted = set_on_paper(document, about)
            return Made(to_word(fitted, about), _long(fitted, about))
        case "pdf":
            from pmtui.reports.pdf import to_pdf

            return to_pdf(set_on_paper(document, about), about)
        case _:
            from pmtui.reports.slide import to_slide

            return Made(to_slide(blocks, about))


def set_on_paper(document: Document, about: About) -> Fitted:
    """The document fitted on one page, or flowing over as many as it takes."""
    return fit(document.blocks()) if about.one_page else flow(document.blocks())


def _long(fitted: Fitted, about: About) -> tuple[str, ...]:
    return (said_of_pages(fitted.pages),) if about.one_page and fitted.pages > 1 else ()


def said_of_pages(pages: int) -> str:
    """What is said of a document that should be one page and can't be."""
    return f"it takes {pages} pages: one has no room for all its words"
