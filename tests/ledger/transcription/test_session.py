"""A draft lists every number, keeps what is typed, and enters what is complete; the paper's sentences stay out of the study."""

import csv
import subprocess

import pytest

from analysis import cli
from analysis.cohorts.study import read_study
from analysis.errors import InputError
from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.transcription import drafts
from analysis.ledger.transcription.drafts import draft_file, read_draft, write_draft
from analysis.ledger.transcription.entering import New, enter
from analysis.ledger.transcription.session import open_transcription

B_SURVIVAL = {
    "id": "res.os.b",
    "quantity": "survival of arm B at half a year",
    "population": "b",
    "statistic": "survival",
    "arguments": "endpoint=os; time=6",
}


@pytest.fixture
def drafted(study, paper):
    """The draft of the invented paper, and what types into the row of a number."""

    def fill(printed, place="Results", **cells):
        opened = open_transcription(study, paper)
        rows = opened.draft()
        (row,) = [row for row in rows if row.printed == printed and row.typed.get("source") == place and row.state != drafts.GONE][:1]
        no_result = cells.pop("no_result", row.no_result)
        row.typed |= cells
        row.no_result = no_result
        write_draft(study, rows)

    write_draft(study, open_transcription(study, paper).draft())
    return fill


def states(study, paper):
    return {row.typed.get("id", row.printed): row.state for row in open_transcription(study, paper).draft()}


def test_every_number_is_a_row_with_its_sentence_and_place(study, paper, drafted):
    rows = read_draft(study)
    assert len(rows) == 24
    (row,) = [row for row in rows if row.printed == "25%"]
    assert row.state == "to type" and row.at == "line 12, number 3" and row.typed == {"source": "Results"}
    assert row.sentence == "Survival of arm A at 6 months was 75% and that of arm B 25% (P = 0.31)."
    assert [row.typed["id"] for row in rows if row.state == "in the ledger"][:2] == ["abs.os", "met.dose"]


def test_git_ignores_the_folder_of_the_draft(study, drafted):
    folder = draft_file(study).parent
    subprocess.run(["git", "init", "-q", study.folder], check=True)
    ignored = subprocess.run(
        ["git", "-C", study.folder, "status", "--porcelain", "--untracked-files=all", folder], capture_output=True, text=True
    )
    assert ignored.stdout == ""


def test_what_is_typed_stays_when_the_draft_is_made_again(study, paper, drafted):
    drafted("25%", id="res.os.b", note="begun")
    drafted("0.31", no_result="invented")
    rows = {row.printed: row for row in open_transcription(study, paper).draft()}
    assert rows["25%"].typed == {"source": "Results", "id": "res.os.b", "note": "begun"}
    assert rows["0.31"].no_result == "invented"


def test_what_is_typed_stays_when_lines_move_and_when_its_sentence_is_gone(study, paper, drafted):
    drafted("25%", id="res.os.b")
    text = paper.read_text()
    paper.write_text("Another title\n\n" + text)
    assert {row.printed: row.typed.get("id") for row in open_transcription(study, paper).draft()}["25%"] == "res.os.b"
    paper.write_text(text.replace(" and that of arm B 25%", ""))
    (gone,) = [row for row in open_transcription(study, paper).draft() if row.state == "not in this text"]
    assert gone.typed["id"] == "res.os.b" and gone.printed == "25%"


def test_a_complete_row_enters_the_ledger_without_its_sentence(study, study_folder, paper, drafted):
    before = (study_folder / "printed.csv").read_text()
    drafted("25%", **B_SURVIVAL)
    assert open_transcription(study, paper).enter() == (1, 0)
    row = read_ledger(read_study(study_folder))["res.os.b"]
    assert (row.printed, row.source, row.role, row.population) == ("25%", "Results", "imposed", "b")
    assert "Survival of arm A" not in (study_folder / "printed.csv").read_text()
    assert [line.split(",")[0] for line in before.splitlines()[1:]] == [one.id for one in read_ledger(study).rows][:-1]
    assert states(study, paper)["res.os.b"] == "in the ledger"


def test_a_row_stays_with_its_number_after_it_was_entered(study, paper, drafted):
    drafted("50%", place="Table 1", id="t1.b.pct", quantity="share", population="all", subset="arm=B", statistic="percent")
    open_transcription(study, paper).enter()
    at = {row.typed["id"]: row.at for row in open_transcription(study, paper).draft() if row.state == "in the ledger"}
    first, second = at["t1.a.pct"], at["t1.b.pct"]
    assert {first, second} == {"line 18, number 3", "line 18, number 5"}
    write_draft(study, open_transcription(study, paper).draft())
    assert {row.typed["id"]: row.at for row in open_transcription(study, paper).draft() if row.state == "in the ledger"} == at


def test_a_copy_takes_from_its_original_what_is_not_typed(study, study_folder, paper, drafted):
    drafted("8", place="Abstract", id="abs.n", copy_of="t1.n")
    open_transcription(study, paper).enter()
    row = read_ledger(study)["abs.n"]
    assert (row.statistic, row.population, row.role, row.quantity, row.copy_of) == ("count", "all", "imposed", "patients", "t1.n")


def test_the_rows_of_a_result_take_what_they_share_from_its_first(study, paper, drafted):
    paper.write_text(paper.read_text().replace("25%", "25% (5–60)"))
    write_draft(study, open_transcription(study, paper).draft())
    drafted("25%", **B_SURVIVAL)
    for part, printed in (("lower", "5"), ("upper", "60")):
        drafted(printed, id=f"res.os.b.{part}", statistic=f"survival_{part}", result="res.os.b")
    open_transcription(study, paper).enter()
    row = read_ledger(study)["res.os.b.upper"]
    assert (row.population, row.arguments, row.result) == ("b", {"endpoint": "os", "time": "6"}, "res.os.b")
    assert row.quantity == B_SURVIVAL["quantity"]


def test_copies_of_one_result_stand_together(study, study_folder, paper, drafted):
    rows = (
        "id,source,quantity,population,subset,statistic,arguments,printed,role,from,copy_of,result,note",
        "t1.n,Table 1,patients,all,,count,,8,imposed,,,,",
        "t1.a,Table 1,arm A,all,arm=A,count,,4,imposed,,,t1.a,",
        "t1.a.pct,Table 1,share of A,all,arm=A,percent,,50%,imposed,t1.a ; t1.n,,t1.a,",
    )
    (study_folder / "printed.csv").write_text("\n".join(rows) + "\n")
    paper.write_text("Abstract\n\nArm A had 4 (50%) of all 8 patients.\n\nTable 1  Patients by arm\n\nPatients 8 4 (50%)\n")
    write_draft(study, open_transcription(study, paper).draft())
    drafted("4", place="Abstract", id="abs.a", copy_of="t1.a")
    drafted("50%", place="Abstract", id="abs.a.pct", copy_of="t1.a.pct")
    assert open_transcription(study, paper).enter() == (2, 0)
    assert [read_ledger(study)[id].result for id in ("abs.a", "abs.a.pct")] == ["abs.a", "abs.a"]


def test_a_reason_is_declared_by_characters_place_and_count_alone(study, study_folder, paper, drafted):
    drafted("four", no_result="count in running speech")
    assert open_transcription(study, paper).enter() == (0, 1)
    assert (study_folder / "no_results.csv").read_text() == "printed,source,times,why\nfour,Results,1,count in running speech\n"
    opened = open_transcription(study, paper)
    assert "four" not in [one.characters for one in opened.coverage.without_row(opened.declared)]
    assert opened.enter() == (0, 0)


def test_a_number_that_a_spreadsheet_shortened_is_entered_as_the_text_prints_it(study, paper, drafted):
    paper.write_text(paper.read_text().replace("0.31", "0.310"))
    write_draft(study, open_transcription(study, paper).draft())
    drafted("0.310", id="res.os.p", quantity="P by arm", population="all", statistic="logrank_p", arguments="endpoint=os; by=arm")
    rows = list(csv.DictReader(draft_file(study).open()))
    with draft_file(study).open("w", newline="") as file:  # as a spreadsheet of a country with decimal commas saves it
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(row | {"printed": row["printed"].replace("0.310", "0.31")} for row in rows)
    assert open_transcription(study, paper).enter() == (1, 0)
    assert read_ledger(study)["res.os.p"].printed == "0.310"


def test_a_row_whose_number_left_the_text_is_kept_and_not_entered(study, paper, drafted):
    drafted("25%", **B_SURVIVAL)
    paper.write_text(paper.read_text().replace("25%", "26%"))
    write_draft(study, open_transcription(study, paper).draft())
    assert open_transcription(study, paper).enter() == (0, 0)
    assert states(study, paper)["res.os.b"] == "not in this text"


@pytest.mark.parametrize(
    ("cells", "place", "expected", "found"),
    [
        (B_SURVIVAL | {"id": "t1.n"}, "row 18, column id", "an id used once", "'t1.n', already of the ledger"),
        (B_SURVIVAL | {"statistic": "survivl"}, "row 18, column statistic", "a registered statistic", "'survivl' (did you mean 'survival'?)"),
        (B_SURVIVAL | {"no_result": "a time"}, "row 18", "a row of the ledger or a reason in no_result", "both"),
        (B_SURVIVAL | {"quantity": "survival of arm A at 6 months was 75% and"}, "row 18, column quantity", "words of your own", "8 words or more of the paper's sentence"),
    ],
)  # fmt: skip
def test_a_faulty_row_is_told_with_its_place_and_nothing_is_entered(study, study_folder, paper, drafted, cells, place, expected, found):
    before = (study_folder / "printed.csv").read_text()
    drafted("25%", **cells)
    with pytest.raises(InputError) as caught:
        open_transcription(study, paper).enter()
    assert [(one.place, one.expected, one.found) for one in caught.value.faults] == [(place, expected, found)]
    assert (study_folder / "printed.csv").read_text() == before


@pytest.mark.parametrize(("words", "sound"), [(7, True), (8, False), (9, False)])
def test_eight_words_of_the_paper_in_a_row_are_not_ones_own(study, paper, drafted, words, sound):
    theirs = ["Survival", "of", "arm", "A", "at", "6", "months", "was", "75%"][:words]
    drafted("25%", **B_SURVIVAL | {"quantity": " ".join(theirs)})
    if sound:
        assert open_transcription(study, paper).enter() == (1, 0)
    else:
        with pytest.raises(InputError, match="words of your own"):
            open_transcription(study, paper).enter()


def test_an_id_typed_twice_is_refused_when_the_draft_is_read(study, paper, drafted):
    drafted("25%", id="res.x")
    drafted("0.31", id="res.x")
    with pytest.raises(InputError, match=r"row 19, column id: expected an id used once; found 'res.x', already in row 18"):
        open_transcription(study, paper)


def test_a_cell_typed_beside_a_row_of_the_ledger_is_refused(study, paper, drafted):
    rows = read_draft(study)
    next(row for row in rows if row.typed.get("id") == "met.dose").typed["note"] = "changed"
    write_draft(study, rows)
    with pytest.raises(
        InputError, match=r"column note: expected an empty cell: change what is in the ledger in printed.csv; found 'changed'"
    ):
        open_transcription(study, paper)


def test_a_study_without_a_ledger_begins_one(study, study_folder, paper):
    (study_folder / "printed.csv").unlink()
    rows = open_transcription(study, paper).draft()
    next(row for row in rows if row.printed == "25%").typed |= B_SURVIVAL
    write_draft(study, rows)
    assert open_transcription(study, paper).enter() == (1, 0)
    assert [row.id for row in read_ledger(study).rows] == ["res.os.b"]


def test_the_commands_say_what_is_left_and_their_status_tells_it(study_folder, paper, capsys):
    assert cli.main(["draft", str(study_folder), str(paper)]) == 0
    told = capsys.readouterr().out
    assert "24 numbers" in told and "7 to type" in told and "7 in the ledger" in told
    assert cli.main(["coverage", str(study_folder), str(paper)]) == 1
    told = capsys.readouterr().out
    assert "rows of the ledger: 7, of which the text holds 7: recall 1.000" in told
    assert "in no row: 7 (29.2% of all numbers)" in told and "line 12, Results: 25%" in told


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"No numerals whatsoever stand here.\n", "no number"),
        (b"", "no number"),
        (b"%PDF-1.7\n12 34", "found a PDF"),
        (b"PK\x03\x0412", "found a document or workbook"),
        (b"12 \x00\x81\x00 34", "found "),
        (None, "no such file"),
    ],
)
def test_what_is_no_text_with_numbers_is_refused_with_status_2(study_folder, tmp_path, capsys, content, expected):
    file = tmp_path / "paper.txt"
    if content is not None:
        file.write_bytes(content)
    assert cli.main(["draft", str(study_folder), str(file)]) == 2
    told = capsys.readouterr().err
    assert expected in told and "Traceback" not in told and told.count("\n") == 1


def test_a_limit_of_another_level_takes_the_other_arguments_from_its_estimate(study, paper, drafted):
    drafted("25%", **B_SURVIVAL)
    drafted("0.31", id="res.os.b.lower", statistic="survival_lower", result="res.os.b", arguments="level=90")
    open_transcription(study, paper).enter()
    assert dict(read_ledger(study)["res.os.b.lower"].arguments) == {"endpoint": "os", "time": "6", "level": "90"}


def test_limits_and_shares_are_of_the_patients_of_their_first_row_and_a_denominator_of_all(study, study_folder, drafted, paper):
    drafted("25%", **B_SURVIVAL | {"population": "all", "subset": "arm=B"})
    drafted("0.31", id="res.os.b.lower", statistic="survival_lower", result="res.os.b")
    open_transcription(study, paper).enter()
    new = {"n": ("count", "4", "arm=A", ""), "of": ("count", "8", "", "r.n"), "pct": ("percent", "50%", "", "r.n")}
    columns = ("statistic", "printed", "subset", "result")
    whole = {"source": "Results", "quantity": "arm A"}
    enter(study, [New("draft.csv", id, whole | {"id": f"r.{id}", "population": "" if cells[3] else "all"} | dict(zip(columns, cells))) for id, cells in new.items()])  # fmt: skip
    ledger = read_ledger(study)
    asked = ("res.os.b", "res.os.b.lower", "r.n", "r.of", "r.pct")
    assert [str(ledger[id].subset) for id in asked] == ["arm=B", "arm=B", "arm=A", "", "arm=A"]


def test_a_result_printed_twice_in_one_place_is_copied_with_its_own_parts(study, study_folder):
    def copy(id, of):
        return New("draft.csv", id, {"id": id, "source": "Results", "copy_of": of, "printed": {"n": "4", "pct": "50%"}[id[:-1]]})

    (study_folder / "printed.csv").write_text(
        "id,source,quantity,population,subset,statistic,arguments,printed,role,from,copy_of,result,note\n"
        "t.n,Table 1,patients,all,arm=A,count,,4,imposed,,,t.n,\nt.pct,Table 1,share,all,arm=A,percent,,50%,imposed,,,t.n,\n"
    )
    enter(study, [copy("n1", "t.n"), copy("pct1", "t.pct"), copy("n2", "t.n"), copy("pct2", "t.pct")])
    ledger = read_ledger(study)
    assert [ledger[id].result for id in ("pct1", "pct2")] == ["n1", "n2"]


def test_a_part_of_a_result_that_is_printed_before_it_stands_alone(study, study_folder):
    (study_folder / "printed.csv").write_text(
        "id,source,quantity,population,subset,statistic,arguments,printed,role,from,copy_of,result,note\n"
        "t.n,Table 1,patients,all,arm=A,count,,4,imposed,,,t.n,\nt.of,Table 1,all,all,,count,,8,imposed,,,t.n,\n"
    )
    cells = {"source": "Results"}
    enter(
        study,
        [
            New("draft.csv", id, cells | {"id": id, "copy_of": of, "printed": text})
            for id, of, text in (("of", "t.of", "8"), ("n", "t.n", "4"))
        ],
    )
    assert [read_ledger(study)[id].result for id in ("of", "n")] == ["of", "n"]


LIMIT = {"id": "low", "source": "Results", "quantity": "limit", "population": "b", "statistic": "survival_lower", "printed": "10"}
ASKED = "endpoint=os; time=6"


@pytest.mark.parametrize(
    ("sentence", "arguments", "sound"),
    [
        ("It was 25% (90% CI 10–44).", ASKED, False),
        ("It was 25% (90% CI 10–44).", f"{ASKED}; level=90", True),
        ("It was 25% (90% CI 10–44).", f"{ASKED}; level=95", True),
        ("It was 25% (95% CI 10–44).", ASKED, True),
        ("It was 25% (90% CI 10–44), the ratio 0.5 (95% CI 0.2–0.9).", ASKED, True),
        ("It was 25% (10–44).", ASKED, True),
    ],
)
def test_a_limit_whose_sentence_states_another_level_has_to_say_which_it_is_of(study, study_folder, sentence, arguments, sound):
    (study_folder / "printed.csv").unlink()
    new = [New("draft.csv", "row 2", LIMIT | {"arguments": arguments}, sentence)]
    if sound:
        assert enter(study, new) == 1
    else:
        with pytest.raises(
            InputError, match="row 2, column arguments: expected level=90 or level=95, as the sentence states 90 %; found no level"
        ):
            enter(study, new)
