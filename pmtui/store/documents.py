"""A table's documents as a file holds them: each is read when somebody asks for it.

Of ten thousand tasks a screen shows forty. Reading a file's text into documents takes five times as long as
finding where each begins, and a document takes three times the memory of its text.
"""

import re
from collections.abc import ItemsView, Iterator, ValuesView
from typing import Any

import msgspec

from pmtui.store.journal import from_json

Document = dict[str, Any]

_NUMBER = re.compile(r"[1-9][0-9]{0,99}")
_BRACE = ord("{")

_tables = msgspec.json.Decoder(dict[str, dict[str, msgspec.Raw]])


class Documents(dict[str, Document]):
    """Documents by id; one that nobody asked for yet is kept as its text."""

    def text(self, key: str) -> msgspec.Raw | None:
        """A document's JSON, where it was neither asked for nor changed since it was read; else ``None``."""
        found: Any = super().get(key)
        return found if type(found) is msgspec.Raw else None

    def __getitem__(self, key: str) -> Document:
        found: Any = super().__getitem__(key)
        if type(found) is msgspec.Raw:
            document: Document = from_json(bytes(found))
            self[key] = document
            return document
        return found  # type: ignore[no-any-return]

    def get(self, key: str, default: Any = None) -> Any:
        """A document, or ``default``."""
        return self[key] if key in self else default  # noqa: SIM401 - this is the method it would use

    def __iter__(self) -> Iterator[str]:
        # Its own, so that ``dict(documents)`` asks for each document rather than take what is kept.
        return super().__iter__()

    def items(self) -> ItemsView[str, Document]:  # type: ignore[override]
        """Ids and documents; all of them are read."""
        self._read_all()
        return super().items()

    def values(self) -> ValuesView[Document]:  # type: ignore[override]
        """All documents; all of them are read."""
        self._read_all()
        return super().values()

    def pop(self, key: str, *default: Any) -> Any:
        """Take a document out."""
        if key in self:
            self[key]  # read first: what is taken out is a document
        return super().pop(key, *default)

    def copy(self) -> "Documents":
        """The same documents by the same ids; those that nobody asked for stay texts."""
        made = Documents()
        for key in self:
            dict.__setitem__(made, key, dict.__getitem__(self, key))
        return made

    def __eq__(self, other: object) -> bool:
        self._read_all()
        if isinstance(other, Documents):
            other._read_all()
        return dict.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # it changes

    def _read_all(self) -> None:
        for key in self:
            self[key]


def tables_in(data: bytes) -> dict[str, dict[str, Document]]:
    """The tables in a file's JSON, whose documents are read when they are asked for.

    For bytes that are known to be as they were written: what is inside a document is not looked at. Raises
    ``msgspec.DecodeError`` for what is not tables of documents.
    """
    return {name: _kept(table) for name, table in _tables.decode(data).items()}


def _kept(table: dict[str, msgspec.Raw]) -> Documents:
    if not all(_NUMBER.fullmatch(key) and memoryview(text)[0] == _BRACE for key, text in table.items()):
        raise msgspec.DecodeError("a document has a number from 1, and fields")
    made = Documents()
    dict.update(made, table)  # texts of documents stand for them
    return made
