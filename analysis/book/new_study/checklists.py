"""Reporting guidelines by design; their items, paraphrased.

References
----------
von Elm E, Altman DG, Egger M, et al. Lancet 2007;370:1453-7 (STROBE).
Schulz KF, Altman DG, Moher D. BMJ 2010;340:c332 (CONSORT).
McShane LM, Altman DG, Sauerbrei W, et al. J Natl Cancer Inst 2005;97:1180-4 (REMARK).
"""

from __future__ import annotations

from typing import NamedTuple


class Guideline(NamedTuple):
    """A guideline: its name, what a page says of it, its items with their numbers."""

    name: str
    said: str
    items: tuple[str, ...]


_STROBE = (
    "1 Title and abstract", "2 Background", "3 Objectives", "4 Design", "5 Setting", "6 Participants", "7 Variables", "8 Measurement",
    "9 Bias", "10 Study size", "11 Quantitative variables", "12 Statistical methods", "13 Participants, flow", "14 Descriptive data",
    "15 Outcome data", "16 Main results", "17 Other analyses", "18 Key results", "19 Limitations", "20 Interpretation",
    "21 Generalisability", "22 Funding",
)  # fmt: skip
_CONSORT = (
    "1 Title and abstract", "2 Background and objectives", "3 Trial design, changes after its start", "4 Participants, settings",
    "5 Interventions", "6 Outcomes, changes after the start", "7 Sample size, interim analyses", "8 Generation of the random sequence",
    "9 Concealment of allocation", "10 Who generated, enrolled, assigned", "11 Blinding", "12 Statistical methods, subgroups",
    "13 Flow of participants, losses, exclusions", "14 Periods of recruitment and follow-up, why the trial ended", "15 Baseline data by group",
    "16 Numbers analysed, by original assignment", "17 Outcomes, effect sizes with intervals, absolute and relative", "18 Ancillary analyses",
    "19 Harms", "20 Limitations", "21 Generalisability", "22 Interpretation", "23 Registration", "24 Protocol", "25 Funding",
)  # fmt: skip
_REMARK = (
    "1 Markers, objectives, hypotheses", "2 Patients", "3 Treatment", "4 Specimens", "5 Assay methods", "6 Study design", "7 Endpoints",
    "8 Candidate variables", "9 Sample size", "10 Statistical methods", "11 Handling of markers", "12 Flow of patients",
    "13 Demographics, markers missing", "14 Markers and standard variables", "15 Univariable results", "16 Multivariable results",
    "17 Marker with standard variables in one model", "18 Further analyses", "19 Interpretation", "20 Implications",
)  # fmt: skip

GUIDELINES = {
    "cohort": Guideline(
        "STROBE", "STROBE is the reporting guideline for observational studies of cohorts (von Elm and others, 2007).", _STROBE
    ),
    "trial": Guideline("CONSORT", "CONSORT is the reporting guideline for randomised trials (Schulz and others, 2010).", _CONSORT),
    "prognostic": Guideline(
        "REMARK", "REMARK is the reporting guideline for studies of prognostic markers (McShane and others, 2005).", _REMARK
    ),
}
"""By the design that a study declares."""
