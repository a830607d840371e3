"""XML from strangers: no document type, no entities, nothing fetched, no depth without end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.sax import SAXException, SAXParseException  # nosec: the exceptions alone; defusedxml reads
from xml.sax.handler import ContentHandler, feature_namespaces

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import create_parser

from pmtui.domain.problems import Refused

DEPTH_LIMIT = 40
"""Elements within elements; Microsoft Project nests six deep."""

COUNT_LIMIT = 2_000_000
"""Elements kept; a plan of 20,000 tasks has half as many."""


@dataclass(slots=True)
class Node:
    """An element: its name without its namespace, the line it begins on, its text, the elements in it."""

    name: str
    line: int
    space: str = ""
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def get(self, name: str) -> str:
        """The text of the first element of this name; empty where there is none."""
        found = next((child for child in self.children if child.name == name), None)
        return found.text.strip() if found else ""

    def all(self, name: str) -> list["Node"]:
        """The elements of this name, in order."""
        return [child for child in self.children if child.name == name]

    def within(self, collection: str, name: str) -> list["Node"]:
        """The elements of a collection, such as each Task of Tasks."""
        return [node for holder in self.all(collection) for node in holder.all(name)]


def read_xml(data: bytes, keep: frozenset[str]) -> Node:
    """The tree in the bytes, its root and of the elements in it only those named in ``keep``.

    Raises :class:`Refused` for what is not well-formed (naming the line), and for a document type,
    an entity or an outside reference: those are how XML is made to do harm.
    """
    parser = create_parser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    builder = _Builder(keep, lambda: int(parser.getLineNumber() or 0))
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(builder)
    try:
        parser.feed(data)
        parser.close()
    except DefusedXmlException:
        raise Refused(
            "this XML declares a document type or entities; such files are not read, they can do harm"
        ) from None
    except SAXParseException as error:
        raise Refused(f"line {error.getLineNumber()}: this is not well-formed XML ({error.getMessage()})") from None
    except (SAXException, UnicodeError, ValueError, LookupError) as error:
        raise Refused(f"this XML can't be read: {error}") from None
    if builder.root is None:
        raise Refused("this XML is empty")
    return builder.root


class _Builder(ContentHandler):
    def __init__(self, keep: frozenset[str], line: Callable[[], int]) -> None:
        super().__init__()
        self.root: Node | None = None
        self._keep = keep
        self._count = 0
        self._open: list[Node] = []
        self._skipped = 0
        self._texts: list[str] = []
        self._line = line

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: Any) -> None:  # noqa: N802 - the handler's own name
        del qname, attrs
        space, local = name
        if self._skipped or (self.root is not None and local not in self._keep):
            self._skipped += 1
            return
        if len(self._open) >= DEPTH_LIMIT:
            raise Refused(f"line {self._line()}: elements nested deeper than {DEPTH_LIMIT}")
        self._count += 1
        if self._count > COUNT_LIMIT:
            raise Refused(f"more than {COUNT_LIMIT:,} elements that say something")
        node = Node(local, self._line(), space or "")
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)
        self._texts.clear()

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802
        del name, qname
        if self._skipped:
            self._skipped -= 1
            return
        node = self._open.pop()
        if not node.children:
            node.text = "".join(self._texts)
        self._texts.clear()

    def characters(self, content: str) -> None:
        if not self._skipped:
            self._texts.append(content)
