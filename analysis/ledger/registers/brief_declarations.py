"""What ``briefs.yml`` may declare: what a study and its pages say first, as printed numbers, results, claims and rows.

Sentences about what is found are not declared: they follow from values.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from analysis.cohorts.declarations import Declaration


class TwoGroups(Declaration):
    """What comparisons of two groups declare.

    Attributes
    ----------
    of : str
        What is compared: the event, e.g. ``death``; or what is counted, e.g. ``Complete remission after one course``.
    by : str
        Variable of the groups.
    population : str
        Population that is compared.
    groups : (first, reference)
        Levels, the second being the reference.
    labels : (str, str), optional
        What the sentence calls the groups.
    """

    of: str
    by: str
    groups: tuple[str, str]
    labels: tuple[str, str] | None = None
    population: str = "all"


class HazardRatio(TwoGroups):
    """Cox model of two groups that are known at the start.

    Attributes
    ----------
    endpoint : str
        Endpoint that is compared.
    kind : str
        Names this sort of result.
    """

    kind: Literal["hazard ratio"]
    endpoint: str


class AfterSwitch(Declaration):
    """Those who enter a state on the way: the naive comparison, and that which counts them from its date.

    Attributes
    ----------
    kind : str
        Names this sort of result.
    of : str
        The event, e.g. ``death``.
    endpoint : str
        Endpoint that is compared.
    population : str
        Population that is compared.
    happened : str
        Condition that it came at all, e.g. ``sct=1``.
    time : str
        Variable with its time from the origin of the endpoint.
    label : str
        What it is called, e.g. ``SCT``.
    """

    kind: Literal["switch"]
    of: str
    endpoint: str
    happened: str
    time: str
    label: str
    population: str = "all"


class Shares(TwoGroups):
    """Shares of two groups that meet a condition (Fisher's exact test).

    Attributes
    ----------
    kind : str
        Names this sort of result.
    where : str
        Condition; patients of whom it is unknown are left out.
    """

    kind: Literal["shares"]
    where: str


class Recomputed(Declaration):
    """Printed quantities as recomputed here.

    Attributes
    ----------
    kind : str
        Names this sort of result.
    text : str
        ``{res.n}`` in it stands for the recomputed number of that ledger row.
    """

    kind: Literal["recomputed"]
    text: str


Result = Annotated[HazardRatio | AfterSwitch | Shares | Recomputed, Field(discriminator="kind")]


class Brief(Declaration):
    """The three lines that open a page.

    Attributes
    ----------
    paper : str
        What the paper says; ``{res.n}`` stands for the characters printed in that ledger row.
    found : tuple of Result
        What is recomputed beside it.
    rows : tuple of str
        Beginnings of the ledger ids whose verdicts are counted.
    claims : tuple of str
        Conclusions of the paper that these numbers bear on.
    """

    paper: str
    found: tuple[Result, ...] = Field(min_length=1)
    rows: tuple[str, ...] = Field(min_length=1)
    claims: tuple[str, ...] = ()


class Drawn(Declaration):
    """Survival curves of a card.

    Attributes
    ----------
    curves : dict of label to (endpoint, population)
        Curves by what the figure calls them.
    title : str
        Above the figure.
    ylabel : str
        Of the vertical axis.
    horizon : float
        In the unit of the endpoint.
    annotate : dict of label to ids
        Ledger rows that stand in the figure: one, or an estimate and its limits.
    """

    curves: dict[str, tuple[str, str]] = Field(min_length=1)
    title: str
    ylabel: str = "Survival"
    horizon: float = Field(36, gt=0)
    annotate: dict[str, tuple[str, ...]] = {}


class Card(Declaration):
    """A study on one card.

    Attributes
    ----------
    question, design, result : str
        One sentence each; ``{abs.n}`` stands for the characters printed in that ledger row. The result is the paper's, in numbers.
    found : Result
        What stands below the figure.
    figure : Drawn
        The figure.
    """

    question: str
    design: str
    result: str
    found: Result
    figure: Drawn


class Briefs(Declaration):
    """Content of ``briefs.yml``.

    Attributes
    ----------
    card : Card, optional
        The study's card on the landing page.
    pages : dict of str to Brief
        By the name of the page in the study's folder of notebooks.
    """

    card: Card | None = None
    pages: dict[str, Brief] = {}
