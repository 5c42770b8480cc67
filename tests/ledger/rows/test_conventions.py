"""Every statistic tells its conventions; names of others are refused where a study or a program's profile uses them."""

import pytest
import yaml

from analysis.cohorts.study import read_study
from analysis.errors import InputError
from analysis.ledger.rows.conventions import conventions_of
from analysis.ledger.rows.programs import PROFILES
from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.statistics import REGISTRY
from tests.conftest import DECLARED


@pytest.mark.parametrize("name", [name for name in REGISTRY if name != "quoted"])
def test_a_statistic_tells_its_conventions(name):
    found = conventions_of(name)
    assert found and (len(found) > 1) == bool(REGISTRY[name].default), found
    assert REGISTRY[name].default in ("", *found)


def test_profiles_of_programs_speak_of_conventions_that_exist():
    unknown = {
        (profile.name, statistic, convention)
        for profile in PROFILES
        for statistic, conventions in profile.prints.items()
        for convention in conventions
        if convention not in conventions_of(statistic)
    }
    assert unknown == set()


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"survivl": "log"}, "named.survivl: expected a registered statistic; found 'survivl' (did you mean 'survival'?)"),
        ({"survival_lower": "loglog"}, "named.survival_lower: expected one of log, log-log, plain; found 'loglog' (did you mean 'log-log'?)"),
        ({"contingency_p": ["fisher", "chi"]}, "named.contingency_p: expected one of fisher, fisher-midp, pearson, pearson-yates; found 'chi'"),
        ({"mean": "plain"}, "named.mean: expected no convention, as there is one way alone; found 'plain'"),
    ],
)  # fmt: skip
def test_a_slip_in_named_is_refused(study_folder, named, said):
    (study_folder / "study.yml").write_text(yaml.safe_dump(DECLARED | {"named": named}))
    with pytest.raises(InputError) as caught:
        read_ledger(read_study(study_folder))
    assert str(caught.value) == f"study.yml: {said}"
