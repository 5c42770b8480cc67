import pytest

from analysis.tables.registers.definitions import definitions_table


def test_a_number_stands_as_printed_and_leads_to_its_row(entries):
    view = definitions_table(entries, ("Drug", "Dose"), [("Some drug", "{met.dose} mg/m² a day")], caption="Doses")
    assert view.frame.iloc[0].tolist() == ["Some drug", "20 mg/m² a day"]
    assert 'href="audit.html#met.dose"' in view.html


def test_an_unknown_row_is_refused(entries):
    with pytest.raises(KeyError, match=r"met\.none"):
        definitions_table(entries, ("a",), [("{met.none}",)], caption="c")


def test_text_is_escaped(entries):
    assert "<script>" not in definitions_table(entries, ("<script>",), [("<script>{met.dose}",)], caption="<script>").html
