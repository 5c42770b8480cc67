"""Results that count without a clock: not shown where follow-up is censored and they speak of what is known only in its course."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from analysis.cohorts import conditions
from analysis.cohorts.study import Study

WORDS = ("caption", "title", "name", "what", "label", "labels", "ylabel", "xlabel")
"""Arguments that are prose: of variables they say nothing."""

_CONDITION = re.compile(r"\s*[A-Za-z_]\w*\s*(=|!=|<|>)")


def require_censored(study: Study, arguments: tuple, named: Mapping[str, Any]) -> None:
    """Refuse a result that counts by variables known only in the course of follow-up, where that is censored.

    Parameters
    ----------
    study : Study
    arguments, named
        What a page's method is called with: one that names an endpoint is censored there; any other counts.

    Raises
    ------
    Undefined
    """
    texts = [*_texts(arguments), *_texts({key: value for key, value in named.items() if key not in WORDS})]
    if not any(text in study.endpoints for text in texts):
        study.require_countable(name for text in texts for name in _variables(study, text))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)


def _variables(study: Study, text: str) -> Iterator[str]:
    """Variables that an argument speaks of: a condition, a population, or a variable itself."""
    if text in study.populations:
        yield from study.populations[text].condition.variables
    elif _CONDITION.match(text):
        with suppress(ValueError):  # prose with a sign in it
            yield from conditions.parse(text).variables
    else:
        yield text
