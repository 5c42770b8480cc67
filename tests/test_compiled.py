"""What is compiled is kept apart for each state of the code that compiles."""

import pytest

from analysis import compiled


@pytest.fixture
def package(tmp_path):
    for name in ("estimators/a.py", "reconstruction/kernels/b.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    return tmp_path


def state(package):
    return compiled.state.__wrapped__(package)


@pytest.mark.parametrize("name", ["estimators/a.py", "reconstruction/kernels/b.py"])
def test_a_change_in_any_folder_is_another_state(package, name):
    before = state(package)
    (package / name).write_text("x = 2\n")
    assert state(package) != before


def test_a_file_moved_or_added_is_another_state(package):
    before = state(package)
    (package / "estimators/a.py").rename(package / "estimators/c.py")
    assert (moved := state(package)) != before
    (package / "reconstruction/kernels/more").mkdir()
    (package / "reconstruction/kernels/more/d.py").write_text("")
    assert state(package) != moved


def test_code_that_does_not_compile_changes_nothing(package):
    before = state(package)
    (package / "tables").mkdir()
    (package / "tables/a.py").write_text("x = 1\n")
    assert state(package) == before
