# Sends the pages of a sweep to a cluster: python -m analysis sweep FILE --profile FOLDER
#
# Which pages have to be executed is decided before Snakemake starts (analysis/book/dependencies/fingerprints.py),
# by removing their receipts; Snakemake makes the receipts that are missing, and asks no further.

import shlex
import sys

sys.path.insert(0, workflow.basedir)

from pathlib import Path

from analysis.book import built_book
from analysis.book.dependencies import build_records as receipts, fingerprints as staleness

JOB = f"{shlex.quote(sys.executable)} -m analysis.book.jobs.one_job"
BOOK = built_book.Book(Path(config["edition"]))
with built_book.building(BOOK):
    PAGES = list(staleness.executed_pages())
    NOTEBOOK = receipts.folder().relative_to(workflow.basedir).as_posix() + "/notebook/{name}.json"
OF_BOOK = shlex.join(BOOK.arguments)


localrules: all


rule all:
    input:
        expand(NOTEBOOK, name=PAGES),


rule notebook:
    output:
        NOTEBOOK,
    wildcard_constraints:
        name="|".join(PAGES) or "none",
    shell:
        "{JOB} notebook {wildcards.name} {OF_BOOK}"
