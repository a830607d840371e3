"""Documents that nobody asked for stay as the file's text, and nobody can tell."""

import copy
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmtui.store.documents import Documents, tables_in
from pmtui.store.snapshot import Meta, read_snapshot, snapshot_bytes, write_snapshot

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
tables = st.dictionaries(
    st.sampled_from(["tasks", "risks", "é"]),
    st.dictionaries(st.integers(1, 99).map(str), st.dictionaries(st.text(max_size=4), values, max_size=4), max_size=4),
    max_size=3,
)


def kept(of):
    return tables_in(json.dumps(of).encode())


@given(tables)
def test_they_are_what_the_file_says_however_one_asks(of):
    assert kept(of) == of
    for name, table in of.items():
        assert dict(kept(of)[name]) == table
        assert {**kept(of)[name]} == table
        assert list(kept(of)[name].items()) == list(table.items())
        assert list(kept(of)[name].values()) == list(table.values())
        assert list(kept(of)[name]) == list(table)
        assert copy.deepcopy(kept(of)[name]) == table
        assert kept(of)[name].copy() == table
        assert json.loads(json.dumps(dict(kept(of)[name]))) == json.loads(json.dumps(table))
        for key, document in table.items():
            assert kept(of)[name][key] == kept(of)[name].get(key) == kept(of)[name].pop(key) == document


@given(tables)
def test_they_are_written_again_to_the_letter(of):
    meta = Meta(generation=3)
    assert snapshot_bytes(meta, kept(json.loads(json.dumps(of)))).count(b"\n") == snapshot_bytes(meta, of).count(b"\n")
    written = snapshot_bytes(meta, of)
    again = tables_in(written)
    again.pop("_meta")
    assert snapshot_bytes(meta, again) == written


def test_a_text_is_read_once_and_only_when_asked_for():
    table = kept({"tasks": {"1": {"title": "One"}, "2": {"title": "Two"}}})["tasks"]
    assert isinstance(table, Documents)
    assert bytes(table.text("1")) == b'{"title": "One"}'
    assert table["1"] is table["1"] == {"title": "One"}
    assert table.text("1") is None
    assert table.text("2") is not None
    assert table.text("3") is None


def test_a_surrogate_alone_and_what_is_no_number_are_read_as_before(tmp_path):
    of = {"tasks": {"1": {"title": "a\ud83db", "estimate": float("inf")}, "2": {"title": "x"}}}
    write_snapshot(tmp_path / "data.json", Meta(generation=1), of)
    assert read_snapshot(tmp_path / "data.json").tables == of


def test_bytes_that_are_not_as_they_were_written_are_looked_at_whole(tmp_path):
    path = tmp_path / "data.json"
    write_snapshot(path, Meta(generation=1), {"tasks": {"1": {"title": "One"}}})
    assert isinstance(read_snapshot(path).tables["tasks"], Documents)
    path.write_bytes(path.read_bytes().replace(b"One", b"Two"))
    found = read_snapshot(path)
    assert found.wrong
    assert type(found.tables["tasks"]) is dict


@pytest.mark.parametrize("data", [b"[]", b'{"tasks": []}', b'{"tasks": {"1": {]}}', b'{"tasks": {"1": {}}'])
def test_what_is_no_table_of_documents_is_refused(data):
    with pytest.raises(msgspec.DecodeError):
        tables_in(data)
