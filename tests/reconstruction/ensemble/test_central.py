"""The reference is the medoid over declared quantities: a small ensemble worked by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.reconstruction.ensemble import central
from analysis.reconstruction.ensemble.central import find_central, mean_distances

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


def test_distances_are_those_worked_by_hand():
    # first quantity: range 10, so the pairs lie 0.1, 0.2, 1, 0.1, 0.9 and 0.8 apart; second: range 4
    values = np.array([[0.0, 4.0], [1.0, 2.0], [2.0, 2.0], [10.0, 0.0]])
    first = np.array([(0.1 + 0.2 + 1.0) / 3, (0.1 + 0.1 + 0.9) / 3, (0.2 + 0.1 + 0.8) / 3, (1.0 + 0.9 + 0.8) / 3])
    second = np.array([(0.5 + 0.5 + 1.0) / 3, (0.5 + 0.0 + 0.5) / 3, (0.5 + 0.0 + 0.5) / 3, (1.0 + 0.5 + 0.5) / 3])
    np.testing.assert_allclose(mean_distances(values), (first + second) / 2)


def test_an_undefined_value_is_far_from_every_number_and_near_to_its_likes():
    values = np.array([[1.0], [3.0], [np.nan], [np.nan], [np.inf]])
    np.testing.assert_allclose(
        mean_distances(values), [(1 + 1 + 1 + 1) / 4, (1 + 1 + 1 + 1) / 4, (1 + 1 + 0 + 1) / 4, (1 + 1 + 0 + 1) / 4, 1.0]
    )


def test_a_quantity_that_does_not_differ_moves_nothing():
    values = np.array([[7.0, 0.0], [7.0, 1.0], [7.0, 2.0]])
    np.testing.assert_allclose(mean_distances(values), [0.375, 0.25, 0.375])


def test_one_member_is_at_no_distance():
    np.testing.assert_array_equal(mean_distances(np.array([[3.0, np.nan]])), [0.0])


@pytest.fixture
def counted(saved):
    """A study with two described quantities, of which the reference is chosen by the first."""
    (saved / "ranges.yml").write_text(
        "- {id: women, quantity: women, subset: sex=F, statistic: count}\n- {id: dead, quantity: deaths, subset: died=1, statistic: count}\n"
    )
    declaration = saved / "study.yml"
    declaration.write_text(declaration.read_text() + "\ncentral: [women]\n")
    return saved


def test_the_medoid_is_the_member_in_the_middle_and_equals_are_decided_by_number(counted, monkeypatch):
    from analysis.cohorts.study import read_study

    study = read_study(counted)
    values = iter([9.0, 4.0, 5.0, 4.0, 0.0])
    monkeypatch.setattr(central.Aim, "value", lambda self, study, tables: next(values))
    found = find_central(study, [{"cohort": pd.DataFrame()}] * 5)
    # sums of distances: 9: 5+4+5+9 = 23; 4: 5+1+0+4 = 10; 5: 4+1+1+5 = 11; 4: 10; 0: 9+4+5+4 = 22
    assert found.member == 1 and found.quantities == ("women",)
    np.testing.assert_allclose(found.distances, np.array([23, 10, 11, 10, 22]) / 9 / 4)


def test_a_quantity_that_is_not_described_is_named(counted):
    from analysis.cohorts.study import read_study

    declaration = counted / "study.yml"
    declaration.write_text(declaration.read_text().replace("central: [women]", "central: [woman]"))
    with pytest.raises(InputError, match="(?s)central.*'woman'.*women"):
        find_central(read_study(counted), [])
