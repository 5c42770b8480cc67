"""A small made-up study, published as if it were a paper: twelve patients in two arms."""

import shutil

import numpy as np
import pytest

from analysis.reconstruction.kernels import kernels, tallies
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.run import reconstruct

STUDY = """
study: toy
title: A made-up study
label: Toy
citation: {}
tables:
  cohort: {file: cohort.csv, unit: patient, key: patient}
  visits: {file: visits.csv, unit: visit, key: visit}
variables:
  cohort:
    patient: {type: id, meaning: a patient}
    arm: {type: category, levels: [A, B], meaning: arm}
    sex: {type: category, levels: [F, M], meaning: sex}
    response: {type: category, levels: [good, bad, unclear], meaning: response}
    visits: {type: integer, range: [1, 3], meaning: visits}
    age: {type: integer, unit: years, range: [1, 90], meaning: age}
    os_months: {type: number, unit: months, range: [0, 60], meaning: time}
    died: {type: boolean, meaning: died}
  visits:
    visit: {type: id, meaning: a visit}
    patient: {type: id, meaning: its patient}
    arm: {type: category, levels: [A, B], meaning: arm}
    number: {type: integer, range: [1, 3], meaning: which}
    fever: {type: boolean, meaning: fever}
endpoints:
  os: {time: os_months, event: died, label: Overall survival}
populations:
  all: {where: "", label: everybody}
  a: {where: "arm=A", label: arm A}
  b: {where: "arm=B", label: arm B}
  visits: {table: visits, where: "", label: visits}
"""

LEDGER = """id,source,quantity,population,subset,statistic,arguments,printed,role,from,copy_of,note
n.all,Text,patients,all,,count,,12,imposed,,,
n.a,Text,in A,a,,count,,7,imposed,,,
sex.f,Text,women,all,sex=F,count,,5,imposed,,,
sex.f.a,Text,women in A,a,sex=F,percent,,42.9%,imposed,,,
resp.a,Text,responses in A,a,response=good,count,,4,imposed,,,
resp.b,Text,responses in B,b,response=good,count,,1,held-out,,,
age.mean,Text,mean age,all,,mean,variable=age,50.5,imposed,,,
age.sd,Text,sd of age,all,,sd,variable=age,12.3,imposed,,,
young.f,Text,young women,all,age<40 & sex=F,count,,2,imposed,,,
young.n,Text,the young,all,age<40,count,,3,imposed,,,
os.all.12,Text,survival,all,,survival,endpoint=os; time=12,74.07%,imposed,,,
os.all.12.se,Text,error,all,,survival_se,endpoint=os; time=12,12.95%,imposed,,,
os.a.12,Text,survival in A,a,,survival,endpoint=os; time=12,85.71%,imposed,,,
os.a.12.se,Text,error in A,a,,survival_se,endpoint=os; time=12,13.23%,imposed,,,
follow.max,Text,longest,all,,follow_up_maximum,endpoint=os,50,imposed,,,
follow.median,Text,median,all,,follow_up_median,endpoint=os,15,imposed,,,
visits.n,Text,visits,visits,,count,,20,imposed,,,
fever.n,Text,fever,visits,fever=1,count,,6,imposed,,,
dose,Text,a dose,,,quoted,,5,context,,,
"""

ASSUMPTIONS = """
timeline:
  chain: [os]
  last: 50
  strata: {arm: each}
  months: {"2-12": 6, "13-30": 5, "31-49": 3}
tables:
  cohort:
    rules:
      - {when: "arm=B", then: "response!=unclear", why: B was always examined}
    bounds:
      - {where: "response=unclear", at_least: 1, at_most: 2, why: told in words}
  visits:
    parent: {table: cohort, key: patient, count: visits, number: number, copied: [arm]}
    rules:
      - {when: "cohort_response=unclear", then: "fever=1", why: fever hindered the examination}
"""


@pytest.fixture(scope="session")
def write_study():
    """Writes the study's declaration, ledger and assumptions into a new folder."""
    return _write


def _write(place):
    place.mkdir()
    for name, text in (("study.yml", STUDY), ("printed.csv", LEDGER), ("reconstruction.yml", ASSUMPTIONS)):
        (place / name).write_text(text.lstrip(), encoding="utf-8")
    return place


@pytest.fixture
def folder(tmp_path, write_study):
    return write_study(tmp_path / "toy")


@pytest.fixture
def toy(folder):
    return read_problem(folder)


def tallied(time, event, *groups):
    """Leaving, deaths and sizes of groups on one endpoint."""
    pairs = np.array([(k, 0) for k in range(len(groups))])
    leaving, deaths, sizes, place = tallies.empty(pairs, int(time.max()) + 1, len(time))
    for row in range(len(time)):
        tallies.recount(
            pairs, time[None, :], event[None, :], np.array(groups), row, leaving, deaths, sizes, place, np.zeros(len(groups), bool)
        )
    return leaving, deaths, sizes


def compared(time, event, first, second):
    """Values of a comparison, in the order of `kernels.METHODS`."""
    out, steps = np.empty(9), np.empty((int(time.max()) + 1, 4), np.int64)
    months = kernels.event_months(*tallied(time, event, first, second), 0, 1, steps)
    kernels.moments(steps[:months], out)
    kernels.cox(steps[:months], out)
    return out


@pytest.fixture(scope="session")
def made(tmp_path_factory, write_study):
    """A folder with saved cohorts, and the build folder they came from; made once."""
    place = tmp_path_factory.mktemp("made")
    folder = write_study(place / "toy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.reconstruction.ensemble.ensemble.BUILD", place / "build")
        reconstruct(folder, cohorts=3, seed=5, progress=lambda line: None)
    return place


@pytest.fixture
def saved(made, tmp_path, monkeypatch):
    place = shutil.copytree(made, tmp_path / "copy")
    monkeypatch.setattr("analysis.reconstruction.ensemble.ensemble.BUILD", place / "build")
    return place / "toy"
