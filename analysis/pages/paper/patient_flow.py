"""Flow of patients through a study, counted on the cohorts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from IPython.display import HTML

from analysis.estimators.ensemble_range import Sampled
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.plots.flow import Box, flow_figure
from analysis.pages.guards import where_it_applies
from analysis.pages.section import Section, figure


@dataclass(frozen=True)
class Group:
    """A box of the diagram: patients of the group above who meet a condition.

    Attributes
    ----------
    label : str
    where : str or None
        Condition; empty for all of the group above. None for a box without a number, e.g. of those excluded, where it is not reported.
    told : mapping of label to condition
        Counts written into the box.
    notes : sequence of str
        Lines without a count.
    parts : sequence of Group
        Groups that this one divides into; one without patients stays, with 0.
    aside : sequence of Group
        Side boxes: who was excluded or withdrawn, or had a further course.
    population : str or None
        Declared population that the box is counted in from here on, in place of the group above.
    """

    label: str
    where: str | None = ""
    told: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    parts: Sequence[Group] = ()
    aside: Sequence[Group] = ()
    population: str | None = None


#: Places of the boxes from the root down, and of a line in the last of them.
_Place = tuple[int, ...]


class PatientFlow(Section):
    """The diagram that reports of studies open with."""

    @figure
    @where_it_applies
    def flow(self, root: Group, *, title: str, population: str = "all", caption: str = "", name: str | None = None) -> PairedFigure | HTML:
        """A flow diagram after CONSORT: a population divided, each part divided again, with side boxes.

        A count that differs over the cohorts has its range beside it.

        Parameters
        ----------
        root : Group
            `analysis.pages.paper.patient_flow.Group`, with those it divides into.
        title, population, caption, name : str
        """
        counts: dict[str, Sampled] = {}
        for declared, (group, place) in _roots(root, population).items():
            counts |= self.page.over(lambda frame, group=group, place=place: dict(self._counts(group, frame, place, own=True)), declared)
        drawn = _box(root, (), counts)
        if any(found.ranged and not found.fixed for found in counts.values()):
            caption = f"{caption.strip()} In brackets: range across cohorts that satisfy the printed numbers.".strip()
        return flow_figure(drawn, title=title, reconstructed=not self.page.own, caption=caption, name=name)

    def _counts(self, group: Group, frame: pd.DataFrame, place: _Place, *, own: bool = False) -> Iterator[tuple[str, int]]:
        """Counts of a group and of those under it, as far as they are of the same population."""
        if group.population and not own:
            return
        rows = frame[self.page.met(frame, group.where)] if group.where else frame
        if group.where is not None:
            yield _name(place), len(rows)
        for words, where in group.told.items():
            yield _name(place, words), int(self.page.met(rows, where).sum())
        for number, below in enumerate([*group.aside, *group.parts]):
            yield from self._counts(below, rows, (*place, number))


def _name(place: _Place, words: str = "") -> str:
    return ".".join(map(str, place)) + f"/{words}"


def _roots(group: Group, population: str, place: _Place = ()) -> dict[str, tuple[Group, _Place]]:
    """Each population, with the group that it starts at and the place of that."""
    declared = group.population or (population if not place else None)
    found = {declared: (group, place)} if declared else {}
    for number, below in enumerate([*group.aside, *group.parts]):
        found |= _roots(below, population, (*place, number))
    return found


def _box(group: Group, place: _Place, counts: Mapping[str, Sampled]) -> Box:
    below = [_box(one, (*place, number), counts) for number, one in enumerate([*group.aside, *group.parts])]
    aside, parts = tuple(below[: len(group.aside)]), tuple(below[len(group.aside) :])
    lines = tuple(f"{words} {_range_text(counts[_name(place, words)])}" for words in group.told) + tuple(group.notes)
    if group.where is None:
        return Box(group.label, None, lines, parts, aside)
    found = counts[_name(place)]
    ends = (int(found.low), int(found.high)) if found.ranged else (None, None)
    return Box(group.label, int(found.reference), lines, parts, aside, *ends)


def _range_text(found: Sampled) -> str:
    return f"{found.reference:.0f}" + (f" ({found.low:.0f}–{found.high:.0f})" if found.ranged and found.low != found.high else "")
