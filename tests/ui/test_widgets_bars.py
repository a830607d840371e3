"""Bars keep what matters most when the screen is narrow, and are drawn only when they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.app import App, ComposeResult

from pmtui.widgets.bars import FooterBar, HeaderBar, StatusLine, lay_out_keys

if TYPE_CHECKING:
    from pmtui.widgets.toned import TonedView

pytestmark = pytest.mark.asyncio

ITEMS = (
    ("a", "add", True),
    ("e", "edit", True),
    ("⏎", "open", True),
    ("H/L", "move", False),
    ("?", "help", True),
)


class BarsApp(App[None]):
    def compose(self) -> ComposeResult:
        yield HeaderBar()
        yield StatusLine()
        yield FooterBar(lines=2)


def text(widget: TonedView, y: int = 0) -> str:
    return widget.render_line(y).text


async def test_the_left_side_gives_way_first() -> None:
    app = BarsApp()
    async with app.run_test(size=(50, 10)) as pilot:
        header = app.query_one(HeaderBar)
        header.set((("HRIS deployment", "strong"), " ▸ ", ("Board of the north", ""))[0], "short")
        await pilot.pause()
        assert text(header) == " HRIS deployment" + " " * 28 + "short "
        header.set("HRIS deployment ▸ Board of the northern region", "7 overdue · 44 open")
        await pilot.pause()
        assert text(header).startswith(" HRIS deployment ▸ Board")
        assert "…" in text(header)
        assert text(header).endswith("7 overdue · 44 open ")


@pytest.mark.parametrize("width", [1, 2, 5, 20, 30])
async def test_bars_are_never_wider_than_the_screen(width: int) -> None:
    app = BarsApp()
    async with app.run_test(size=(width, 10)) as pilot:
        app.query_one(HeaderBar).set("移行 project with a long name", "移行 right side of some length")
        app.query_one(StatusLine).set((("T-48 moved to Fri 27 Nov · ", ""), ("u", "accent")))
        app.query_one(FooterBar).set(ITEMS)
        await pilot.pause()
        for widget in (HeaderBar, StatusLine, FooterBar):
            assert app.query_one(widget).render_line(0).cell_length == width


async def test_the_footer_shows_whole_words_and_always_help() -> None:
    assert [item[0] for item in lay_out_keys(ITEMS, 80, 1)[0]] == ["a", "e", "⏎", "H/L", "?"]
    assert [item[0] for item in lay_out_keys(ITEMS, 24, 1)[0]] == ["a", "e", "?"]
    assert [item[0] for item in lay_out_keys(ITEMS, 3, 1)[0]] == ["?"]
    two = [[item[0] for item in row] for row in lay_out_keys(ITEMS, 22, 2)]
    assert two == [["a", "e", "⏎"], ["H/L", "?"]]
    assert lay_out_keys((), 80, 1) == []


async def test_help_is_dropped_to_a_line_of_its_own_when_there_is_one() -> None:
    rows = lay_out_keys((("a", "add", True), ("?", "help", True)), 8, 2)
    assert [[item[0] for item in row] for row in rows] == [["a"], ["?"]]


async def test_the_footer_draws_keys_and_words() -> None:
    app = BarsApp()
    async with app.run_test(size=(80, 10)) as pilot:
        footer = app.query_one(FooterBar)
        footer.set(ITEMS)
        await pilot.pause()
        assert text(footer).rstrip() == " a add  e edit  ⏎ open  H/L move  ? help"
        assert text(footer, 1).strip() == ""


async def test_the_same_content_is_not_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = BarsApp()
    async with app.run_test() as pilot:
        for widget, content in (
            (app.query_one(HeaderBar), ("left", "right")),
            (app.query_one(StatusLine), (("done", "good"),)),
            (app.query_one(FooterBar), (ITEMS,)),
        ):
            calls: list[object] = []
            monkeypatch.setattr(widget, "refresh", lambda *a, _to=calls, **_k: _to.append(a))
            widget.set(*content)
            widget.set(*content)
            assert len(calls) == 1
        await pilot.pause()


async def test_hostile_text_reaches_no_bar() -> None:
    bad = "\x1b]52;c;eA==\x07\u202e[/foo]\n"
    app = BarsApp()
    async with app.run_test() as pilot:
        app.query_one(HeaderBar).set(bad, ((bad, "bad"),))
        app.query_one(StatusLine).set((bad, "bad"))
        app.query_one(FooterBar).set([(bad, bad, True)])
        await pilot.pause()
        for widget in (HeaderBar, StatusLine, FooterBar):
            line = text(app.query_one(widget))
            assert line.isprintable()
            assert "[/foo]" in line


async def test_what_is_said_takes_the_lines_it_needs_and_gives_them_back() -> None:
    app = BarsApp()
    said = (("! T-3: ben changed notes since, 19:35; ", "bad"), ("it was not taken back; C shows others", "muted"))
    async with app.run_test(size=(50, 10)) as pilot:
        line = app.query_one(StatusLine)
        line.set(said)
        await pilot.pause()
        assert line.size.height == 2
        assert f"{text(line, 0).strip()} {text(line, 1).strip()}" == "".join(part for part, _ in said)
        await pilot.resize_terminal(100, 10)
        await pilot.pause()
        assert line.size.height == 1
        line.set("word " * 200)
        await pilot.pause()
        assert line.size.height == 3
        assert text(line, 2).strip().endswith("…")
        line.set("")
        await pilot.pause()
        assert line.size.height == 1


async def test_what_is_said_before_the_screen_has_a_size_is_laid_out_by_it() -> None:
    class Early(BarsApp):
        def on_mount(self) -> None:
            self.query_one(StatusLine).set("! read-only: what is shown is sound")

    app = Early()
    async with app.run_test(size=(50, 10)) as pilot:
        await pilot.pause()
        line = app.query_one(StatusLine)
        assert line.size.height == 1
        assert text(line).strip() == "! read-only: what is shown is sound"
