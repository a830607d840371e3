"""Every format of one report says the same numbers as the model, on one page; and says them again byte for byte."""

import io
import re
from decimal import Decimal

import pytest
from full_reports import TODAY, full_report, name
from read_back import pdf_pages, read, tags_of

from pmtui.domain.lights import SHAPES, WORDS
from pmtui.reports.blocks import Bullets, Cell, Column, Facts, Figures, Foot, Heading, Paragraph, Table, Title
from pmtui.reports.formats import BY_ENDING, FORMATS, About, make, set_on_paper
from pmtui.reports.markdown import to_markdown
from pmtui.reports.paper import header_cells
from pmtui.reports.words import plain

ABOUT = About("HRIS: status report SR-7", "Status report", "Ana Ferreira", TODAY)
REPORTS = [
    pytest.param({"seed": 1}, id="forty of everything"),
    pytest.param({"seed": 2, "many": 3, "cents": True}, id="three of everything, cents"),
    pytest.param({"seed": 3, "many": 12, "words": 900}, id="many words"),
    pytest.param({"seed": 4, "many": 0, "words": 0}, id="nothing"),
    pytest.param({"seed": 5, "many": 30, "words": 0, "cents": True}, id="thirty milestones"),
]
READ = ("md", "html", "docx", "pptx")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Page:
    def __init__(self, *blocks):
        self._blocks = blocks

    def blocks(self):
        return self._blocks


def written(ending, document, about=ABOUT):
    return make(BY_ENDING[ending], document, about)


def amount(text):
    return Decimal(text.replace(",", ""))


def exact(day):
    far = day.year != TODAY.year and abs((day - TODAY).days) > 182
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if far else "")


@pytest.mark.parametrize("how", REPORTS)
@pytest.mark.parametrize("ending", READ)
def test_money_and_lights_read_back_are_those_of_the_model(how, ending):
    report = full_report(**how)
    found = read(ending, written(ending, report).data)
    money = report.money
    assert {label: amount(text) for label, text in found.figures.items()} == {
        "Budget": money.budget, "Committed": money.committed, "Actual": money.actual, f"EAC {money.eac_method}".strip(): money.eac,
        "Variance": money.variance, "Contingency left": money.contingency_left,
    }  # fmt: skip
    assert found.lights == {light.name: f"{SHAPES[light.colour]} {WORDS[light.colour]}" for light in report.lights}


@pytest.mark.parametrize("how", REPORTS)
@pytest.mark.parametrize("ending", READ)
def test_rows_shown_and_counted_are_all_there_are_and_say_the_models_dates(how, ending):
    report = full_report(**how)
    found = read(ending, written(ending, report).data)
    sections = {"Milestones": report.milestones, "Risks": report.risks}
    if ending != "pptx":
        sections |= {"Late": report.late, "Issues": report.issues, "Changes": report.changes}
        sections |= {"Done in the period": report.done, "Decisions taken in the period": report.decided}
    for title, listing in sections.items():
        rows = found.tables.get(title, [])
        assert len(rows) + found.left.get(title, 0) == listing.total
        known = {row.number: row for row in listing.rows}
        for number, text, *_ in rows:
            assert known[number].title == text
    for number, _, baseline, forecast, reached, days in found.tables.get("Milestones", ()):
        row = next(m for m in report.milestones.rows if m.number == number)
        assert (baseline, forecast, reached) == (exact(row.baseline), exact(row.forecast), "–")
        assert int(days or 0) == row.days
    for number, _, since, late, _ in ([r[0], r[1], *r[3:]] for r in found.tables.get("Late", ())):
        row = next(t for t in report.late.rows if t.number == number)
        assert (since, int(late.split()[0])) == (exact(row.due), row.days)
    for number, _, _, cost, days, _ in found.tables.get("Changes", ()):
        row = next(c for c in report.changes.rows if c.number == number)
        assert (amount(cost), int(days)) == (row.cost, row.days)


@pytest.mark.parametrize("how", REPORTS)
def test_html_word_and_pdf_show_the_same_rows(how):
    report = full_report(**how)
    html, word = (read(ending, written(ending, report).data) for ending in ("html", "docx"))
    assert (html.tables, html.left) == (word.tables, word.left)
    (page,) = pdf_pages(written("pdf", report).data)
    blocks = set_on_paper(report, ABOUT).blocks
    assert page in {said_by(blocks), said_by(blocks, beside=True)}


def said_by(blocks, *, beside=False):
    """All that a page says, in the order it is drawn, without blanks; what stands beside its name is drawn first."""
    said = []
    for block in blocks:
        match block:
            case Title():
                said += [block.aside, block.text] if beside else [block.text, block.aside]
            case Facts():
                said.append(" · ".join(f"{label} {value}" for label, value in block.items))
            case Heading() | Paragraph() | Foot():
                said.append(block.text)
            case Bullets():
                said += [f"•{item}" for item in block.items]
            case Figures():
                said += [block.title, *(label for label, _ in block.items), *(cell.text for _, cell in block.items)]
            case Table():
                said += [text for text, _ in header_cells(block)]
                said += [cell.text for row in block.rows for cell in row]
                said.append(block.more)
    return "".join("".join(map(plain, said)).split())


@pytest.mark.parametrize("ending", ["docx", "html"])
def test_the_words_of_the_manager_are_all_there(ending):
    report = full_report(3, many=12, words=900)
    said = "\n".join(read(ending, written(ending, report).data).words)
    for line in "\n".join(report.words.values()).splitlines():
        assert line.removeprefix("- ") in said


@pytest.mark.parametrize("how", REPORTS)
def test_the_pdf_is_one_page_and_says_nothing_of_fonts(how):
    made = written("pdf", full_report(**how))
    assert len(pdf_pages(made.data)) == 1
    assert made.said == ()


def test_no_text_of_a_pdf_leaves_the_page_or_its_cell():
    import pypdf

    page = pypdf.PdfReader(io.BytesIO(written("pdf", full_report(1)).data)).pages[0]
    places = []
    page.extract_text(visitor_text=lambda text, _, matrix, *__: places.append((matrix[4], matrix[5], text)))
    written_there = [(x, y) for x, y, text in places if text.strip()]
    assert written_there
    assert all(40 <= x <= 555 and 36 <= y <= 842 - 36 for x, y in written_there)


def test_words_longer_than_a_page_are_all_shown_on_several_and_that_is_said():
    report = full_report(1, words=9000)
    made = written("pdf", report)
    pages = pdf_pages(made.data)
    assert len(pages) > 1
    assert made.said == (f"it takes {len(pages)} pages: one has no room for all its words",)
    assert "".join(report.words["summary"].replace("- ", "•").split()) in "".join(pages)
    assert "takes" in written("docx", report).said[0]


def test_a_slide_is_one_and_each_shape_lies_on_it():
    import pptx

    for how in (
        {"seed": 1},
        {"seed": 1, "words": 9000},
        {"seed": 1, "length": 400},
        {"seed": 4, "many": 0, "words": 0},
    ):
        deck = pptx.Presentation(io.BytesIO(written("pptx", full_report(**how)).data))
        (slide,) = deck.slides
        assert (deck.slide_width / deck.slide_height) == pytest.approx(16 / 9, abs=0.001)
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= deck.slide_width + 1
            assert shape.top >= 0 and shape.top + shape.height <= deck.slide_height


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.ending)
def test_the_same_document_gives_the_same_bytes(form):
    report = full_report(2, many=3)
    assert make(form, report, ABOUT).data == make(form, report, ABOUT).data


def test_files_say_whose_they_are_and_of_which_day():
    import docx
    import pptx
    import pypdf

    report = full_report(2, many=3)
    for told in (
        docx.Document(io.BytesIO(written("docx", report).data)).core_properties,
        pptx.Presentation(io.BytesIO(written("pptx", report).data)).core_properties,
    ):
        assert (told.title, told.author, told.created.date()) == (ABOUT.title, ABOUT.author, TODAY)
        assert told.modified == told.created
    info = pypdf.PdfReader(io.BytesIO(written("pdf", report).data)).metadata
    assert (info.title, info.author, info.creation_date.date()) == (ABOUT.title, ABOUT.author, TODAY)
    page = written("html", report).data.decode()
    assert '<html lang="en">' in page
    assert f'<meta name="date" content="{TODAY.isoformat()}">' in page


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><b>",
    "{{ 7*7 }}{% raw %}",
    "&lt;b&gt;",
    "=1+1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_in_html_no_text_acts(text):
    page = Page(
        Title(text, text), Facts(((text, text),)), Heading(text), Paragraph(text, text), Bullets((text,)),
        Figures(text, ((text, Cell(text, text)),)),
        Table(text, (Column(text), Column(text, flex=True)), ((Cell(text, text), Cell(text)),), text), Foot(text),
    )  # fmt: skip
    about = About(text, text, text, TODAY, language='e"n')
    found = tags_of(written("html", page, about).data.decode())
    assert not {"script", "img", "b", "link", "iframe"} & found.tags
    assert not {name for _, name, _ in found.attributes} & {"src", "href", "onerror", "srcset"}
    assert text in found.found.tables


def test_html_is_whole_in_itself():
    page = written("html", full_report(2, many=3)).data.decode()
    assert not re.search(r"https?:|url\(|@import|<script|<link", page)
    assert "default-src 'none'" in page


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("ending", ["docx", "pptx", "pdf"])
def test_office_files_show_a_text_as_it_was_written(ending, text):
    page = Page(Title("x"), Table("Risks", (Column("No."), Column("Risk", flex=True)), ((Cell("R-1"), Cell(text)),)))
    data = written(ending, page).data
    if ending == "pdf":
        assert "".join(text.split()) in pdf_pages(data)[0]
    else:
        assert read(ending, data).tables["Risks"] == [["R-1", text]]


def test_minutes_flow_over_pages_with_their_numbers():
    topics = [
        part for n in range(60) for part in (Heading(f"Topic {n}"), Paragraph(name_of(n)), Bullets((name_of(n),)))
    ]
    page = Page(Title("Weekly", "Minutes 3"), *topics, Foot("Next meeting: not set."))
    about = About("Weekly: minutes 3", "Minutes", "ana", TODAY, one_page=False)
    pages = pdf_pages(written("pdf", page, about).data)
    assert len(pages) > 1
    assert written("pdf", page, about).said == ()
    assert all(f"{at}of{len(pages)}" in text for at, text in enumerate(pages, 1))
    assert read("docx", written("docx", page, about).data).words[-1] == "Next meeting: not set."


def name_of(n):
    import random

    return name(random.Random(n), 300)


def test_characters_that_no_font_has_are_said_and_stand_as_boxes(monkeypatch):
    monkeypatch.setattr("pmtui.reports.system_fonts.folders", lambda: ())
    made = written("pdf", Page(Title("給与 payroll")))
    assert made.said[0].startswith("no font here has 与 給:")
    assert "□□payroll" in pdf_pages(made.data)[0]


def test_greek_and_cyrillic_need_no_font_of_the_machine(monkeypatch):
    monkeypatch.setattr("pmtui.reports.system_fonts.folders", lambda: ())
    made = written("pdf", Page(Title("Ωμέγα Привет Łódź Tiếng Việt ●▲▼ ↑↓ – ×")))
    assert made.said == ()
    assert "ΩμέγαПриветŁódźTiếngViệt●▲▼↑↓–×" in pdf_pages(made.data)[0]


def test_a_format_whose_library_is_missing_names_what_brings_it(monkeypatch):
    monkeypatch.setattr("pmtui.reports.formats.find_spec", lambda name: None)
    assert {form.ending: form.why_not() for form in FORMATS} == {
        "md": "", "html": "", "docx": "it needs pip install 'pmtui[word]'", "pdf": "it needs pip install 'pmtui[pdf]'",
        "pptx": "it needs pip install 'pmtui[slides]'",
    }  # fmt: skip


def test_markdown_is_the_page_unshortened():
    report = full_report(1)
    assert written("md", report).data.decode() == to_markdown(report)
