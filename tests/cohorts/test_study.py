import copy

import pytest
import yaml

from analysis.cohorts.study import read_study
from analysis.errors import InputError


def rewritten(folder, change):
    path = folder / "study.yml"
    declared = yaml.safe_load(path.read_text())
    changed = copy.deepcopy(declared)
    change(changed)
    path.write_text(yaml.safe_dump(changed, sort_keys=False))
    return folder


def test_a_study_reads_back_what_is_declared(study):
    assert study.slug == "made_up"
    assert study.variables["cohort"]["stage"].levels == ("I", "II", "III")
    assert study.populations["a"].condition.variables == ("arm",)


def test_an_unknown_study_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(InputError, match="nowhere"):
        read_study(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(popullations={}), "popullations"),
        (lambda d: d["populations"]["a"].update(where="amr=A"), "did you mean 'arm'"),
        (lambda d: d["populations"]["a"].update(where="arm=C"), "unknown level 'C'"),
        (lambda d: d["populations"]["a"].update(table="patients"), "unknown table 'patients'"),
        (lambda d: d["endpoints"]["os"].update(time="month"), "did you mean 'months'"),
        (lambda d: d["variables"]["cohort"]["age"].update(levels=["x"]), "levels for a category"),
        (lambda d: d.update(significance=5), "significance"),
    ],
)
def test_a_loose_end_is_named_with_its_place(study_folder, change, said):
    with pytest.raises(InputError, match=said):
        read_study(rewritten(study_folder, change))


def test_all_faults_are_reported_together(study_folder):
    def change(declared):
        declared["populations"]["a"]["where"] = "amr=A"
        declared["populations"]["b"]["where"] = "arm=Z"

    with pytest.raises(InputError) as caught:
        read_study(rewritten(study_folder, change))
    assert len(caught.value.faults) == 2


def test_a_key_written_twice_is_refused(study_folder):
    path = study_folder / "study.yml"
    path.write_text(path.read_text() + "\nstudy: other\n")
    with pytest.raises(InputError, match="a second time"):
        read_study(study_folder)


def with_relapse(declared, **further):
    relapse = {"type": "boolean"}
    declared["variables"]["cohort"] |= {
        "relapse_months": {"type": "number", "range": [0, 99]},
        "relapsed": relapse,
        "lost": relapse | {"missing": False},
    }
    declared["endpoints"]["relapse"] = {"time": "relapse_months", "event": "relapsed", "competing": "lost", "label": "Relapse"} | further


@pytest.mark.parametrize(("further", "empty"), [({"within": "a"}, True), ({}, False)])
def test_what_an_endpoint_of_a_part_of_the_patients_needs_may_be_empty_for_the_others(study_folder, further, empty):
    variables = read_study(rewritten(study_folder, lambda declared: with_relapse(declared, **further))).variables["cohort"]
    assert [variables[name].missing for name in ("relapse_months", "relapsed", "lost", "months")] == [empty, empty, False, False]


def test_what_an_endpoint_of_all_patients_needs_too_may_not_be_empty(study_folder):
    changed = rewritten(study_folder, lambda declared: with_relapse(declared, within="a", time="months"))
    assert not read_study(changed).variables["cohort"]["months"].missing
