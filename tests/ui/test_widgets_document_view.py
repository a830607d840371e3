"""A page is wrapped for its width, keeps its place and repaints what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.app import App, ComposeResult

from pmtui.widgets.cells import wrap
from pmtui.widgets.document_view import DocumentView

if TYPE_CHECKING:
    from pmtui.widgets.cells import Span

pytestmark = pytest.mark.asyncio


class PageApp(App[None]):
    def compose(self) -> ComposeResult:
        yield DocumentView()

    @property
    def page(self) -> DocumentView:
        return self.query_one(DocumentView)

    def text(self) -> list[str]:
        return [self.page.render_line(y).text for y in range(self.page.size.height)]


def numbered(count: int, changed: int = -1) -> list[list[Span]]:
    return [[(f"line {at}{'!' * (at == changed)}", "muted")] for at in range(count)]


async def test_it_wraps_anew_on_a_resize() -> None:
    app = PageApp()
    async with app.run_test(size=(40, 10)) as pilot:
        widths: list[int] = []

        def document(width: int) -> list[list[Span]]:
            widths.append(width)
            return [[(line, "")] for line in wrap("word " * 20, width)]

        app.page.set_document(document)
        await pilot.pause()
        await pilot.resize_terminal(60, 10)
        await pilot.pause()
        assert widths == [39, 59]


async def test_it_keeps_its_place_and_says_that_there_is_more() -> None:
    app = PageApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.page.set_document(lambda _: numbered(50))
        await pilot.pause()
        assert app.text()[-1].endswith("▼")
        app.page.scroll_by(5)
        await pilot.pause()
        assert app.text()[0].startswith("line 5 ")
        assert app.text()[0].endswith("▲")
        app.page.set_document(lambda _: numbered(50))
        assert app.page.top == 5
        app.page.scroll_last()
        await pilot.pause()
        assert app.text()[-1].startswith("line 49")
        assert not app.text()[-1].endswith("▼")
        app.page.page(-1)
        assert app.page.top == 31
        app.page.set_document(lambda _: numbered(3))
        assert app.page.top == 0
        app.page.scroll_by(-4)
        app.page.scroll_first()
        assert app.page.top == 0


async def test_only_changed_lines_are_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    app = PageApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.page.set_document(lambda _: numbered(8))
        await pilot.pause()
        drawn: list[int] = []
        render = app.page.render_line
        monkeypatch.setattr(app.page, "render_line", lambda y: (drawn.append(y), render(y))[1])
        app.page.set_document(lambda _: numbered(8, changed=4))
        await pilot.pause()
        assert drawn == [4]


async def test_hostile_text_reaches_no_strip() -> None:
    app = PageApp()
    async with app.run_test(size=(10, 10)) as pilot:
        app.page.set_document(lambda _: [[("\x1b]52;\u202e[/foo] 移行移行", "bad"), ("\n", "")]])
        await pilot.pause()
        assert app.text()[0].isprintable()
        assert app.page.render_line(0).cell_length == 10
