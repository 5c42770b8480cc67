import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.estimators.curves.competing_risks import cumulative_incidence
from analysis.estimators.curves.kaplan_meier import kaplan_meier

patients = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 3)), min_size=1, max_size=50)


@pytest.mark.parametrize("of", [1, 2])
def test_incidence_and_variance_are_those_of_cmprsk(golden, close, incidence_case, of):
    case, expected = golden("cases")[incidence_case], golden("competing")[incidence_case]
    found = cumulative_incidence(case["time"], case["cause"], of)
    close(found.incidence_at(expected["at"]), expected[f"incidence{of}"])
    close(found.standard_error_at(expected["at"]) ** 2, expected[f"variance{of}"])


@pytest.mark.parametrize("of", [1, 2])
def test_last_value_is_that_of_survfit(golden, close, incidence_case, of):
    case = golden("cases")[incidence_case]
    close([cumulative_incidence(case["time"], case["cause"], of).incidence[-1]], [golden("competing")[incidence_case]["last"][of - 1]])


@given(patients)
def test_incidences_and_survival_add_up_to_one(rows):
    time, cause = zip(*rows)
    parts = [cumulative_incidence(time, cause, of) for of in (1, 2, 3)]
    np.testing.assert_allclose(sum(p.incidence for p in parts) + parts[0].survival, 1, atol=1e-12)


@given(patients)
def test_without_competitors_it_is_one_minus_kaplan_meier(rows):
    time, cause = np.array(rows).T
    found, curve = cumulative_incidence(time, cause > 0), kaplan_meier(time, cause > 0)
    np.testing.assert_allclose(found.incidence, 1 - curve.survival, atol=1e-12)


@given(patients)
def test_variance_follows_its_definition(rows):
    time, cause = zip(*rows)
    f = cumulative_incidence(time, cause, 1)
    before = np.concatenate(([1.0], f.survival[:-1]))
    for row in range(len(f.time)):
        total = 0.0
        for u in range(row + 1):
            n, gap = f.at_risk[u], f.incidence[row] - f.incidence[u]
            for d, own in ((f.events[u], True), (f.other_events[u], False)):
                if not d or (f.survival[u] == 0 and not own):
                    continue
                ratio = gap / f.survival[u] if f.survival[u] > 0 else 0.0
                spread = d * (1 if d == 1 else (n - d) / (n - 1)) / n**2
                total += before[u] ** 2 * spread * ((1 - ratio) if own else ratio) ** 2
        np.testing.assert_allclose(f.variance[row], total, atol=1e-12)


@given(patients, st.sampled_from(["plain", "log-log"]))
def test_an_interval_contains_its_estimate(rows, kind):
    f = cumulative_incidence(*zip(*rows))
    lower, upper = f.interval_at(f.time, kind)
    known = ~np.isnan(lower)
    assert (lower[known] <= f.incidence[known] + 1e-12).all() and (f.incidence[known] <= upper[known] + 1e-12).all()


def test_ties_of_both_causes_share_one_risk_set():
    f = cumulative_incidence([1, 1, 1, 2], [1, 2, 0, 1])
    assert f.at_risk.tolist() == [4, 1] and f.incidence.tolist() == [0.25, 0.75]


@pytest.mark.parametrize(
    ("time", "cause", "of", "named"),
    [([1], [1.5], 1, "cause"), ([1], [-1], 1, "cause"), ([1], [1], 0, "of"), ([1, 2], [1], 1, "time: 2, cause: 1"), ([-1], [1], 1, "time")],
)
def test_faulty_input_is_refused_by_name(time, cause, of, named):
    with pytest.raises(ValueError, match=named):
        cumulative_incidence(time, cause, of)
