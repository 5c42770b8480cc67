"""A study of a third disease, in three arms."""

from __future__ import annotations


def declare(variables: dict, endpoints: dict) -> dict:
    """Content of its ``study.yml``, with so many more variables and endpoints."""
    return {
        "study": "third",
        "label": "A third disease",
        "title": "A third disease",
        "citation": {},
        "tables": {"cohort": {"file": "cohort.csv", "unit": "patient", "key": "id"}},
        "variables": {
            "cohort": {"id": {"type": "id"}, "arm": {"type": "category", "levels": ["A", "B", "C"], "missing": True}, **variables}
        },
        "endpoints": endpoints,
        "populations": {"all": {"label": "Everybody"}},
    }
