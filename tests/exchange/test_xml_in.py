import pytest

from pmtui.domain.problems import Refused
from pmtui.exchange.xml_in import read_xml

KEEP = frozenset({"a", "b", "text"})


def test_names_lines_and_texts_without_namespaces():
    root = read_xml(b'<p:r xmlns:p="urn:x">\n<p:a>\n <p:text> one </p:text></p:a><other><a/></other>\n</p:r>', KEEP)
    assert (root.name, root.space, [c.name for c in root.children]) == ("r", "urn:x", ["a"])
    assert (root.children[0].line, root.children[0].get("text")) == (2, "one")


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
        '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><r>&c;</r>',
        '<!DOCTYPE r SYSTEM "http://example.org/x.dtd"><r/>',
        "<!DOCTYPE r><r/>",
    ],
)
def test_document_types_and_entities_are_refused(text):
    with pytest.raises(Refused, match="document type or entities"):
        read_xml(text.encode(), KEEP)


def test_what_is_not_well_formed_is_refused_by_line():
    with pytest.raises(Refused, match="line 3: this is not well-formed XML"):
        read_xml(b"<r>\n<a>\n</b></r>", KEEP)


def test_depth_has_an_end():
    with pytest.raises(Refused, match="nested deeper"):
        read_xml(b"<r>" + b"<a>" * 100 + b"</a>" * 100 + b"</r>", KEEP)


def test_depth_of_what_is_left_out_costs_nothing():
    assert read_xml(b"<r>" + b"<x>" * 5000 + b"</x>" * 5000 + b"</r>", KEEP).children == []


@pytest.mark.parametrize("data", [b"", b"   ", b"<", b'<?xml version="1.0" encoding="no-such"?><r/>', b"\xff\xfe<\x00"])
def test_no_xml_at_all_is_refused(data):
    with pytest.raises(Refused):
        read_xml(data, KEEP)
