"""What templates are rendered by: Jinja2, sandboxed, in which no value acts as markup.

A template sees plain data alone and changes none of it. In HTML every value is escaped; in Markdown every value is
escaped as a text that begins a line, or with ``|inline`` as one within. Nothing takes that off.
"""

import re
from collections.abc import Callable
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup

from pmtui.reports.markdown import begin_line, escape

_LEFT_OUT = ("safe", "urlize", "xmlattr", "tojson", "random", "pprint")
"""Filters that would let a value through as markup, or give another page each time."""

_GLOBALS = ("range", "dict", "cycler", "joiner", "namespace")
_NUMBER = re.compile(r"[-+]?\d[\d,]*(\.\d+)?")


class Missing(StrictUndefined):
    """A name that there is not: an error that says which there are."""

    __slots__ = ()
    known: tuple[str, ...] = ()

    @property
    def _undefined_message(self) -> str:
        there = self._undefined_obj
        if self._undefined_hint:
            return self._undefined_hint
        if there is missing:
            return f"there is no {self._undefined_name!r}; allowed: {', '.join(sorted(self.known))}"
        if isinstance(there, dict):
            return f"there is no {self._undefined_name!r}; allowed: {_names(there)}"
        if isinstance(there, (list, str)):
            return f"a {_KINDS[type(there)]} has no {self._undefined_name!r}"
        return f"there is no {self._undefined_name!r} here"


_KINDS: dict[type, str] = {list: "list", str: "text"}


def _names(there: dict[str, Any]) -> str:
    return ", ".join(sorted(map(str, there))) or "nothing: it is empty"


class SandboxedPages(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, in which escaping can't be turned off."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all((nodes.ScopedEvalContextModifier, nodes.EvalContextModifier)):
            raise TemplateSyntaxError("values are always escaped: there is no autoescape", node.lineno, name, filename)
        return tree


def environment(name: str, loader: BaseLoader, known: tuple[str, ...] = ()) -> Environment:
    """The environment of a template, by the ending of its name: ``.html`` or ``.md``; it knows these names."""
    is_markdown = name.endswith(".md")
    made = SandboxedPages(
        loader=loader,
        autoescape=True,
        undefined=type("Missing", (Missing,), {"known": known}),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_as_markdown if is_markdown else None,
    )
    for left_out in _LEFT_OUT:
        made.filters.pop(left_out, None)
    made.globals = {known: made.globals[known] for known in _GLOBALS}
    if is_markdown:
        made.filters |= _escaping(_as_markdown) | {"inline": lambda value: _escaped(value, escape)}
    return made


def _escaping(how: Callable[[Any], Any]) -> dict[str, Callable[[Any], Any]]:
    return dict.fromkeys(("e", "escape", "forceescape"), how)


def _as_markdown(value: Any) -> Any:
    """A value as text that begins a line; what a template made itself is left."""
    return value if isinstance(value, Markup) else _escaped(value, _beginning)


def _beginning(text: str) -> str:
    return escape(text) if _NUMBER.fullmatch(text) else begin_line(text)


def _escaped(value: Any, how: Callable[[str], str]) -> Markup:
    text = "\n".join(how(line) for line in str(value).split("\n"))
    return Markup(text)  # noqa: S704 - it was escaped just now
