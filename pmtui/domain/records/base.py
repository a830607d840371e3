"""What all records share, and the declaration of a record type."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar, get_type_hints

import msgspec

from pmtui.domain.fields import Field, Kind
from pmtui.domain.flow import Flow
from pmtui.domain.problems import Problem

if TYPE_CHECKING:
    from pmtui.domain.project_data import ProjectData


class External(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a record came from: another tool's file or name, and its id there."""

    source: str
    id: str


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A frozen value with a number; a change gives a new one.

    ``id`` is the document's id in its table; 0 for a record not stored yet. ``created`` and
    ``updated`` are UTC and stamped, with their authors, by the store.
    """

    TYPE: ClassVar["RecordType"]

    id: int = 0
    tags: Annotated[tuple[str, ...], Field("Tags", Kind.TAGS, headings=("labels", "keywords"))] = ()
    links: Annotated[
        tuple[str, ...],
        Field("Links", Kind.LINKS, hint="records, URLs and tickets, one a word", headings=("url", "ticket")),
    ] = ()
    external: Annotated[External | None, Field("External id", Kind.STRUCTURE, form=False)] = None
    created: Annotated[dt.datetime | None, Field("Created", Kind.MOMENT, form=False)] = None
    created_by: Annotated[str, Field("Created by", Kind.PERSON, form=False)] = ""
    updated: Annotated[dt.datetime | None, Field("Updated", Kind.MOMENT, form=False)] = None
    updated_by: Annotated[str, Field("Updated by", Kind.PERSON, form=False)] = ""

    @property
    def number(self) -> str:
        """The record's number, such as ``T-48``."""
        return f"{self.TYPE.prefix}-{self.id}" if self.TYPE.prefix else str(self.id)

    @property
    def name(self) -> str:
        """What people call the record: its title."""
        return str(getattr(self, self.TYPE.title))

    @property
    def is_open(self) -> bool:
        """Whether work on it is still to come."""
        flow = self.TYPE.flow
        return flow.is_open(getattr(self, "status")) if flow else True  # noqa: B009 - not all types have one


T = TypeVar("T", bound=Record)

STAMPS = ("id", "created", "created_by", "updated", "updated_by")
"""Fields that the store writes and people do not."""

Rule = Callable[[Any, "ProjectData"], Sequence[Problem]]
"""A rule of one record, given the project it is in: what is wrong with it."""

Follow = Callable[[Any, Any, dt.date], Any]
"""What follows by itself from a change: the record before (``None`` when new) and after, and today."""

Tells = Callable[[Any, Any], str]
"""What followed from a change, in words: the record as it was asked for, and as it came to be."""

Frozen = Callable[[Any, "ProjectData"], str]
"""Why a record may no longer be changed; empty where it may."""

ChangeRule = Callable[[Any, Any, "ProjectData"], Sequence[Problem]]
"""A rule of a change: the record before (``None`` when new) and after (``None`` when deleted); what is wrong."""

Derived = Callable[[Any, "ProjectData", dt.date], Any]
"""A value that follows from a record: given the project and today."""


class RecordType(msgspec.Struct, frozen=True, dict=True):
    """One kind of record: its words, table, number's prefix, title, statuses and rules.

    ``derived`` are values shown and given to scripts beside the fields, but never stored.
    ``rules`` say what a record must be, ``change_rules`` what may become of it, ``edit_rules`` what a change
    must say besides; what is undone or brought back is not asked for that.
    ``columns`` are the fields of its list in the shell, in order. ``follow`` completes a change (a
    task that is done gets its finish date); ``frozen`` says why a record can't be changed any more,
    ``undo_thaws`` that an undo may all the same take it back; ``warns`` tells what is doubtful and stands,
    ``doubts`` the same of a record among the others of its project, ``tells`` what followed from a change.
    """

    kind: str
    table: str
    prefix: str
    words: tuple[str, str]
    title: str = "title"
    flow: Flow | None = None
    rules: tuple[Rule, ...] = ()
    change_rules: tuple[ChangeRule, ...] = ()
    edit_rules: tuple[ChangeRule, ...] = ()
    derived: Mapping[str, Derived] = msgspec.field(default_factory=dict)
    columns: tuple[str, ...] = ()
    follow: Follow = lambda _before, after, _today: after
    frozen: Frozen = lambda _record, _data: ""
    undo_thaws: bool = False
    warns: Callable[[Any], str] = lambda _record: ""
    tells: Tells = lambda _asked, _after: ""
    doubts: Callable[[Any, "ProjectData"], str] = lambda _record, _data: ""
    struct: type[Record] = Record

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The declared fields by name, in order; those all records share come last."""
        hints = get_type_hints(self.struct, include_extras=True)
        declared = {
            name: msgspec.structs.replace(extra, name=name)
            for name in self.struct.__struct_fields__
            for extra in getattr(hints[name], "__metadata__", ())
            if isinstance(extra, Field)
        }
        shared = Record.__struct_fields__
        own = {n: f for n, f in declared.items() if n not in shared}
        return own | {n: f for n, f in declared.items() if n in shared}

    def number(self, record_id: int) -> str:
        """The number of the record with this id."""
        return f"{self.prefix}-{record_id}"

    def decode(self, record_id: int, document: Mapping[str, object]) -> Record:
        """The record in a stored document.

        Raises ``msgspec.ValidationError`` where a field does not hold what its type says.
        """
        return msgspec.convert({**document, "id": record_id}, self.struct)

    def decode_text(self, record_id: int, text: bytes | msgspec.Raw) -> Record:
        """The record in a stored document's JSON; as :meth:`decode`, without the document in between."""
        record = self._decoder.decode(text)
        msgspec.structs.force_setattr(record, "id", record_id)
        return record

    @cached_property
    def _decoder(self) -> "msgspec.json.Decoder[Record]":
        return msgspec.json.Decoder(self.struct)

    def encode(self, record: Record) -> dict[str, object]:
        """The document that stores the record: JSON values, nothing that is empty."""
        document: dict[str, object] = msgspec.to_builtins(record)
        empty: tuple[object, ...] = (None, "", [], {}, ())
        return {name: value for name, value in document.items() if name not in STAMPS and value not in empty}


def declare(**words: Any) -> Callable[[type[T]], type[T]]:
    """Make a class of :class:`Record` a record type: see :class:`RecordType` for the words."""

    def decorate(struct: type[T]) -> type[T]:
        struct.TYPE = RecordType(struct=struct, **words)
        return struct

    return decorate
