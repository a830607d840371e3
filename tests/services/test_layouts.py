"""A board's layout: kept from one start to the next, for each project, and never in the way."""

from factories import new_project

from pmtui.services.layouts import BoardLayout, Layouts


def test_a_layout_is_kept_for_each_project(tmp_path):
    hris, erp = (new_project(tmp_path / "ws", code=code) for code in ("hris", "erp"))
    file = tmp_path / "state" / "board.json"
    Layouts(file).keep(hris, BoardLayout(sort="p", lanes="o", height=1, folded=("done",), folded_lanes=("o:ana",)))
    again = Layouts(file)
    assert again.of(hris).folded_lanes == ("o:ana",)
    assert again.of(erp) == BoardLayout()


def test_two_panes_keep_what_the_other_laid_out_of_another_project(tmp_path):
    hris, erp = (new_project(tmp_path / "ws", code=code) for code in ("hris", "erp"))
    file = tmp_path / "board.json"
    one, other = Layouts(file), Layouts(file)
    assert one.of(hris) == other.of(hris)
    one.keep(hris, BoardLayout(sort="p"))
    other.keep(erp, BoardLayout(sort="u"))
    assert (Layouts(file).of(hris).sort, Layouts(file).of(erp).sort) == ("p", "u")


def test_a_file_that_cannot_be_read_or_written_is_no_trouble(tmp_path):
    hris = new_project(tmp_path / "ws")
    file = tmp_path / "board.json"
    file.write_text('{"x": {"height": "three"}}')
    layouts = Layouts(file)
    assert layouts.of(hris) == BoardLayout()
    blocked = Layouts(file / "under" / "a-file.json")
    blocked.keep(hris, BoardLayout(sort="u"))
    assert blocked.of(hris).sort == "u"
