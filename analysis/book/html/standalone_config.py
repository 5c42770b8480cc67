"""Settings of books that stand apart from the published one: editions, sweeps, single pages."""

from __future__ import annotations

import yaml

from analysis import paths

BIBLIOGRAPHY = "sphinxcontrib.bibtex"
"""Extension that refuses to work without a file of references, which only the published book has."""


def settings() -> dict:
    """Content of ``_config.yml`` without references and without links to sources, whose pages may have other names here."""
    found = yaml.safe_load((paths.ROOT / "_config.yml").read_text(encoding="utf-8"))
    of_sphinx = found["sphinx"]["config"]
    of_sphinx["repository"] = ""
    of_sphinx["extensions"] = [name for name in of_sphinx["extensions"] if name != BIBLIOGRAPHY]
    for name in [name for name in of_sphinx if name.startswith("bibtex_")]:
        del of_sphinx[name]
    return found
