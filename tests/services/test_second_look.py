"""What somebody who tried to break things found, and how it is now."""

import datetime as dt
import os

import pytest
from factories import MONDAY, TODAY, add, day, new_project, session

from pmtui.domain.problems import Refused
from pmtui.domain.reasons import MOVED
from pmtui.domain.records import Task
from pmtui.services import tasks
from pmtui.services.decided import decided_overdue
from pmtui.services.drafts import Drafts
from pmtui.services.linking import link
from pmtui.services.pasted import PastedLines, State
from pmtui.services.reasons import reasons_of
from pmtui.services.records import delete_records, edit_record
from pmtui.services.session import Session
from pmtui.services.verbs import set_owner


@pytest.fixture
def project(tmp_path):
    return new_project(tmp_path / "ws", Task(title="One", due=day(-3)), Task(title="Two", due=day(2)))


def repeating(project, **more):
    (number,) = add(project, Task(title="Report", due=day(-1), repeats="every week", **more))
    return number


def open_ones(project):
    return [t for t in project.data.tasks.values() if t.is_open and t.title.startswith("Report")]


def test_a_full_column_does_not_keep_what_repeats_from_being_done(project):
    number = repeating(project, status="doing")
    with project.change("settings") as change:
        change.edit(change.data.project, wip_limits={"to do": 2}, wip_strict=True)
    tasks.complete(project, [number])
    assert len(open_ones(project)) == 1
    assert project.get(number).status == "done"


@pytest.mark.parametrize(("values", "left"), [
    ({"status": "done", "repeats": ""}, []),
    ({"status": "done", "repeats": "every month"}, ["every month"]),
    ({"status": "done", "title": "Report, short"}, ["every week"]),
])  # fmt: skip
def test_what_is_done_and_edited_at_once_repeats_as_the_edit_says(project, values, left):
    number = repeating(project)
    edit_record(project, number, values)
    assert [t.repeats for t in open_ones(project)] == left
    assert all(t.title == values.get("title", "Report") for t in open_ones(project))
    assert project.get(number).repeats == ""


def test_the_end_of_a_series_is_said_however_it_ends(project):
    dropped = edit_record(project, repeating(project), {"status": "cancelled", "cancelled_reason": "no more"})
    assert any("no next one" in said for said in dropped.said)
    merged = tasks.merge(project, [repeating(project)], "T-1")
    assert any("no next one" in said for said in merged.said)


def test_the_same_task_twice_is_done_once(project):
    tasks.complete(project, [repeating(project)] * 2)
    assert len(open_ones(project)) == 1


def test_a_meeting_on_a_day_off_is_doubtful_and_ends_nothing(project):
    lines = PastedLines(project, "Steering committee sat 10:00", "meeting")
    assert [line.state for line in lines.lines] == [State.GOOD]
    assert "no working day" in lines.lines[0].said[0]
    assert isinstance(lines.lines[0].parsed.values["start"], dt.datetime)


def test_what_was_deleted_while_overdue_was_decided(project):
    delete_records(project, ["T-1"])
    assert [(found.number, found.word) for found in decided_overdue(project, TODAY, TODAY)] == [("T-1", "deleted")]


def test_a_reason_that_a_redo_brought_back_is_known_again(project):
    for _ in range(2):
        tasks.reschedule(project, ["T-2"], day(9), "the moon is full")
        tasks.reschedule(project, ["T-2"], day(11), "the moon is full")
    known = [reason.words for reason in reasons_of(project, MOVED)]
    assert "the moon is full" in known
    for _ in range(4):
        project.undo()
    assert "the moon is full" not in [reason.words for reason in reasons_of(project, MOVED)]
    for _ in range(4):
        project.redo()
    assert [reason.words for reason in reasons_of(project, MOVED)] == known


def test_a_link_is_kept_by_the_number_as_it_is_written(project):
    link(project, ["T-1"], "t-2")
    assert project.get("T-1").links == ("T-2",)


def test_nobody_is_told_as_nobody(project):
    assert set_owner(project, ["T-1"], "").words == "T-1 without owner"


# Drafts --------------------------------------------------------------------------------


def test_workspaces_of_one_name_have_drafts_of_their_own(tmp_path):
    one, other = (Session(tmp_path / where / "projects", name="s") for where in "ab")
    assert one.place != other.place
    assert one.place == Session(tmp_path / "a" / "projects", name="t").place


def test_a_draft_that_another_process_shows_is_left_to_it(tmp_path):
    drafts = Drafts(tmp_path)
    drafts.keep("ws-pasted-one", {"text": "a"}, live=True)
    drafts.keep("ws-pasted-two", {"text": "b"})
    assert [draft["text"] for draft in drafts.left("ws-pasted-").values()] == ["a", "b"]
    drafts.keep("ws-pasted-one", {"text": "a", ":owner": str(os.getppid())})
    assert [draft["text"] for draft in drafts.left("ws-pasted-").values()] == ["b"]
    drafts.keep("ws-pasted-one", {"text": "a", ":owner": str(2**22 + 1)})  # no process has such a number
    assert len(drafts.left("ws-pasted-")) == 2
    drafts.take_over(drafts.left("ws-pasted-"), "ws-pasted-two")
    assert [*drafts.left("ws-pasted-")] == ["ws-pasted-two"]


# The store -----------------------------------------------------------------------------


def test_a_caching_storage_over_a_compacted_store_drops_a_table(tmp_path):
    from tinydb.middlewares import CachingMiddleware

    from pmtui.store import ProjectDB
    from pmtui.store.storage import JournalStorage

    path = tmp_path / "data.json"
    with ProjectDB(path) as db:
        db.table("a").insert({"x": 1})
        db.table("b").insert({"y": [1, {"z": 2}]})
        db.journal.compact()
    cached = ProjectDB(path, storage=CachingMiddleware(JournalStorage))
    cached.drop_table("a")
    cached.close()
    with ProjectDB(path) as db:
        assert db.tables() == {"b"}
        assert db.table("b").all() == [{"y": [1, {"z": 2}]}]


@pytest.mark.parametrize("bad", ['{"1":5}', '{"1":null}', '{"0":{}}', '{"02":{}}', '{"x":{}}', '{"1":{"a":"\udcff"}}'])
def test_a_snapshot_of_a_wrong_shape_is_damage_whatever_its_checksum_says(tmp_path, bad):
    from pmtui.store import StoreError
    from pmtui.store.snapshot import _UNSTATED, Meta, _checksum, read_snapshot, snapshot_bytes

    raw = snapshot_bytes(Meta(generation=2), {"tasks": {"1": {}}})
    head, _, rest = raw.partition(b"\n")
    rest = rest.replace(b'{\n"1":{}}', bad.encode("utf-8", "surrogateescape"))
    bare = head.replace(head[head.index(b'"checksum":') :].split(b",")[0], _UNSTATED)
    stated = _checksum(bare, rest).encode()
    path = tmp_path / "data.json"
    path.write_bytes(bare.replace(_UNSTATED, b'"checksum":"' + stated + b'"') + b"\n" + rest)
    with pytest.raises(StoreError):
        read_snapshot(path)


def test_a_refusal_names_what_there_is(project):
    with pytest.raises(Refused, match="T-99"):
        tasks.complete(project, ["T-99"])
    assert session(project.session.path).now() == MONDAY
