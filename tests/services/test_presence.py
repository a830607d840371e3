from factories import new_project, session

from pmtui.services.presence import LOOKS_A_BEAT, Presence


def two_projects(tmp_path):
    for code in ("erp", "hris"):
        new_project(tmp_path / "ws", code=code).close()
    return tmp_path / "ws"


def at(workspace, user, name=""):
    return Presence(session(workspace, user, name or f"ui-{user}"))


def here(workspace, code):
    return sorted(path.name.partition(".")[0] for path in (workspace / code / "presence").glob("*"))


def test_others_in_the_projects_shown_are_named_once_and_oneself_never(tmp_path):
    workspace = two_projects(tmp_path)
    ana, ben, again = at(workspace, "ana"), at(workspace, "ben"), at(workspace, "ana", "ui-again")
    ben.look(["erp", "hris"], "today")
    again.look(["hris"], "board")
    assert ana.look(["erp", "hris"], "today")
    assert ana.names(["erp", "hris"]) == ["ben"]


def test_only_who_comes_or_goes_is_news(tmp_path):
    workspace = two_projects(tmp_path)
    ana, ben = at(workspace, "ana"), at(workspace, "ben")
    ana.look(["hris"], "board")
    assert not ana.look(["hris"], "board")
    ben.look(["hris"], "board")
    assert ana.look(["hris"], "board")
    assert not ana.look(["hris"], "board")
    ben.leave()
    assert ana.look(["hris"], "board")
    assert ana.names(["hris"]) == []


def test_a_project_that_just_came_into_view_is_looked_at_once(tmp_path):
    workspace = two_projects(tmp_path)
    ana, ben = at(workspace, "ana"), at(workspace, "ben")
    ben.look(["erp"], "board")
    ana.look(["hris"], "board")
    assert ana.names(["erp"]) == ["ben"]


def test_a_project_no_longer_shown_is_left_at_the_next_sign_of_life(tmp_path):
    workspace = two_projects(tmp_path)
    ana = at(workspace, "ana")
    ana.look(["erp", "hris"], "today")
    ana.look(["hris"], "board")
    assert here(workspace, "erp") == ["ui-ana"]
    for _ in range(LOOKS_A_BEAT):
        ana.look(["hris"], "board")
    assert here(workspace, "erp") == []
    assert here(workspace, "hris") == ["ui-ana"]


def test_who_opens_a_record_is_told_who_edits_it_and_those_who_do_at_their_next_look(tmp_path):
    workspace = two_projects(tmp_path)
    ana, ben, chi = (at(workspace, user) for user in ("ana", "ben", "chi"))
    assert ana.on_record("hris", "T-48") == ""
    assert ben.on_record("hris", "T-48") == "ana is editing T-48 too"
    assert chi.on_record("hris", "T-48") == "ana and ben are editing T-48 too"
    ana.look(["hris"], "board")
    assert ana.also_on("hris", "T-48") == "ben and chi are editing T-48 too"
    assert ana.also_on("hris", "T-4") == ""


def test_who_leaves_a_record_edits_it_no_more(tmp_path):
    workspace = two_projects(tmp_path)
    ana, ben = at(workspace, "ana"), at(workspace, "ben")
    ana.on_record("hris", "T-48")
    ana.off_record()
    assert ben.on_record("hris", "T-48") == ""
    ana.look(["hris"], "board")
    assert ana.names(["hris"]) == ["ben"]


def test_a_record_of_the_same_number_in_another_project_is_another_record(tmp_path):
    workspace = two_projects(tmp_path)
    ana, ben = at(workspace, "ana"), at(workspace, "ben")
    ana.look(["erp", "hris"], "today")
    ana.on_record("erp", "T-1")
    assert ben.on_record("hris", "T-1") == ""


def test_ones_own_other_pane_is_told_as_that(tmp_path):
    workspace = two_projects(tmp_path)
    one, other = at(workspace, "ana", "ui-1"), at(workspace, "ana", "ui-2")
    one.on_record("hris", "T-48")
    assert other.on_record("hris", "T-48") == "you are editing T-48 in another pane too"
