"""How results show: several as one output, and a sentence where a result does not apply."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from html import escape

from IPython.display import HTML

from analysis.errors import Undefined

REVIEWED = frozenset((
    "comparisons", "detectable", "e_values", "hazards", "multivariable", "penalised", "proportionality",
    "proportionality_statement", "restricted_means", "shares",
    "beside_published", "estimates", "follow_up", "hazard_ratios", "log_rank_statement", "missing", "restricted_mean_times", "survival_curves", "who",
))
"""Results that may be shown of real patients: whoever adds one makes sure that it rests on enough of them.

Everything else is not shown of a protected cohort, so that a new picture of single patients is kept
back until somebody has thought about it.
"""


def sentence(text: str) -> HTML:
    """A sentence in place of something that cannot be shown."""
    return HTML(f'<p class="not-shown">{escape(text)}</p>')


def where_it_applies(method: Callable) -> Callable:
    """Show one sentence with the reason where a result does not exist for a cohort (one arm, no events, nobody).

    Only `analysis.errors.Undefined` says that; any other error is a fault and fails the page.
    """

    @wraps(method)
    def shown(self, *arguments, **named):
        try:
            if getattr(self, "protection", None) is not None and method.__name__ not in REVIEWED:
                raise Undefined("it is not shown for a cohort of your own unless the parameter disclosure is local")
            return method(self, *arguments, **named)
        except Undefined as problem:
            opening = arguments[0] if arguments and isinstance(arguments[0], str) else method.__name__.replace("_", " ")
            what = named.get("title") or named.get("caption") or named.get("what") or opening
            return sentence(f"{what}: does not apply here ({problem}).")

    return shown


def together(*parts: object) -> HTML:
    """Several results under one another, as the output of one cell."""
    return HTML("".join(part.data if isinstance(part, HTML) else part._repr_html_() for part in parts))
