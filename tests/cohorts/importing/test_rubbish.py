"""Whatever stands in a file or a mapping, the answer is a cohort or a list of faults."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import paths
from analysis.cohorts.importing import report
from analysis.cohorts.importing.checking import check_file
from analysis.cohorts.importing.mapping import read_mapping
from analysis.cohorts.study import read_study

BRIEF = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WORDS = st.sampled_from(
    ["patient", "arm", "stage", "age", "months", "died", "A", "II", "1", "0", "2,5", "2.5", "1,234", "01.02.2020", "31.02.2020", "03/04/2020", "", "?", "unit", "days",
     "column", "codes", "columns", "from", "to", "known", "constant", "missing", "absent", "file", "range", "decimal", "dates", "=1+1", "\x1b", "é", "#", '"', "nan", "1e999"]
)  # fmt: skip
ROWS = st.lists(st.lists(WORDS, max_size=7), max_size=6)
NESTED = st.recursive(WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=12)


def told(study, path):
    checked = check_file(study, path)
    assert (checked.frame is None) == bool(checked.problems)
    assert "\x1b" not in report.as_text(checked) + report.as_html(checked)
    return checked


@BRIEF
@given(ROWS, st.sampled_from([",", ";", "\t"]))
def test_rows_of_rubbish_are_a_list_of_faults(study, put, rows, sign):
    told(study, put("own.csv", "patient,arm,months,died\n".replace(",", sign) + "\n".join(sign.join(row) for row in rows)))


@BRIEF
@given(st.binary(max_size=200), st.sampled_from(["csv", "xlsx", "parquet", "sav"]))
def test_bytes_of_rubbish_are_a_list_of_faults(study, put, content, suffix):
    told(study, put(f"own.{suffix}", content))


@BRIEF
@given(NESTED, ROWS)
def test_a_mapping_of_rubbish_is_a_list_of_faults(study, put, content, rows):
    import yaml

    put("own.mapping.yml", yaml.safe_dump(content, allow_unicode=True))
    told(study, put("own.csv", "patient,arm,months,died\n1,A,2,1\n" + "\n".join(",".join(row) for row in rows)))


@BRIEF
@given(st.text(max_size=80))
def test_a_text_that_is_no_mapping_is_a_list_of_faults(put, text):
    mapping, problems = read_mapping(put("own.mapping.yml", text.encode("utf-8", "surrogatepass")))
    assert mapping is not None or problems


def test_the_mapping_of_the_guide_is_one(put):
    guide = (paths.BOOK / "guide" / "own-cohort.md").read_text(encoding="utf-8")
    mapping, problems = read_mapping(put("own.mapping.yml", guide.split("```yaml\n")[1].split("```")[0]))
    assert problems == []
    study = read_study(mapping.study)
    assert set(mapping.columns) | set(mapping.absent) <= set(study.variables["cohort"])
    assert all(
        code in ("?", "") or code in study.variables["cohort"][name].levels
        for name, entry in mapping.columns.items()
        for code in entry.codes.values()
        if study.variables["cohort"][name].levels
    )


@pytest.fixture(params=["xlsx", "parquet", "sav", "dta"])
def typed_file(request, put, reference):
    """The made-up cohort in a form that only a library can read."""
    import pyreadstat

    form = request.param
    path = put(f"own.{form}", b"")
    frame = reference.assign(died=reference["died"].astype(float), age=reference["age"].astype(float), stage=reference["stage"].fillna(""))
    {
        "xlsx": lambda: frame.to_excel(path, index=False),
        "parquet": lambda: frame.to_parquet(path),
        "sav": lambda: pyreadstat.write_sav(frame, str(path)),
        "dta": lambda: pyreadstat.write_dta(frame, str(path)),
    }[form]()
    return path


@pytest.mark.slow
def test_a_file_cut_short_is_a_fault(study, typed_file):
    path = typed_file
    whole = path.read_bytes()
    for share in (0.3, 0.9):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert told(study, path).frame is None


def test_a_file_with_changed_bytes_never_takes_the_program_down(study, typed_file):
    import random

    whole, chance = typed_file.read_bytes(), random.Random(7)
    for _ in range(3):
        damaged = bytearray(whole)
        for _ in range(20):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        typed_file.write_bytes(damaged)
        told(study, typed_file)


def test_a_reader_that_breaks_down_is_a_fault_of_the_file(study, put, monkeypatch):
    import signal

    from analysis.cohorts.importing.readers import isolated

    class Lost:
        returncode, stdout = -signal.SIGSEGV, b""

    monkeypatch.setattr(isolated.subprocess, "run", lambda *args, **more: Lost)
    checked = told(study, put("own.sav", b"$FL2 whatever"))
    assert [problem.found for problem in checked.problems] == ["a file that cannot be read as one"]
