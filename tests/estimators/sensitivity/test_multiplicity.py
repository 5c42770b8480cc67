import numpy as np
import pytest

from analysis.estimators.sensitivity.multiplicity import adjust


def test_adjusted_values_are_those_of_p_adjust():
    # R: p.adjust(c(0.01, 0.04, 0.03, 0.5), "holm") and "BH"
    found = adjust([0.01, 0.04, 0.03, 0.5])
    assert found["holm"].tolist() == pytest.approx([0.04, 0.09, 0.09, 0.5])
    assert found["benjamini_hochberg"].tolist() == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


def test_unknown_values_stay_unknown_and_do_not_count():
    found = adjust({"a": 0.02, "b": np.nan})
    assert found.loc["a", "holm"] == pytest.approx(0.02) and np.isnan(found.loc["b", "holm"])


def test_values_outside_zero_to_one_are_refused():
    with pytest.raises(ValueError, match="p_values"):
        adjust([0.5, 1.2])
