# The build graph. `make book` runs it; `.venv/bin/snakemake -n` says what would run and why.
#
#   sources, data, analysis/ ──> executed notebooks ──┐
#   ledger, cohorts, analysis/ ──> saved audits ──────┼──> HTML
#   prose, _config.yml, _toc.yml ─────────────────────┘
#   cohorts, ledger ──> verification of the cohorts (`make cohorts` searches, the build never does)
#
# What Snakemake tracks are receipts of the outputs (see analysis/publishing/receipts.py), so that
# a failed job leaves the last good page in place.  `content` is a digest of everything a job
# depends on: a change of content runs it, a change of time does not.

import platform
import shlex
import sys

sys.path.insert(0, workflow.basedir)

from analysis.publishing import contents, graph, progress, receipts

JOB = f"{shlex.quote(sys.executable)} -m analysis.publishing"
PYTHON = platform.python_version()
PAGES = {page.name: page for page in contents.pages() if page.executed}
STUDIES = graph.audited_studies()
COHORTS = graph.verified_studies()
RECEIPTS = receipts.folder().relative_to(workflow.basedir).as_posix()
NOTEBOOK = RECEIPTS + "/notebook/{name}.json"
AUDIT = RECEIPTS + "/audit/{study}.json"
VERIFIED = RECEIPTS + "/verify/{study}.json"
HTML = RECEIPTS + "/html/book.json"


def audits_of(page):
    """Receipts of the saved audits that a page reads."""
    return [AUDIT.format(study=study) for study in graph.studies_of(page)
            if study in STUDIES and graph.needs_audit(page)]


def notebook_content(page):
    """Fingerprint of an executed page, of the audits it reads too."""
    audits = [graph.fingerprint(graph.study_inputs(study, graph.AUDIT)) for study in graph.studies_of(page)
              if study in STUDIES and graph.needs_audit(page)]
    return graph.fingerprint(graph.notebook_inputs(page), PYTHON, graph.given(page), *audits)


def html_content():
    """Fingerprint of the book: of its pages, their commits, and everything beside them."""
    pages = [notebook_content(page) for page in PAGES.values()]
    audits = [graph.fingerprint(graph.study_inputs(study, graph.AUDIT)) for study in STUDIES]
    commits = [str(graph.commit_of(page)) for page in PAGES.values()]
    return graph.fingerprint(graph.book_inputs(), PYTHON, *pages, *audits, *commits)


receipts.discard_broken()


onstart:
    progress.start(sum(job.rule.name == "notebook" for job in workflow.dag.needrun_jobs()))


localrules: all, notebooks


rule all:
    default_target: True
    input:
        HTML,
        # asked for by name, as Snakemake lets lost files between two kept ones be
        expand(NOTEBOOK, name=list(PAGES)),
        expand(AUDIT, study=STUDIES),
        expand(VERIFIED, study=COHORTS),


rule notebooks:
    input:
        expand(NOTEBOOK, name=list(PAGES)),


rule notebook:
    input:
        lambda wildcards: graph.notebook_inputs(PAGES[wildcards.name]),
        lambda wildcards: audits_of(PAGES[wildcards.name]),
    output:
        NOTEBOOK,
    wildcard_constraints:
        name="|".join(PAGES) or "none",
    params:
        content=lambda wildcards: notebook_content(PAGES[wildcards.name]),
    shell:
        "{JOB} notebook {wildcards.name}"


rule audit:
    input:
        lambda wildcards: graph.study_inputs(wildcards.study, graph.AUDIT),
    output:
        AUDIT,
    params:
        content=lambda wildcards: graph.fingerprint(graph.study_inputs(wildcards.study, graph.AUDIT), PYTHON),
    shell:
        "{JOB} audit {wildcards.study}"


rule verify:
    input:
        lambda wildcards: graph.study_inputs(wildcards.study, graph.VERIFIER),
    output:
        VERIFIED,
    params:
        content=lambda wildcards: graph.fingerprint(
            graph.study_inputs(wildcards.study, graph.VERIFIER), PYTHON
        ),
    shell:
        "{JOB} verify {wildcards.study}"


rule html:
    input:
        graph.book_inputs(),
        expand(NOTEBOOK, name=list(PAGES)),
        expand(AUDIT, study=STUDIES),
    output:
        HTML,
    params:
        content=html_content(),
    shell:
        "{JOB} html"
