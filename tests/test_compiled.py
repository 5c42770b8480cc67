"""What is compiled is kept apart for each state of the code that compiles."""

import pytest

from analysis import compiled

KERNEL = "from analysis.compiled import UNCOUNTED, njit\n"
MODULES = {
    "estimators/a.py": "x = 1\n",
    "reconstruction/kernels/calls.py": KERNEL + "from analysis.reconstruction.kernels.called import (\n    called,\n)\n",
    "reconstruction/kernels/called.py": KERNEL + "from analysis.reconstruction import constants as constants, other\n",
    "reconstruction/constants.py": "from analysis.errors import Fault\n",
    "reconstruction/unrelated.py": "from analysis.reconstruction.kernels.calls import calls\n",
    "errors.py": "Fault = 1\n",
    "tables/a.py": "x = 1\n",
}


@pytest.fixture
def package(tmp_path):
    for name, text in MODULES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def compiled_state(package):
    return compiled.compiled_state.__wrapped__(package)


def code_state(package):
    return compiled.code_state.__wrapped__(package)


COMPILING = ["reconstruction/kernels/calls.py", "reconstruction/kernels/called.py", "reconstruction/constants.py", "errors.py"]


@pytest.mark.parametrize("name", MODULES)
def test_what_compiles_and_whatever_it_imports_tells_states_of_compiled_code_apart(package, name):
    before = compiled_state(package)
    (package / name).write_text(MODULES[name] + "y = 2\n")
    assert (compiled_state(package) != before) is (name in COMPILING)


@pytest.mark.parametrize("name", MODULES)
def test_all_that_computes_tells_states_of_the_code_apart(package, name):
    before = code_state(package)
    (package / name).write_text(MODULES[name] + "y = 2\n")
    assert (code_state(package) != before) is name.startswith(("estimators", "reconstruction"))


def test_a_file_moved_or_added_is_another_state(package):
    before = code_state(package), compiled_state(package)
    (package / "reconstruction/kernels/calls.py").rename(package / "reconstruction/kernels/moved.py")
    moved = code_state(package), compiled_state(package)
    (package / "reconstruction/kernels/more").mkdir()
    (package / "reconstruction/kernels/more/d.py").write_text(KERNEL)
    added = code_state(package), compiled_state(package)
    assert all(len(set(states)) == 3 for states in zip(before, moved, added))


def test_every_module_that_defines_compiled_functions_is_among_them():
    package = compiled.Path(compiled.__file__).parent
    compiling = {path for path in package.rglob("*.py") if "@njit" in path.read_text() or "@step(" in path.read_text()}
    assert compiling and all(compiled.COMPILES.search(path.read_text()) for path in compiling - {package / "compiled.py"})
