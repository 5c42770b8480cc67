"""A claim is judged by its pattern and the printed numbers that decide it, alike in every study."""

import pytest

from analysis import paths
from analysis.errors import InputError
from analysis.ledger.registers import claim_rules
from analysis.ledger.registers.claims import read_claims
from analysis.ledger.session.study_session import open_ledger

P = "res.p,Results,P,all,,contingency_p,variable=died; by=arm,{p},imposed,,,\n"
LIMIT = 'res.{end},Results,limit,all,,hazard_ratio_{end},"endpoint=os; by=arm; groups=A,B",{value},imposed,,,\n'
SHARES = "dis.a,Discussion,rate elsewhere,,,quoted,,{share},context,,,\ndis.n,Discussion,patients elsewhere,,,quoted,,{n},context,,,\n"


@pytest.fixture
def judged(study, study_folder):
    def judge(lines, text):
        path = study_folder / "printed.csv"
        path.write_text(path.read_text() + lines)
        (study_folder / "claims.yml").write_text(f"- {{id: one, claim: c, source: s, reason: r, {text}}}")
        (claim,) = read_claims(study, open_ledger(study_folder))
        return claim.judgement

    return judge


@pytest.mark.parametrize(
    ("pattern", "p", "judgement"),
    [
        ("difference", "0.049", "supported"),
        ("difference", "0.050", "not supported"),
        ("difference", "<0.05", "supported"),
        ("difference", "0.051", "not supported"),
        ("no significant difference", "0.050", "supported"),
        ("no significant difference", "0.049", "not supported"),
        ("equality", "0.999", "not testable"),
        ("equality", "0.049", "not supported"),
        ("later exposure", "0.001", "supported"),
        ("undeclared model", "0.001", "not testable"),
        ("not printed", "0.001", "not testable"),
    ],
)
def test_a_p_value_decides_as_the_pattern_says(judged, pattern, p, judgement):
    assert judged(P.format(p=p), f"pattern: {pattern}, tests: [res.p]") == judgement


@pytest.mark.parametrize(
    ("end", "value", "judgement"),
    [
        ("lower", "1.01", "supported"),
        ("lower", "1.00", "not supported"),
        ("upper", "0.99", "supported"),
        ("upper", "1.00", "not supported"),
    ],
)
def test_a_limit_that_includes_1_shows_no_difference(judged, end, value, judgement):
    assert judged(LIMIT.format(end=end, value=value), f"pattern: difference, tests: [res.{end}]") == judgement


def test_what_comes_after_the_start_is_not_testable_without_a_time_dependent_analysis(judged):
    assert judged("", "pattern: later exposure") == "not testable"


@pytest.mark.parametrize(
    ("text", "judgement"),
    [
        ("t1.a + t1.b = t1.n", "supported"), ("t1.a + t1.b < t1.n", "not supported"), ("t1.a >= 4", "supported"), ("t1.a > 4", "not supported"),
        ("t1.n - t1.a <= t1.b", "supported"),
    ],
)  # fmt: skip
def test_comparisons_of_printed_numbers_must_be_true(judged, text, judgement):
    assert judged("", f'pattern: numbers, holds: ["{text}"]') == judgement


def test_a_false_comparison_outweighs_a_small_p(judged):
    assert judged(P.format(p="0.001"), 'pattern: difference, tests: [res.p], holds: ["t1.a > t1.b"]') == "not supported"


# R: fisher.test(matrix(c(4, 4, 0, n), 2)): P 0.0769 with n = 8, 0.0066 with n = 16
@pytest.mark.parametrize(("n", "higher", "similar"), [(8, "not supported", "not testable"), (16, "supported", "not supported")])
def test_other_reports_count_with_their_own_number_of_patients(judged, n, higher, similar):
    lines = SHARES.format(share="0%", n=n)
    rest = "ours: [t1.a, t1.n], theirs: [[dis.a, dis.n]]"
    assert judged(lines, f"pattern: higher than other reports, {rest}") == higher
    assert judged("", f"pattern: similar to other reports, {rest}") == similar


def test_a_rate_that_is_lower_is_not_higher_however_small_p(judged):
    lines = SHARES.format(share="100%", n=100)
    assert judged(lines, "pattern: higher than other reports, ours: [t1.a, t1.n], theirs: [[dis.a, dis.n]]") == "not supported"


def test_a_report_without_its_number_of_patients_makes_the_comparison_untestable(judged):
    lines = SHARES.format(share="0%", n=100)
    for pattern in ("higher than other reports", "similar to other reports"):
        assert judged(lines, f"pattern: {pattern}, ours: [t1.a, t1.n], theirs: [[dis.a, dis.n], [dis.a]]") == "not testable"
        lines = ""


# R: binom.test(0, 8)$conf.int[2] = 0.3694
@pytest.mark.parametrize(("below", "judgement"), [(36, "not supported"), (37, "supported")])
def test_none_of_a_few_is_less_than_a_share_only_if_its_interval_is(judged, below, judgement):
    lines = "res.none,Results,none,all,,count,,0,imposed,,,\n"
    assert judged(lines, f"pattern: small sample, ours: [res.none, t1.n], below: {below}") == judgement


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pattern: differing", "one.pattern: expected one of difference"),
        ("pattern: difference", "one.tests: expected what “difference” is judged by; found none"),
        ("pattern: difference, tests: [res.q]", "expected ids of the ledger; found 'res.q'"),
        ('pattern: numbers, holds: ["t1.a"]', "one.holds: expected a comparison of sums of ids; found 't1.a'"),
        ('pattern: numbers, holds: ["t1.a < t1.c"]', "expected ids of the ledger; found 't1.c'"),
    ],
)
def test_a_claim_that_cannot_be_judged_is_named(judged, text, said):
    with pytest.raises(InputError) as caught:
        judged("", text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("nopho_rd", "higher-survival-than-others"), ("dac_clag", "dis-survival-above-traditional")),
        (("nopho_rd", "transplant-better-than-none"), ("dac_clag", "res-sct-improves")),
        (("dac_clag", "con-associations"), ("dac_clag", "abs-good-prognosis-univariable")),
    ],
)
def test_claims_of_one_kind_are_judged_alike(one, other):
    found = [
        {claim.id: claim for claim in read_claims(ledger.study, ledger)}[id] for slug, id in (one, other) if (ledger := open_ledger(slug))
    ]
    assert found[0].pattern == found[1].pattern and found[0].judgement == found[1].judgement == "not testable"


def test_events_after_transplantation_do_not_rest_on_a_clock_that_is_not_printed():
    ledger = open_ledger("dac_clag")
    assert {claim.id: claim.judgement for claim in read_claims(ledger.study, ledger)}["res-events-are-relapses"] == "not testable"


def test_a_remission_rate_is_compared_with_the_patients_of_the_other_reports():
    """R: fisher.test of 37/63 against 20/48, 19/45 and 16/43: P 0.0869, 0.1185 and 0.04734; the paper prints two sizes of the first report."""
    ledger = open_ledger("nopho_rd")
    claim = {claim.id: claim for claim in read_claims(ledger.study, ledger)}["remission-rate-similar"]
    assert claim.judgement == "not supported" and "0.087 or 0.119, and 0.047" in claim.reason
    assert [size for _, size in claim.theirs] == ["int.aieop.n", "dis.aieop.n", "dis.aml05.n"]


def test_the_guide_shows_the_rule_that_is_applied():
    guide = (paths.ROOT / "book" / "guide" / "reading.md").read_text(encoding="utf-8")
    assert [pattern for pattern, rule in claim_rules.PATTERNS.items() if f"* - {pattern}\n  - {rule}\n" not in guide] == []


def test_every_pattern_is_used_by_a_claim():
    ledgers = [open_ledger(slug) for slug in paths.studies()]
    assert {claim.pattern for ledger in ledgers for claim in read_claims(ledger.study, ledger)} == set(claim_rules.PATTERNS)
