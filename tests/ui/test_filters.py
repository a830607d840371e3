"""Filters on the screen: pointed at while typed, saved by name, told while on; and the jump to any record."""

import re
from decimal import Decimal

import pytest
from factories import add, app_over, day, new_project, press, screen_text, session, until
from rich.cells import cell_len
from textual.widgets import Input

from pmtui.domain.filters import FilterError
from pmtui.domain.records import BudgetLine, CostEntry, Meeting, Milestone, Risk, SavedFilter, Task
from pmtui.screens.filter_line import FilterLine, caret_line
from pmtui.screens.prompts import PickerScreen
from pmtui.screens.saved_filters import SavedFiltersScreen
from pmtui.services.saved_filters import delete_filter, save_filter, saved_filters
from pmtui.services.shared import open_shared, shared
from pmtui.widgets.document_view import DocumentView

SIZE = (80, 24)


@pytest.fixture
def path(tmp_path):
    ws = tmp_path / "ws"
    new_project(
        ws,
        Task(title="Migrate payroll data", owner="ana", due=day(-3), tags=("cutover",)),
        Task(title="Interface", owner="ben", due=day(2)),
        Task(title="Order racks", status="backlog"),
        Task(title="Old idea", status="cancelled", cancelled_reason="no money"),
        Risk(title="Vendor is late", owner="ben", review_date=day(3), probability=3, impact=4),
        Milestone(title="UAT start", forecast=day(30), baseline=day(30)),
    ).close()
    return ws


def row(app, start):
    """The screen's line that begins so, and where it is."""
    lines = screen_text(app).splitlines()
    at = next(at for at, line in enumerate(lines) if line.lstrip().startswith(start))
    return at, lines[at]


def pointed_at(app):
    """The text above the carets, by cells."""
    at, carets = row(app, "^")
    above = screen_text(app).splitlines()[at - 1]
    first, last = len(carets) - len(carets.lstrip()), cell_len(carets)
    text, column = "", 0
    for letter in above:
        text += letter if first <= column < last else ""
        column += cell_len(letter)
    return text


@pytest.mark.parametrize("before", ["", "late ", "日本語 ", "e\u0301 ", "x" * 90 + " 日本 "])
async def test_carets_stand_under_the_word_that_can_not_be_read(path, before):
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "slash")
        app.screen.query_one(Input).value = f"{before}ownr:ana"
        await press(pilot, "left", "end")
        await until(pilot, lambda: "^" in screen_text(app))
        await pilot.pause()
        assert pointed_at(app) == "ownr:ana"
        assert "no record has a field ownr; is it owner?" in screen_text(app)
        line = app.screen.query_one(Input)
        marked = [str(span.style) for span in line._value.spans]
        assert any("underline" in style for style in marked)


@pytest.mark.parametrize(
    ("scrolled", "line"),
    [(0, "    ^^^"), (1, "   ^^^"), (4, "  ^"), (9, "  ‹")],
)
def test_a_word_partly_out_of_sight_is_pointed_at_as_far_as_it_is_seen(scrolled, line):
    (spans,) = caret_line(FilterError("a bcd", 2, 5, "no"), 2, scrolled, 40)
    assert "".join(text for text, _ in spans) == line


def test_a_word_beyond_the_right_edge_is_pointed_at_from_it():
    (spans,) = caret_line(FilterError("a" * 30 + " b:c", 31, 34, "no"), 2, 0, 20)
    assert "".join(text for text, _ in spans) == " " * 21 + "›"


async def test_the_carets_follow_a_line_that_is_scrolled_without_being_changed(path):
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "slash")
        app.screen.query_one(Input).value = "x" * 90 + " 日本 ownr:ana"
        await press(pilot, "left", "end")
        await until(pilot, lambda: "^" in screen_text(app))
        await press(pilot, "home")
        await until(pilot, lambda: "›" in screen_text(app))
        await press(pilot, "left", "end")
        await until(pilot, lambda: "^" in screen_text(app))
        assert pointed_at(app) == "ownr:ana"


async def test_the_last_good_result_stays_and_enter_keeps_the_line_to_be_mended(path):
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "slash", '"@ana due<', "enter")
        assert isinstance(app.screen, FilterLine)
        assert app.screen.query_one(Input).value == "@ana due<"
        assert "due< needs a value" in screen_text(app)
        assert "still 0 of 3 shown by /@ana due" in screen_text(app)
        await press(pilot, '"fri', "enter")
        assert "/@ana due<fri   1 of 3 shown   Esc clears it" in screen_text(app)
        await press(pilot, "slash", '" or x', "escape")
        assert "/@ana due<fri   1 of 3 shown" in screen_text(app)


async def test_a_filter_without_a_match_says_how_to_go_on(path):
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "slash", '"zebra', "enter")
        assert "Nothing fits /zebra" in screen_text(app)
        assert "Esc clears the filter, / changes it" in screen_text(app)
        assert "0 of 3 shown" in screen_text(app)
        await press(pilot, "escape")
        assert "Migrate" in screen_text(app) and "shown" not in screen_text(app)


async def test_every_list_tells_how_many_of_how_many(path):
    project = new_project(path, code="second")
    project.close()
    app = app_over(path)
    hris = app.desk.projects["hris"]
    add(hris, Meeting(title="Steering", start=session(path).now().replace(tzinfo=None)))
    with hris.change("seed") as change:
        line = change.add(BudgetLine(category="travel", planned=Decimal(9)))
        change.add(CostEntry(date=day(-1), budget_line=line.number, net=Decimal(5)))
    async with app.run_test(size=SIZE) as pilot:
        for key, text, words in (
            ("1", "payroll", "1 of 4 shown"),
            ("2", "payroll", "1 of 3 shown"),
            ("3", "payroll", "0 of 1 shown"),
            ("4", "net>1", "1 of 1 shown"),
            ("5", "zzz", "0 of 1 shown"),
        ):
            await press(pilot, key, "slash", f'"{text}', "enter")
            assert words in screen_text(app), key
            await press(pilot, "escape")
        await press(pilot, "1", "P", "slash", '"UAT', "enter")
        assert re.search(r"1 of \d\d shown", screen_text(app))


async def test_a_filter_stays_told_when_something_else_is_said(path):
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "slash", '"late', "enter", "d", "d")
        await until(pilot, lambda: "0 of 3 shown" in screen_text(app))
        assert "✓" in screen_text(app)


async def test_a_filter_is_saved_used_renamed_deleted_and_brought_back(path):
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "slash", '"@ana late', "down")
        assert isinstance(app.screen, SavedFiltersScreen)
        assert "No filter is saved in this workspace yet." in screen_text(app)
        await press(pilot, "a", '"late ana')
        assert "written in a filter as =late-ana" in screen_text(app)
        await press(pilot, "enter")
        assert "=late-ana" in screen_text(app)
        assert "✓ late-ana saved: @ana late" in screen_text(app)
        await press(pilot, "e", *["backspace"] * 8, '"slipping', "enter")
        assert "✓ late-ana is now called slipping" in screen_text(app)
        await press(pilot, "x")
        assert "✓ slipping deleted: @ana late" in screen_text(app)
        await press(pilot, "u")
        assert "=slipping" in screen_text(app)
        await press(pilot, "enter", "enter")
        assert "/=slipping   1 of 3 shown" in screen_text(app)
    (saved,) = open_shared(session(path)).data.filters.values()
    assert (saved.title, saved.text, saved.updated_by) == ("slipping", "@ana late", "ana")


async def test_what_can_not_be_saved_is_said_and_the_typed_name_stays(path):
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "slash", "down", "a")
        assert "there is no filter to save" in screen_text(app)
        await press(pilot, "escape", '"ownr:x', "down", "a")
        assert "can't be saved yet" in screen_text(app)
        await press(pilot, "escape", *["backspace"] * 6, '"@ana', "down", "a", '"late', "enter")
        assert "it means something in every filter already" in screen_text(app)
        assert app.screen.query_one(Input).value == "late"


async def test_saving_over_a_name_says_what_it_changes(path):
    save_filter(shared(session(path, "ben", "s9")), "ours", "late")
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "slash", '"@ana', "down", "a", '"ours')
        assert "changes ours, which is now late" in screen_text(app)
        await press(pilot, "enter")
        assert "it was late" in screen_text(app)


async def test_a_filter_follows_what_others_make_of_its_saved_parts(path):
    store = shared(session(path, "ben", "s9"))
    save_filter(store, "ours", "@ana")
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "slash", '"=ours', "enter")
        assert "1 of 3 shown" in screen_text(app)
        save_filter(store, "ours", "@ana or @ben")
        await until(pilot, lambda: "2 of 3 shown" in screen_text(app))
        delete_filter(store, "ours")
        await until(pilot, lambda: "shows what it did" in screen_text(app))
        assert "2 of 3 shown" in screen_text(app)


async def test_a_store_that_can_not_be_read_is_said_and_filters_go_on(path):
    (path / "_workspace").mkdir()
    (path / "_workspace" / "data.json").write_text("{")
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "slash", '"@ana', "enter")
        assert "1 of 3 shown" in screen_text(app)


async def test_tab_completes_names_people_tags_fields_and_values(path):
    save_filter(shared(session(path)), "slipping", "late")
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "slash", '"=sl', "tab", '"-@a', "tab", '"(#cu', "tab", '"ow', "tab", '"b', "tab")
        assert app.screen.query_one(Input).value == "=slipping -@ana (#cutover owner:ben "
        await press(pilot, '"status:d', "tab")
        assert app.screen.query_one(Input).value.endswith("status:doing ")
        await press(pilot, "tab")
        assert app.screen.query_one(Input).value.endswith(("status:done ", "status:draft "))


# Jumping ----------------------------------------------------------------------


async def test_letters_with_gaps_find_a_record_and_stand_out(path):
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "1", "colon", '"mgrpay')
        assert isinstance(app.screen, PickerScreen)
        (found, *_) = app.screen._found.values()
        assert found.text == "T-1 Migrate payroll data"
        assert "".join(found.text[at] for at in found.letters) == "Mgrpay"
        await press(pilot, "enter")
        await until(pilot, lambda: app.current_mode == "board")
        assert app.screen.cursor() == ("hris", "T-1")


@pytest.mark.parametrize(
    ("way", "number", "mode"),
    [
        (("t",), "T-2", "board"),
        (("6",), "R-1", "risks"),
        (("2", "C"), "T-2", "board"),
        (("1", "P"), "T-3", "board"),
        (("3",), "MS-1", "settings"),
    ],
)
async def test_every_screen_jumps_to_where_a_record_lives(path, way, number, mode):
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *way, "colon", f'"{number}', "enter")
        await until(pilot, lambda: app.current_mode == mode and len(app.screen_stack) == 1)
        await until(pilot, lambda: app.screen.cursor() == ("hris", number))


async def test_a_filter_that_hides_what_is_jumped_to_is_cleared_and_said(path):
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "slash", '"@ben', "enter", "colon", '"mgr', "enter")
        await until(pilot, lambda: "the filter /@ben hid T-1: it is cleared" in screen_text(app))
        assert app.screen.cursor() == ("hris", "T-1")
        await press(pilot, "slash", '"@ana', "enter", "colon", '"mgr', "enter")
        await pilot.pause()
        assert app.screen.filter_text == "@ana"


async def test_what_no_list_has_opens_as_a_page(path):
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "colon", '"old idea', "enter")
        await until(pilot, lambda: "T-4 Old idea" in screen_text(app) and app.screen.query(DocumentView))


async def test_an_action_comes_before_what_only_fits_with_gaps(path):
    add(app_over(path).desk.projects["hris"], Task(title="Tomorrow order the day trips"))
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "colon", '"undo')
        assert next(iter(app.screen._found)) == "desk.undo"


def test_saved_filters_are_listed_by_name(path):
    store = shared(session(path))
    for name in ("bb", "AA", "cc"):
        save_filter(store, name, "@ana")
    assert [saved.title for saved in saved_filters(store)] == ["AA", "bb", "cc"]


async def test_an_undo_with_nothing_saved_here_says_so_and_leaves_the_projects_alone(path):
    save_filter(shared(session(path, "ben", "s9")), "ours", "late")
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "d", "d", "slash", "down", "u")
        assert "nothing to undo here; what others saved stays" in screen_text(app)
        assert app.desk.projects["hris"].get("T-1").status == "done"


async def test_hostile_names_and_texts_are_text(path):
    store = shared(session(path))
    with store.change("seed") as change:
        change.add(SavedFilter(title="bad", text="[red]x[/foo] \x1b[31m\u202e"))
    app = app_over(path)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "slash", '"[/foo', "down")
        assert "[red]x[/foo]" in screen_text(app)
        assert "\x1b" not in screen_text(app) and "\u202e" not in screen_text(app)
        await press(pilot, "i", "enter")
        assert "Nothing fits /[red]x[/foo]" in screen_text(app)
