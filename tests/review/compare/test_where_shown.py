"""On which pages a number stands, as the sources say."""

import pytest

from analysis.errors import InputError
from analysis.review.compare.states import State
from analysis.review.compare.where_shown import Standing

IDS = ["t1.sex.f.n", "t1.sex.f.pct", "t1.other.n", "res.os.m12", "res.os.m12.se", "res.osteo", "abs.n"]
AUDIT = "id,printed,recomputed,verdict,convention,evidence,note\n" + "".join(f"{id},1,1,reproduced,,counts,\n" for id in IDS)
TABLES = """
t1:
  columns: [{label: N, cell: "{n} ({pct})"}]
  rows: [{label: Sex}, {label: Female, key: sex.f}]
"""


def page(*code, prose="", study="demo"):
    cells = "".join(f"\n```{{code-cell}} ipython3\n:tags: [hide-input]\n\n{text}\n```\n" for text in (f'study = "{study}"', *code))
    return f"---\nkernelspec:\n  display_name: Python 3\n  name: python3\n---\n\n# Page\n\n{prose}\n{cells}"


def standing(**pages):
    toc = "format: jb-book\nroot: book/index\nparts:\n  - caption: A\n    chapters:\n" + "".join(
        f"      - file: notebooks/demo/{name}\n" for name in pages
    )
    files = {f"notebooks/demo/{name}.md": text for name, text in pages.items()}
    return Standing(
        State(
            "a",
            files
            | {
                "_toc.yml": toc,
                "book/results/demo/audit.csv": AUDIT,
                "book/results/demo/curves/os-a.csv": "x\n",
                "book/results/demo/curves/os-all.csv": "x\n",
                "data/demo/tables.yml": TABLES,
                "data/demo/findings.yml": "- {id: a, rows: [abs.n]}\n",
                "data/demo/claims.yml": "- {id: b, rests_on: [res.osteo]}\n",
            },
        )
    )


def shown(*code, **more):
    found = standing(one=page(*code, **more))
    return [id for id in IDS if found.of_number("demo", id)]


def test_a_table_shows_what_its_layout_names():
    assert shown('page.table.paper("t1")') == ["t1.sex.f.n", "t1.sex.f.pct"]


def test_rows_are_named_by_id_or_by_their_beginning_at_a_point():
    assert shown('page.table.rows(*page.ids("res.os"))') == ["res.os.m12", "res.os.m12.se"]
    assert shown('page.table.rows(*page.ids("t1"))') == ["t1.sex.f.n", "t1.sex.f.pct", "t1.other.n"]
    assert shown('page.table.rows("res.osteo")') == ["res.osteo"]
    assert shown('title = "t1"') == []


def test_numbers_in_prose_and_figures_count():
    assert shown(prose="There were {glue}`abs.n` of them.") == ["abs.n"]
    assert shown('page.glue("abs.n")') == ["abs.n"]
    assert shown('page.table.definitions([("Size", "{abs.n} patients, {not.an.id}")])') == ["abs.n"]
    assert shown('page.figure.survival({"All": ("os", "all")}, annotate={"at": ("res.os.m12", "res.os.m12.se")})') == [
        "res.os.m12",
        "res.os.m12.se",
    ]


def test_registers_show_the_rows_they_rest_on():
    assert shown("page.table.findings()") == ["abs.n"]
    assert shown("page.table.claims()") == ["res.osteo"]
    assert shown('page.table.claims("b")') == ["res.osteo"]
    assert shown('page.table.claims("another")') == []


def test_pages_come_in_reading_order_and_the_audit_only_where_there_is_no_other():
    found = standing(b=page('page.table.rows("abs.n")'), audit=page("page.table.audit()"), a=page('page.glue("abs.n")'))
    assert found.of_number("demo", "abs.n") == ("notebooks/demo/b", "notebooks/demo/a")
    assert found.of_number("demo", "res.osteo") == ("notebooks/demo/audit",)


def test_curves_are_named_by_endpoint_and_population():
    found = standing(one=page('page.figure.survival({"A": ("os", "a")})'), two=page('page.at_risk("os")'))
    assert found.of_curve("demo", "os-a") == ("notebooks/demo/one",)
    assert found.of_curve("demo", "os-all") == ("notebooks/demo/two",)


def test_code_that_cannot_be_read_hides_nothing_else():
    found = standing(
        bad=page("page.table.rows("), worse="---\nkernelspec: 1\n---\n```{code-cell}\n", good=page('%matplotlib inline\npage.rows("abs.n")')
    )
    assert found.of_number("demo", "abs.n") == ("notebooks/demo/good",)


def test_a_faulty_register_is_named():
    found = standing(one=page("page.table.findings()"))
    files = dict(found.state.files) | {"data/demo/findings.yml": "a: [\n"}
    with pytest.raises(InputError, match="data/demo/findings.yml"):
        Standing(State("a", files)).of_number("demo", "abs.n")
