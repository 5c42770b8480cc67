"""Value labels that contradict what a code would be read as are faults that ask for codes."""

import re

import pyreadstat
import pytest
import yaml

from analysis.cohorts.importing import report
from analysis.cohorts.importing.checking import check_file, read_cohort
from analysis.cohorts.importing.columns import labels
from analysis.cohorts.study_parts import Variable
from analysis.errors import InputError

TRUTH = Variable(type="boolean", meaning="Died of any cause")


@pytest.fixture(params=["sav", "dta"])
def labelled(request, put, study, reference):
    def check(mapping="", **named):
        path = put(f"own.{request.param}", b"")
        put("own.mapping.yml", mapping)
        frame = reference.assign(
            died=reference["died"].astype("int32"), age=reference["age"].astype(float), stage=reference["stage"].fillna("")
        )
        write = pyreadstat.write_sav if request.param == "sav" else pyreadstat.write_dta
        write(frame, str(path), variable_value_labels=named)
        return check_file(study, path)

    return check


def test_zero_for_dead_and_one_for_alive_is_a_fault_that_asks_for_codes(labelled, reference):
    told = report.as_text(labelled(died={0: "dead", 1: "alive"}))
    assert "e.g. codes: {'dead': 1, 'alive': 0}; found labels 0 = 'dead', 1 = 'alive'" in told
    followed = labelled("columns: {died: {column: died, codes: {'dead': 1, 'alive': 0}}}\n", died={0: "dead", 1: "alive"})
    assert followed.frame["died"].tolist() == (~reference["died"]).tolist()


@pytest.mark.parametrize(
    "named", [{0: "no", 1: "yes"}, {0: "Alive", 1: "Died"}, {0: "censored", 1: "event"}, {0: "not died", 1: "died"}, {1: "dead"}]
)
def test_labels_that_agree_are_taken(labelled, reference, named):
    assert labelled(died=named).frame["died"].tolist() == reference["died"].tolist()


@pytest.mark.parametrize(
    ("name", "said", "sound"),
    [
        ("died", {0: "no relapse", 1: "relapse"}, True), ("kit", {0: "wild type", 1: "mutated"}, False), ("sct", {0: "SCT", 1: "no SCT"}, False),
        ("sct", {0: "no SCT", 1: "SCT"}, True), ("alive", {0: "dead", 1: "alive"}, True), ("alive", {0: "alive", 1: "dead"}, False), ("died", {1: "no"}, False), ("died", {0: "event"}, False),
        ("died", {0: "unbekannt", 1: "ja"}, False), ("early_death", {0: "no", 1: "early death"}, True), ("died", {9: "unknown"}, True),
    ],
)  # fmt: skip
def test_labels_of_truth_must_say_no_and_yes_in_words_that_are_understood(name, said, sound):
    assert (not list(labels.contradictions(name, TRUTH, said, set(said)))) == sound


@pytest.mark.parametrize(
    ("title", "opposite"),
    [
        ("en_vie", True), ("En vida", True), ("vivo", True), ("In leven", True), ("sopravvissuto", True), ("survie", True), ("muerto", False), ("Exitus", False),
        ("status: dead=0, alive=1", True), ("status: dead=1, alive=0", False), ("Status (0 dead, 1 alive)", True), ("Status (0 alive, 1 dead)", False),
        ("0, Dead | 1, Alive", True), ("0, Alive | 1, Dead", False), ("died (yes=0, no=1)", True), ("estado (0=muerto, 1=vivo)", True),
        ("estado (0=vivo, 1=muerto)", False), ("0 = am Leben, 1 = verstorben", False), ("Death within 1 year (0 no, 1 yes)", False), ("death, grade 0-1", False),
    ],
)  # fmt: skip
def test_a_name_or_title_that_says_that_one_means_alive_is_asked_about_in_several_languages(title, opposite):
    assert bool(list(labels.spoken_opposites("died", TRUTH, [title]))) == opposite


def test_the_codes_that_are_proposed_can_be_pasted_whatever_the_words(put, study):
    content = "patient,arm,months,died\n1,a,2,'d\n2,b,3,vivo\n3,b,4,b'x'\n"
    told = report.as_text(check_file(study, put("own.csv", content)))
    proposed = [yaml.safe_load("{" + line + "}") for line in re.findall(r"e\.g\. (codes: \{.*?\})\)", told)]
    assert {"codes": {"a": "A", "b": "B"}} in proposed and {"codes": {"'d": "…", "vivo": 0, "b'x'": "…"}} in proposed


def test_a_code_that_is_one_level_and_labelled_as_another_is_a_fault(put, study, reference):
    path = put("own.sav", b"")
    frame = reference.assign(died=reference["died"].astype(float), age=reference["age"].astype(float), stage=reference["stage"].fillna(""))
    pyreadstat.write_sav(frame, str(path), variable_value_labels={"arm": {"A": "B", "B": "A"}})
    told = report.as_text(check_file(study, path))
    assert "'codes' in the mapping, e.g. codes: {'B': A}; found 'A' labelled 'B'" in told


@pytest.mark.parametrize(
    ("levels", "said", "sound"),
    [(("F", "M"), {"F": "female", "M": "male"}, True), (("F", "M"), {"F": "male", "M": "female"}, False), (("1", "2"), {1.0: "high", 2.0: "low"}, False),
     (("M0", "M2"), {"M2": "FAB M2"}, True), (("CR", "CR/CRi"), {"CR": "CR", "CR/CRi": "CR/CRi"}, True), (("low", "high"), {1.0: "high", 2.0: "low"}, True)],
)  # fmt: skip
def test_labels_of_a_category_must_speak_of_the_level_that_the_code_is(levels, said, sound):
    category = Variable(type="category", levels=levels)
    assert (not list(labels.contradictions("x", category, said, set(said)))) == sound


def test_a_label_on_a_number_is_a_code_until_the_mapping_says_what_it_means(labelled):
    told = report.as_text(labelled(age={50: "unknown"}))
    assert "missing: ['50'] in the mapping, else 'codes'; found labels 50 = 'unknown'" in told
    assert labelled("columns: {age: {column: age, missing: ['50']}}\n", age={50: "unknown"}).frame["age"].isna().sum() == 2
    assert labelled(age={99: "unknown"}).frame is not None  # a code that no patient has


@pytest.mark.parametrize(
    "nothing", ["no data", "not known", "nicht bekannt", "keine Angabe", "not assessed", "nicht erhoben", "non renseigné"]
)
def test_a_zero_that_says_that_nobody_knows_is_no_no(labelled, nothing):
    told = labelled(died={0: nothing, 1: "yes"})
    assert told.frame is None
    assert f"e.g. codes: {{'{nothing}': '?', 'yes': 1}}" in report.as_text(told)


def test_not_done_beside_done_is_a_no():
    variable = Variable(type="boolean", meaning="SCT")
    assert not list(labels.contradictions("sct", variable, {0: "not done", 1: "done"}, {0, 1}))
    assert list(labels.contradictions("sct", variable, {0: "not done", 1: "yes"}, {0, 1}))


def spoken(*texts, name="died", variable=TRUTH):
    return [problem.found for problem in labels.spoken_opposites(name, variable, texts)]


@pytest.mark.parametrize(
    "text",
    [
        "alive",
        "Alive at last contact",
        "Zensiert",
        "cens",
        "Censor",
        "OS_censored",
        "lebt",
        "survived",
        "event_free",
        "rezidivfrei",
        "no_relapse",
        "ohne Rezidiv",
        "RelapseFree",
        "censuré",
        "OS censureret",
        "gecensureerd",
        "sensurert",
        "levende",
        "leeft",
        "naživu",
        "CNSR",
        "OS.CNSR",
        "zyje",
        "Ueberlebt",
        "Overlevende",
        "Överlevande",
        "lebendig",
        "жив",
        "pozostaje przy życiu",
        "não óbito",
        "sin evento",
        "bez zgonu",
        "uten hendelse",
        "nonevent",
        "notDead",
        "notdead",
        "survival",
        "Surv",
        "remission_ongoing",
        "Ongoing CR",
        "InRemission",
        "still in complete remission",
        "anhaltende Remission",
        "rémission",
        "CCR",
        "NED",
        "lost_to_follow_up",
        "LTFU",
        "Follow-up ongoing",
        "ongoing_OS",
    ],
)
def test_a_name_that_says_the_opposite_of_the_event_is_told(text):
    assert spoken(text) == [f"'{text}', which means the opposite"]
    assert spoken("v12", text) == spoken(text)


@pytest.mark.parametrize(
    "text",
    [
        "died",
        "status",
        "survival_status",
        "OS",
        "overall survival",
        "Vitalstatus",
        "sinus",
        "nonacute",
        "Event (censored otherwise)",
        "dead or alive",
        "e",
        "cd34",
        "event_free_survival",
        "Disease-free survival, status",
        "not known",
        "noted",
        "Died (0 = alive, 1 = dead)",
        "status 1=event 0=censored",
        "status (0=alive)",
        "Event (1 = relapse or death)",
        "uncensored",
        "sensor 1",
        "center",
        "death_in_remission",
        "loss of remission",
        "End of CR",
        "TRM in CR1",
        "remitted to us",
        "ongoing",
        "in_study",
        "CRP",
        "needle",
        "",
    ],
)
def test_names_of_the_event_and_names_that_say_nothing_are_taken(text):
    assert spoken(text) == []


@pytest.mark.parametrize(
    ("name", "meaning", "text", "asked"),
    [
        ("relapse", "Relapse after remission", "remission_ongoing", True),
        ("relapse", "Relapse after remission", "remission", False),
        ("relapse_competing", "Death in remission", "in_remission", True),
        ("cr", "Complete remission ever reached", "remission_ongoing", False),
        ("lost", "Lost to follow-up instead of death", "LTFU", False),
        ("lost", "Lost to follow-up instead of death", "lost to follow-up", False),
    ],
)
def test_a_remission_that_lasts_is_no_event_that_ends_it_but_may_be_a_remission(name, meaning, text, asked):
    assert bool(spoken(text, name=name, variable=Variable(type="boolean", meaning=meaning))) == asked


@pytest.mark.parametrize(
    ("name", "meaning", "text", "asked"),
    [
        ("cr", "Complete remission", "refractory", True),
        ("cr", "Complete remission", "Treatment failure", True),
        ("cr", "Complete remission", "InductionFailure", True),
        ("cr", "Complete remission", "nonresponder", True),
        ("cr", "Complete remission", "Therapieversagen", True),
        ("cr", "Complete remission", "échec", True),
        ("cr", "Complete remission", "persistent disease", True),
        ("cr", "Complete remission", "relapse", True),
        ("cr", "Complete remission", "response", False),
        ("cr", "Complete remission", "CR after failure of induction", False),
        ("cr", "Complete remission", "outcome", False),
        ("refractory", "Primary refractory disease", "remission", True),
        ("refractory", "Primary refractory disease", "Response", True),
        ("refractory", "Primary refractory disease", "resistant", False),
        ("no_response", "No response to induction", "failure", False),
        ("gvhd", "Acute graft-versus-host disease", "refractory", False),
        ("died", "Died", "relapse", False),
    ],
)
def test_a_failure_is_no_response_and_a_response_no_failure(name, meaning, text, asked):
    assert bool(spoken(text, name=name, variable=Variable(type="boolean", meaning=meaning))) == asked


@pytest.mark.parametrize(
    ("name", "meaning", "text", "asked"),
    [
        ("alive", "Alive at the end", "died", True),
        ("alive", "Alive at the end", "Exitus", True),
        ("censored", "Censored", "event", True),
        ("mrd_negative", "MRD negative", "MRD_pos", True),
        ("alive", "Alive at the end", "dead_or_alive", False),
        ("alive", "Alive at the end", "not dead", False),
        ("alive", "Alive at the end", "status", False),
        ("alive", "Alive, 0 if dead", "died", False),
    ],
)
def test_a_variable_that_is_declared_as_the_opposite_is_not_read_from_a_column_of_the_event(name, meaning, text, asked):
    assert bool(spoken(text, name=name, variable=Variable(type="boolean", meaning=meaning))) == asked


def test_codes_in_a_name_or_title_are_held_against_the_declaration():
    assert spoken("Survival status (0=dead, 1=alive)") == ["labels 0 = 'dead', 1 = 'alive'"]
    assert spoken("status", "1: lebt; 0: tot") == ["labels 0 = 'tot', 1 = 'lebt'"]
    assert spoken("status (0=dead)") == ["labels 0 = 'dead'"] and spoken("vital: 1=lebt") == ["labels 1 = 'lebt'"]


def test_a_variable_that_is_itself_declared_so_is_taken_by_its_name():
    assert spoken("alive", name="alive", variable=Variable(type="boolean", meaning="Alive at the end")) == []
    assert spoken("lebt", name="alive", variable=Variable(type="boolean", meaning="Alive at the end")) == []


def test_a_column_called_alive_is_asked_about_and_codes_answer(study, put, reference):
    content = (
        reference.drop(columns="stage").assign(died=reference["died"].astype(int)).rename(columns={"died": "alive"}).to_csv(index=False)
    )
    absent = "absent: stage\n"
    put("own.mapping.yml", "columns: {died: alive}\n" + absent)
    told = check_file(study, put("own.csv", content))
    assert told.frame is None and "'codes' in the mapping tells" in report.as_text(told)
    put("own.mapping.yml", "columns: {died: {column: alive, codes: {1: 0, 0: 1}}}\n" + absent)
    assert check_file(study, put("own.csv", content)).frame["died"].tolist() == (~reference["died"]).tolist()


def test_words_under_a_name_that_says_the_opposite_are_given_no_codes_that_would_invert_them(study, put):
    put("own.mapping.yml", "columns: {died: {column: 'Died? (choice=No)'}}\n")
    with pytest.raises(InputError) as caught:
        read_cohort(study, put("own.csv", "patient,arm,months,Died? (choice=No)\n1,A,3,Checked\n2,B,4,Unchecked\n"))
    told = [str(fault) for fault in caught.value.faults]
    assert "means the opposite" in told[0]
    assert len(told) == 3
    assert not any("'Checked': 1" in line for line in told)
