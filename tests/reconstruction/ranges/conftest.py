"""The made-up study with quantities whose ends are looked for, and its search, made once."""

import shutil

import pytest

from analysis.reconstruction.ranges.record import find

AIMS = """
- {id: ratio, quantity: hazard ratio, statistic: hazard_ratio, arguments: {endpoint: os, by: arm, groups: "A,B"}}
- {id: women-died, quantity: deaths of women, subset: "sex=F & died=1", statistic: count, decimals: 0}
"""


def quiet(line):
    pass


@pytest.fixture
def asked(saved):
    """Folder of the study with its quantities, not yet searched."""
    (saved / "ranges.yml").write_text(AIMS)
    return saved


@pytest.fixture(scope="session")
def searched_once(made, tmp_path_factory):
    """Folder in which one worker has searched with seed 1."""
    folder = shutil.copytree(made / "toy", tmp_path_factory.mktemp("searched") / "toy")
    (folder / "ranges.yml").write_text(AIMS)
    find(folder, 1, 1, quiet, 2)
    return folder


@pytest.fixture
def searched(searched_once, tmp_path):
    """A copy of it."""
    return shutil.copytree(searched_once, tmp_path / "searched" / "toy")
