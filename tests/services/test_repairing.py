from factories import day, new_project, session

from pmtui.domain.records import Milestone, Risk, Task
from pmtui.services.projects import open_project
from pmtui.services.repairing import dangling, name_after_folder, read_content, repair_project
from pmtui.store.damage.inspect import inspect


def hurt(project, table, number, **fields):
    """Put values into a document that no rule would let through; ``None`` takes a field out."""
    journal = project.db.journal
    with journal.transaction():
        document = dict(journal.documents(table)[str(number)]) | fields
        journal.put(table, str(number), {k: v for k, v in document.items() if v is not None})


def repaired(tmp_path, project):
    """The copy, opened, and what was told."""
    project.close()
    told = repair_project(session(tmp_path), inspect(tmp_path / "hris"), tmp_path / "copy")
    return open_project(session(tmp_path), "copy"), told


def test_a_field_that_can_not_be_read_is_what_it_last_was(tmp_path):
    project = new_project(tmp_path, Task(title="Migrate", due=day(3)), Task(title="Test", estimate=4.0))
    hurt(project, "tasks", 1, due="never", percent_done="half")
    hurt(project, "tasks", 2, estimate="a lot", title=None)
    copy, told = repaired(tmp_path, project)
    assert copy.damaged == {}
    assert (copy.get("T-1").due, copy.get("T-1").percent_done) == (day(3), 0)
    assert (copy.get("T-2").title, copy.get("T-2").estimate) == ("Test", 4.0)
    assert sum("could not be read" in line for line in told) == 4


def test_a_field_that_never_was_right_is_taken_out(tmp_path):
    project = new_project(tmp_path, Task(title="Migrate"))
    hurt(project, "tasks", 1, due="never")
    copy, told = repaired(tmp_path, project)
    assert copy.get("T-1").due is None
    assert told == ('T-1 due "never" could not be read; it is taken out',)


def test_links_that_lead_nowhere_are_taken_out_and_others_stay(tmp_path):
    project = new_project(
        tmp_path,
        Task(title="One"),
        Task(title="Two", depends_on=("T-1",)),
        Risk(title="R", owner="ana", review_date=day(7)),
    )
    hurt(project, "tasks", 2, depends_on=["T-1", "T-9", "R-1"], parent="T-8")
    found = [
        (link.record.number, link.field, link.number) for link in dangling(open_project(session(tmp_path), "hris").data)
    ]
    assert sorted(found) == [("T-2", "depends_on", "R-1"), ("T-2", "depends_on", "T-9"), ("T-2", "parent", "T-8")]
    copy, told = repaired(tmp_path, project)
    assert (copy.get("T-2").depends_on, copy.get("T-2").parent) == (("T-1",), "")
    assert len(told) == 3
    assert not list(dangling(copy.data))


def test_what_reads_well_is_left_as_it_is(tmp_path):
    project = new_project(tmp_path, Task(title="One"), Milestone(title="UAT", baseline=day(9), forecast=day(9)))
    before = project.get("MS-1")
    copy, told = repaired(tmp_path, project)
    assert told == ()
    assert copy.get("MS-1") == before


def test_documents_that_do_not_read_are_told_by_their_number(tmp_path):
    content = read_content({"tasks": {"1": {"title": "a"}, "2": {"title": 5}}, "other": {"1": {}}})
    assert [t.title for t in content.data.tasks.values()] == ["a"]
    assert [f.place for f in content.findings()] == ["T-2"]


def test_a_project_tells_the_code_of_its_folder(tmp_path):
    project = new_project(tmp_path)
    name_after_folder(project.db, "other")
    assert project.data.project.code == "other"
    sequence = project.sequence
    name_after_folder(project.db, "other")
    assert project.sequence == sequence
