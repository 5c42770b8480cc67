"""Files of ``data/<study>/`` as a study begins with them: commented, and valid as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from analysis.book.new_study.request import Request
from analysis.cohorts.study_parts import PER_MONTH, plural
from analysis.ledger.rows.row import COLUMNS

#: Months until which times may last, and which figures show, where nothing is said.
LONGEST, HORIZON = 240.0, 60.0


def data_files(slug: str, request: Request) -> dict[str, str]:
    """Name and text of each file of the study's data folder."""
    files = {
        "study.yml": "\n".join(_study(slug, request)) + "\n",
        "printed.csv": ",".join(COLUMNS) + "\n",
        "tables.yml": _TABLES,
        "findings.yml": _FINDINGS,
        "claims.yml": _CLAIMS,
        "reconstruction.yml": _RECONSTRUCTION,
        "README.md": _readme(slug, request),
    }
    return {name: _schema_of(name) + text if name.endswith(".yml") else text for name, text in files.items()}


def _schema_of(name: str) -> str:
    """First line of a YAML file, by which editors complete its keys."""
    return f"# yaml-language-server: $schema=../schemas/{name.removesuffix('.yml')}.json\n"


def population_of(grouping: str, level: str) -> str:
    """Name of the population of a level: ``arm_a``."""
    return f"{grouping}_{re.sub(r'[^a-z0-9]+', '_', level.lower()).strip('_') or 'level'}"


def populations_of(request: Request) -> dict[str, dict[str, str]]:
    """Populations of the levels of all groupings, by name."""
    return {
        population_of(name, level): {"where": f"{name}={level}", "label": level}
        for name, grouping in request.groupings.items()
        for level in grouping.levels
    }


def parts_of(request: Request) -> dict[str, str]:
    """Names and labels of the parts of the patients that endpoints are of, groups left out: each is a boolean of its own."""
    known = {"", "all", *populations_of(request)}
    names = dict.fromkeys(one.within for one in request.endpoints.values() if one.within not in known)
    return {name: name.replace("_", " ").capitalize() for name in names}


def _flow(value: object) -> str:
    """A value as YAML on one line."""
    text: str = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...").strip()


def _study(slug: str, request: Request) -> Iterator[str]:
    yield "# Declarations of the study: what the paper's words mean as tables, variables, endpoints, groups and populations."
    yield "# Change what differs, add what is missing, and run `python -m analysis new-study " + slug + "` again: pages follow, and nothing"
    yield "# that you changed is overwritten. `python -m analysis audit " + slug + "` says what is missing next."
    yield from _paper(slug, request)
    yield ""
    yield "tables:"
    yield f"  cohort: {_flow({'file': 'cohort.csv', 'unit': request.unit, 'key': 'patient'})}"
    yield ""
    yield from _variables(request)
    yield ""
    yield from _endpoints(request)
    yield ""
    yield from _groupings(request)
    yield ""
    yield from _populations(request)
    yield ""
    yield "# Conventions that the paper names, by statistic: `python -m analysis statistics` lists statistics and conventions."
    yield "named: {}  # for instance  contingency_p: fisher"


def _paper(slug: str, request: Request) -> Iterator[str]:
    yield f"study: {slug}"
    yield f"label: {_flow(request.label or slug.replace('_', ' ').capitalize())}  # a few words: chapters, figures and tables call the study so"
    yield f"title: {_flow(request.title)}"
    yield f"citation: {_flow(request.citation)}  # authors, journal, year, volume, issue, pages, doi: what is known of them"
    yield f"design: {request.design}  # cohort, trial or prognostic: checklist STROBE, CONSORT or REMARK"
    yield "software: []  # as the paper names it"
    yield "# programs: {r: binary}  # programs whose output the paper prints: spss, r, prism, …; all are tried where none is named"
    yield "significance: 0.05"
    yield f"interval: {request.interval}  # log, log-log or plain: scale of the paper's confidence intervals of survival"
    yield f"time_unit: {request.time_unit}  # of every time below that names no other"
    yield f"origin: {_flow(request.origin or 'start of follow-up')}  # what times are counted from; an endpoint may name its own"
    horizon = request.horizon or round(HORIZON * PER_MONTH[request.time_unit])
    yield f"horizon: {_plain(horizon)}  # follow-up that figures show, in time_unit"


def _variables(request: Request) -> Iterator[str]:
    yield "# Columns of the table. Types: id, category (with levels), boolean, integer, number (with unit and range)."
    yield "# `missing: true` where a value may be unknown, `known: later` where it is known only after the start of follow-up."
    yield "variables:"
    yield "  cohort:"
    yield f"    patient: {_flow({'type': 'id', 'meaning': 'Key of the ' + request.unit})}"
    for name, grouping in request.groupings.items():
        label = grouping.label or name.replace("_", " ").capitalize()
        yield f"    {name}: {_flow({'type': 'category', 'levels': list(grouping.levels), 'label': label, 'meaning': label})}"
    longest = request.longest or round(LONGEST * PER_MONTH[request.time_unit])
    for name, endpoint in request.endpoints.items():
        time = {"type": "number", "unit": request.time_unit, "range": [0, _plain(longest)], "known": "later"}
        told = endpoint.label if endpoint.label[1:2].isupper() else endpoint.label[:1].lower() + endpoint.label[1:]
        if not endpoint.time_of:
            yield f"    {name}_time: {_flow(time | {'meaning': f'Time to the event of {told}, or to the last follow-up'})}"
        yield f"    {name}_event: {_flow({'type': 'boolean', 'known': 'later', 'meaning': f'Event of {told}'})}"
        if endpoint.competing:
            yield f"    {name}_competing: {_flow({'type': 'boolean', 'known': 'later', 'meaning': endpoint.competing})}"
    for name, label in parts_of(request).items():
        yield f"    {name}: {_flow({'type': 'boolean', 'known': 'later', 'label': label, 'meaning': label})}"
    yield "    # age: {type: integer, unit: years, range: [18, 95], meaning: Age at the start of follow-up in completed years}"


def _endpoints(request: Request) -> Iterator[str]:
    yield "# Times to an event. `competing` names the variable of an event that makes this one impossible; `includes` the endpoint whose"
    yield "# events are events of this one, too (a death ends event-free survival). A relapse that ends event-free survival has its time."
    yield "endpoints:"
    for name, endpoint in request.endpoints.items():
        declared = {"time": f"{endpoint.time_of or name}_time", "event": f"{name}_event", "label": endpoint.label}
        declared |= {"competing": f"{name}_competing"} if endpoint.competing else {}
        declared |= {key: value for key in ("includes", "within", "origin") if (value := getattr(endpoint, key))}
        yield f"  {name}: {_flow(declared)}"


def _groupings(request: Request) -> Iterator[str]:
    yield "# Groups that the paper compares: a page an endpoint and grouping. The reference is the last level, unless named."
    yield "groupings:" + ("" if request.groupings else " {}  # for instance  arm: {label: Treatment, reference: control, randomised: true}")
    for name, grouping in request.groupings.items():
        randomised = request.design == "trial" if grouping.randomised is None else grouping.randomised
        known = {"label": grouping.label or name.replace("_", " ").capitalize(), "reference": grouping.reference or grouping.levels[-1]}
        yield f"  {name}: {_flow(known | ({'randomised': True} if randomised else {}))}"


def _populations(request: Request) -> Iterator[str]:
    yield "# Patients to whom printed numbers refer. Conditions: `arm=A & age>=10`, `stage=II|III`, `stage!=?` (known)."
    yield "populations:"
    yield f"  all: {_flow({'label': f'All {plural(request.unit)}'})}"
    for name, population in populations_of(request).items():
        yield f"  {name}: {_flow(population)}"
    for name, label in parts_of(request).items():
        yield f"  {name}: {_flow({'where': f'{name}=1', 'label': label})}"


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) else number


_TABLES = """\
# Layouts of the paper's tables, by the first word of their ledger ids: each gets a page of its own.
# {all.n} in a cell is the ledger row t1.<key>.all.n. For instance:
# t1:
#   source: Table 1
#   caption: Patients at the start of follow-up
#   columns:
#     - {label: All, cell: "{all.n} ({all.pct})"}
#   rows:
#     - {label: Sex}
#     - {label: Female, key: sex.f, indent: 1}
{}
"""

_FINDINGS = """\
# Numbers of the paper that cannot be taken at face value, with their explanations. They concern printed numbers, not people.
# - id: two-totals
#   title: Table 1 counts 62 patients, the text 63.
#   rows: [t1.n, res.n]
#   printed: Table 1, 62; results, 63.
#   problem: Why the numbers cannot all be right.
#   readings:
#     - {text: One patient withdrew after Table 1 was made., favoured: true, why: The flow diagram says so.}
#   found_by: machine
#   rank: 1  # the weightiest have a rank, why they matter, and what to write instead
#   matters: Why a reader should know.
#   quote: "Give the denominator: {t1.n} at inclusion, {res.n} analysed."
[]
"""

_CLAIMS = """\
# What the paper concludes, weighed by one rule against the numbers it rests on.
# - id: longer-survival
#   claim: Survival is longer with A, in our words.
#   source: Abstract
#   rests_on: [abs.os.hr, abs.os.p]
#   pattern: difference
#   tests: [abs.os.p]
#   reason: What the numbers show.
[]
"""

_RECONSTRUCTION = """\
# What the reconstruction assumes in addition to the printed numbers; empty, it takes times, endpoints and groups from study.yml.
# For instance:
# tables:
#   cohort:
#     rules:
#       - {when: "arm=B", then: "dose=?", why: the drug was given in arm A alone}
{}
"""


def _readme(slug: str, request: Request) -> str:
    return f"""# {request.label or slug}

Ledger, declarations and, once reconstructed, synthetic cohorts of *{request.title}*.
No row is an original {request.unit}; the paper's text is not part of this folder.

## Changes of role

None yet.
A number that changes between imposed and held out is listed here with its reason.
"""
