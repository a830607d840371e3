"""The Markdown shows what was written, and nothing that was written acts."""

import datetime as dt
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Milestone, Project, Task
from pmtui.reports.blocks import Bullets, Cell, Column, Facts, Foot, Heading, Paragraph, Table, Title
from pmtui.reports.markdown import escape, to_markdown
from pmtui.reports.page import to_lines
from pmtui.reports.status import build

HOSTILE = [
    "<script>alert(1)</script>", "[click](https://evil.example)", "![x](https://evil.example/x.png)",
    "https://evil.example/a?b=c", "www.evil.example", "a | b", "**bold** _it_ `code` ~~gone~~", "# heading",
    "- item", "1. item", "1) item", "> quote", "---", "***", "===", "+ plus", "&lt;b&gt; &amp;", "\\| \\[x](y)", "<https://x.example>",
    "[x]: https://evil.example", "    indented code", "```", "line\nbreak", "@everyone #12", "$x^2$", "mailto:a@b.example",
    "[^1]", "<!-- hidden", "| --- |", "\\",
]  # fmt: skip
hostile = st.sampled_from(HOSTILE) | st.text("<>[]()!|*_`#-+=.:\\/@&~$ \n1aw", max_size=30)


class Page:
    def __init__(self, *blocks):
        self._blocks = blocks

    def blocks(self):
        return self._blocks


def rendered(text):
    return MarkdownIt("gfm-like", {"linkify": True, "html": True}).render(text)


def words(html):
    """What a reader sees: the text without tags."""
    import html as entities

    return " ".join(entities.unescape(re.sub(r"<[^>]*>", " ", html)).split())


ALLOWED = {"h1", "h2", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "hr", "br"}


@settings(max_examples=150, deadline=None)
@given(hostile, hostile, hostile)
def test_no_text_acts_as_markup_link_or_html(one, two, three):
    page = Page(
        Title(one, two),
        Facts(((one, two),)),
        Heading(three),
        Paragraph(one),
        Bullets((two, three)),
        Table(two, (Column("No."), Column("What", flex=True)), ((Cell(one), Cell(three)), (Cell(two), Cell(one)))),
        Foot(three),
    )
    text = to_markdown(page)
    html = rendered(text)
    found = set(re.findall(r"<\s*/?\s*([a-z0-9]+)", html))
    fuzzy = {"a"} if "@" in one + two + three else set()
    assert found <= ALLOWED | fuzzy
    assert '<a href="http' not in html
    assert "<" not in re.sub(r"&lt;", "", text)
    assert html.count("<tr>") == 3


@pytest.mark.parametrize("text", [text for text in HOSTILE if "\n" not in text and text != "    indented code"])
def test_a_text_shows_as_it_was_written(text):
    table = Table("", (Column("A", flex=True), Column("B")), ((Cell(text), Cell("end")),))
    assert words(rendered(to_markdown(Page(table)))) == f"A B {text} end"
    assert words(rendered(to_markdown(Page(Paragraph(text))))) == text
    assert words(rendered(to_markdown(Page(Bullets((text,)))))) == text


def test_plain_words_stay_readable():
    assert escape("Sign off the plan (v1.2), 10:00, 5 % over - at last!") == (
        "Sign off the plan (v1.2), 10:00, 5 % over - at last!"
    )


def test_parts_are_parted_by_one_empty_line_and_the_end_is_one_line_end():
    text = to_markdown(Page(Title("x"), Paragraph("one\n\ntwo"), Bullets(()), Foot("end")))
    assert text == "# x\n\none\\\ntwo\n\n---\n\nend\n"


def test_numbers_are_right_aligned():
    table = Table(
        "Budget", (Column("No.", flex=True), Column("EUR", "right")), ((Cell("B-1"), Cell("-1,000")),), "and 2 more"
    )
    assert to_markdown(Page(table)) == ("## Budget\n\n| No. | EUR |\n| --- | ---: |\n| B-1 | -1,000 |\n\nand 2 more\n")


def test_the_page_says_what_the_markdown_says():
    today = dt.date(2026, 3, 2)
    records = [
        Task(id=1, title="Call the vendor", owner="ben", due=today - dt.timedelta(days=3)),
        Task(id=2, title="Order laptops", owner="ana", due=today + dt.timedelta(days=3)),
        Milestone(id=1, title="Go live", forecast=today + dt.timedelta(days=9), baseline=today),
    ]
    tables = {"project": {1: Project(id=1, code="demo", title="Demo", manager="ana")}}
    for record in records:
        tables.setdefault(record.TYPE.table, {})[record.id] = record
    report = build(ProjectData(tables), today, today, today, words={"summary": "All | is well."})
    page = " ".join("".join(text for text, _ in line) for line in to_lines(report, 100))
    tokens = set(re.findall(r"[\w-]+", words(rendered(to_markdown(report)))))
    headers = {"No", "Task", "Milestone", "Light", "Next"}
    assert tokens - set(re.findall(r"[\w-]+", page)) <= headers
