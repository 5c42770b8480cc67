"""A study is begun with files that are valid as they are; run again, pages follow what is declared and nothing changed is lost."""

import pytest
import yaml

from analysis.book.new_study import new_study
from analysis.book.sources import notebooks
from analysis.cohorts.study import read_study
from analysis.errors import InputError
from analysis.ledger.registers.claims import read_claims
from analysis.ledger.registers.findings import read_findings
from analysis.ledger.registers.table_layouts import read_layouts
from analysis.ledger.session.study_session import open_study
from analysis.reconstruction.problem.problem import read_problem
from analysis.review.lint import headers, line_breaks, wording

TRIAL = {
    "title": "A trial", "design": "trial", "interval": "log-log", "time_unit": "years", "origin": "randomisation",
    "endpoints": {"efs": {"label": "Event-free survival", "includes": "os"}, "os": "Overall survival", "relapse": {"label": "Relapse", "competing": "Death without relapse"}},
    "groupings": {"arm": ["A", "B", "no treatment"]},
}  # fmt: skip
PAGES = [
    "summary", "efs", "efs_by_arm", "os", "os_by_arm", "relapse", "relapse_by_arm", "reporting", "findings", "claims", "data", "audit",
]  # fmt: skip


@pytest.fixture
def trial(root):
    new_study.begin("trial", None, TRIAL, root=root)
    return root


def pages(root, slug="trial"):
    return sorted(path.stem for path in (root / "notebooks" / slug).glob("*.md"))


def declare(root, change):
    path = root / "data" / "trial" / "study.yml"
    content = yaml.safe_load(path.read_text())
    change(content)
    path.write_text(yaml.safe_dump(content, sort_keys=False))


def test_every_file_is_valid_as_it_is(trial):
    study = read_study(trial / "data" / "trial")
    opened = open_study(study.folder)
    assert len(opened.ledger) == 0 and not opened.reference
    assert read_layouts(study) == {} and read_findings(study, opened.ledger) == () and read_claims(study, opened.ledger) == ()
    assert read_problem(study.folder).assumptions.timeline is None


def test_an_endpoint_of_a_part_of_the_patients_is_declared_with_that_part(root):
    """Of a group, which has a population already, no second one is made."""
    asked = {"relapse": {"label": "Relapse", "within": "in_remission", "origin": "remission"}, "late": {"label": "Late", "within": "arm_a"}}
    new_study.begin("one", None, TRIAL | {"endpoints": asked}, root=root)
    study = read_study(root / "data" / "one")
    assert (
        str(study.populations["in_remission"].condition) == "in_remission=1" and study.populations["in_remission"].label == "In remission"
    )
    declared = study.variables["cohort"]["in_remission"]
    assert declared.type == "boolean" and declared.known == "later" and "arm_a" not in study.variables["cohort"]
    assert (study.endpoints["relapse"].within, study.endpoints["relapse"].origin) == ("in_remission", "remission")
    assert study.endpoints["late"].within == "arm_a"


@pytest.mark.parametrize("design", ["cohort", "trial", "prognostic"])
def test_every_page_is_a_notebook_source_without_a_fault(root, design):
    new_study.begin("one", None, TRIAL | {"design": design}, root=root)
    for path in (root / "notebooks" / "one").glob("*.md"):
        text = path.read_text()
        assert [*headers.faults_of(path), *line_breaks.faults_of(text, path.name), *wording.faults_of(text, path.name)] == [], path.name


def test_there_is_a_page_an_endpoint_and_grouping_and_a_chapter(trial):
    assert pages(trial) == sorted(PAGES)
    (chapter,) = [part for part in yaml.safe_load((trial / "_toc.yml").read_text())["parts"] if part["caption"] == "Trial"]
    assert [entry["file"] for entry in chapter["chapters"]] == [f"notebooks/trial/{name}" for name in PAGES]
    captions = [part["caption"] for part in yaml.safe_load((trial / "_toc.yml").read_text())["parts"]]
    assert captions == ["First paper", "Trial", "Words"]


def test_the_contents_keep_their_own_indentation(root):
    content = yaml.safe_load((root / "_toc.yml").read_text())
    (root / "_toc.yml").write_text(yaml.safe_dump(content, sort_keys=False))  # which indents no list
    new_study.begin("trial", None, TRIAL, root=root)
    parts = yaml.safe_load((root / "_toc.yml").read_text())["parts"]
    assert [part["caption"] for part in parts] == ["First paper", "Trial", "Words"] and len(parts[1]["chapters"]) == len(PAGES)


@pytest.mark.parametrize(("design", "name"), [("cohort", "STROBE"), ("trial", "CONSORT"), ("prognostic", "REMARK")])
def test_the_design_chooses_the_checklist(root, design, name):
    new_study.begin("one", None, {"design": design}, root=root)
    assert f"## {name}\n" in (root / "notebooks" / "one" / "reporting.md").read_text()


def test_unit_origin_and_interval_are_declared_once(trial):
    study = read_study(trial / "data" / "trial")
    assert {(endpoint.unit, endpoint.origin) for endpoint in study.endpoints.values()} == {("years", "randomisation")}
    assert study.time_axis == "years" and study.named_conventions("survival_lower") == ("log-log",)
    page = notebooks.read(trial / "notebooks" / "trial" / "os.md")
    values = notebooks.declared_values(page, "os.md")
    assert values["horizon"] == 60.0 and values["interval"] is None  # five years, in the months of parameters; as the study has it


def test_the_groups_of_a_trial_are_randomised_and_those_of_a_cohort_are_not(root):
    for design in ("trial", "cohort"):
        new_study.begin(design, None, TRIAL | {"design": design}, root=root)
    assert [read_study(root / "data" / name).randomised("arm") for name in ("trial", "cohort")] == [True, False]


def test_a_second_run_changes_nothing(trial):
    before = {path: path.read_bytes() for path in trial.rglob("*") if path.is_file()}
    written = new_study.begin("trial", None, {}, root=trial)
    assert (written.new, written.renewed, written.refused) == ([], [], [])
    assert {path: path.read_bytes() for path in trial.rglob("*") if path.is_file()} == before


def test_a_new_endpoint_gets_its_pages_and_those_that_somebody_changed_stay(trial):
    mine = trial / "notebooks" / "trial" / "os.md"
    mine.write_text(mine.read_text() + "\nMy own sentence.\n")

    def add(content):
        content["variables"]["cohort"] |= {"pfs_time": {"type": "number", "range": [0, 20]}, "pfs_event": {"type": "boolean"}}
        content["endpoints"]["pfs"] = {"time": "pfs_time", "event": "pfs_event", "label": "Progression-free survival"}

    declare(trial, add)
    written = new_study.begin("trial", None, {}, root=trial)
    assert {name.rsplit("/")[-1] for name in written.new} == {"pfs.md", "pfs_by_arm.md"}
    assert written.refused == [] and mine.read_text().endswith("My own sentence.\n")
    assert "notebooks/trial/pfs_by_arm" in (trial / "_toc.yml").read_text()


def test_a_changed_page_that_would_have_to_be_written_anew_is_refused_by_name_and_stays(trial):
    mine, other = (trial / "notebooks" / "trial" / name for name in ("os.md", "efs.md"))
    mine.write_text(mine.read_text() + "\nMy own sentence.\n")
    declare(trial, lambda content: content.update(origin="registration"))
    written = new_study.begin("trial", None, {}, root=trial)
    assert [fault.file.rsplit("/")[-1] for fault in written.refused] == ["os.md"]
    assert mine.read_text().endswith("My own sentence.\n") and "registration" not in mine.read_text()
    assert "registration" in other.read_text()
    mine.unlink()  # as the message says
    assert new_study.begin("trial", None, {}, root=trial).refused == []
    assert "registration" in mine.read_text()


def test_a_page_of_somebody_else_is_never_written_over(root):
    page = root / "notebooks" / "trial" / "summary.md"
    page.parent.mkdir(parents=True)
    page.write_text("# Mine\n")
    written = new_study.begin("trial", None, TRIAL, root=root)
    assert [fault.file.rsplit("/")[-1] for fault in written.refused] == ["summary.md"] and page.read_text() == "# Mine\n"


def test_a_layout_gets_a_page_of_its_table(trial):
    (trial / "data" / "trial" / "tables.yml").write_text(
        "t1:\n  source: Table 1\n  caption: Patients\n  columns: [{label: All, cell: '{n}'}]\n  rows: [{label: All, key: all}]\n"
    )
    written = new_study.begin("trial", None, {}, root=trial)
    assert [name.rsplit("/")[-1] for name in written.new] == ["table_t1.md"]


def test_pages_of_tables_are_in_the_order_of_their_numbers_and_figures_follow(trial):
    layout = "  caption: Patients\n  columns: [{label: All, cell: '{n}'}]\n  rows: [{label: All, key: all}]\n"
    sources = {"t3": "Table 3", "f3": "Fig. 3", "t10": "Table 10", "t1": "Table 1", "s2": "Table S2"}
    layouts = "".join(f"{key}:\n  source: {source}\n{layout}" for key, source in sources.items())
    (trial / "data" / "trial" / "tables.yml").write_text(layouts)
    new_study.begin("trial", None, {}, root=trial)
    (chapter,) = [part for part in yaml.safe_load((trial / "_toc.yml").read_text())["parts"] if part["caption"] == "Trial"]
    assert [entry["file"].rsplit("_")[-1] for entry in chapter["chapters"] if "table_" in entry["file"]] == ["t1", "t3", "t10", "s2", "f3"]


def test_what_is_declared_no_longer_is_named(trial):
    declare(trial, lambda content: content["endpoints"].pop("relapse"))
    written = new_study.begin("trial", None, {}, root=trial)
    assert [name.rsplit("/")[-1] for name in written.left_over] == ["relapse.md", "relapse_by_arm.md"]


def test_files_that_are_there_already_are_kept(root):
    ledger = root / "data" / "trial" / "printed.csv"
    ledger.parent.mkdir(parents=True)
    ledger.write_text("mine")
    with pytest.raises(InputError, match="printed.csv"):  # which is no ledger
        new_study.begin("trial", None, TRIAL, root=root)
    assert ledger.read_text() == "mine"


@pytest.mark.parametrize(
    ("slug", "given", "told"),
    [
        ("Trial 1", {}, "small letters"),
        ("general", {}, "none of general, synthesis"),
        ("one", {"groupings": {"arm": ["A"]}}, "groupings.arm: at least two levels"),
        ("one", {"groupings": {"arm": ["A", "A"]}}, "each level once"),
        ("one", {"endpoints": {"os": {"label": "Survival", "includes": "efs"}}}, "includes"),
        ("one", {"endpoints": {"1": "Survival"}}, "small letters"),
        ("one", {"horizon": 0}, "horizon"),
    ],
)
def test_a_faulty_request_writes_nothing(root, slug, given, told):
    with pytest.raises(InputError, match=told):
        new_study.begin(slug, None, given, root=root)
    assert not (root / "data").exists()


def test_options_for_a_study_that_is_there_are_refused(trial):
    with pytest.raises(InputError, match="change its study.yml"):
        new_study.begin("trial", None, {"design": "cohort"}, root=trial)


def test_a_level_without_its_population_is_named(trial):
    declare(trial, lambda content: content["populations"].pop("arm_b"))
    with pytest.raises(InputError, match="arm=B"):
        new_study.begin("trial", None, {}, root=trial)


@pytest.mark.parametrize(("unit", "several"), [("patient", "patients"), ("child", "children"), ("woman", "women")])
def test_everybody_is_called_by_the_plural_of_a_row(root, unit, several):
    new_study.begin("one", None, {"unit": unit}, root=root)
    assert read_study(root / "data" / "one").populations["all"].label == f"All {several}"


@pytest.mark.parametrize(
    ("named", "ties"), [({}, "breslow"), ({"hazard_ratio": "cox-efron"}, "efron"), ({"hazard_ratio": "logrank-oe"}, "breslow")]
)
def test_pages_treat_ties_as_the_study_names_it(trial, named, ties):
    declare(trial, lambda study: study.update(named=named))
    new_study.begin("trial", None, {}, root=trial)
    page = trial / "notebooks" / "trial" / "os_by_arm.md"
    assert notebooks.declared_values(notebooks.read(page), str(page))["ties"] == ties
