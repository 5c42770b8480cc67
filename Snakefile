# The build graph. `make book` runs it; `.venv/bin/snakemake -n` says what would run and why.
#
#   sources, data, analysis/ ──> executed notebooks ──┐
#   ledger, cohorts, analysis/ ──> saved audits ──────┼──> HTML
#   prose, _config.yml, _toc.yml ─────────────────────┘
#   cohorts, ledger ──> verification of the cohorts (`make cohorts` searches, the build never does)
#
# What Snakemake tracks are receipts of the outputs (see analysis/publishing/receipts.py), so that
# a failed job leaves the last good page in place.  `content` is a digest of everything a job
# depends on, and stands in its receipt: a change of content runs it, a change of time does not.

import shlex
import sys

sys.path.insert(0, workflow.basedir)

from analysis.publishing import errand, graph, notebooks, progress, receipts, staleness

JOB = f"{shlex.quote(sys.executable)} -m analysis.publishing"
PAGES = staleness.executed_pages()
STUDIES = graph.audited_studies()
COHORTS = graph.verified_studies()
RECEIPTS = receipts.folder().relative_to(workflow.basedir).as_posix()
NOTEBOOK = RECEIPTS + "/notebook/{name}.json"
AUDIT = RECEIPTS + "/audit/{study}.json"
# stands as long as an audit was ever made, altered or not: pages that only wait for an audit are not made anew with it
KEPT = RECEIPTS + "/audit/{study}.kept"
VERIFIED = RECEIPTS + "/verify/{study}.json"
HTML = RECEIPTS + "/html/book.json"


receipts.discard_broken()
# of jobs that wait for another that runs, Snakemake would not look at `content`
receipts.discard_stale(staleness.wanted())


onstart:
    waiting = sum(job.rule.name == "notebook" for job in workflow.dag.needrun_jobs())
    progress.start(waiting)
    if waiting:
        errand.knock()


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
    # the files that it is made from stand in `content` alone: of hundreds of jobs with hundreds of
    # inputs each, Snakemake would look at all of them after every job
    input:
        lambda wildcards: expand(AUDIT, study=staleness.audits_of(wildcards.name)),
        # waited for, so that nothing is evaluated twice; what an audit says changes nothing on these pages
        lambda wildcards: ancient(expand(KEPT, study=staleness.after(wildcards.name))),
    output:
        NOTEBOOK,
    wildcard_constraints:
        name="|".join(PAGES) or "none",
    priority: lambda wildcards: int(notebooks.takes_long(PAGES[wildcards.name].source))
    params:
        content=lambda wildcards: staleness.of_notebook(wildcards.name),
    shell:
        "{JOB}.errand notebook {wildcards.name} --made-from {params.content}"


rule audit:
    # first, since it evaluates what pages show of the ensembles, and the first page to need a value keeps it
    priority: 2
    input:
        lambda wildcards: graph.study_inputs(wildcards.study, graph.AUDIT),
    output:
        AUDIT,
        touch(KEPT),
    params:
        content=lambda wildcards: staleness.of_audit(wildcards.study),
    shell:
        "{JOB}.errand audit {wildcards.study} --made-from {params.content}"


rule verify:
    input:
        lambda wildcards: graph.study_inputs(wildcards.study, graph.VERIFIER),
    output:
        VERIFIED,
    params:
        content=lambda wildcards: staleness.of_verification(wildcards.study),
    shell:
        "{JOB}.errand verify {wildcards.study} --made-from {params.content}"


rule html:
    input:
        graph.book_inputs(),
        expand(NOTEBOOK, name=list(PAGES)),
        expand(AUDIT, study=STUDIES),
    output:
        HTML,
    params:
        content=staleness.of_html(),
    shell:
        "{JOB}.errand html --made-from {params.content}"
