"""What a page that is bound to no paper was asked for: its endpoint, groups and covariates, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from analysis.cohorts.conditions import Condition, parse
from analysis.cohorts.reading import ABSENT
from analysis.cohorts.selection import COHORT
from analysis.cohorts.study_parts import Endpoint
from analysis.errors import Undefined
from analysis.figures.parts.time_axis import TimeAxis
from analysis.ledger.statistics.groups import is_condition
from analysis.pages.any_cohort import disclosure_control
from analysis.pages.ensemble_ranges import Ranges
from analysis.pages.session import Parameter
from analysis.parameters.declarations import UNDIVIDED

BIASED = "subject to immortal-time bias"


class GeneralChoices(Ranges):
    """What a page of any cohort was asked for.

    Parameters
    ----------
    study, values
        As for `Base`.  What is left out is what the study declares: ``endpoint`` the first one of the table ``cohort``, on a page
        that takes ``competing`` the first with a competing event; ``grouping`` the first one of that table; ``levels`` of the
        grouping are all that occur, the reference last.
    """

    origin = Parameter()

    def __init__(self, study: str | None = None, **values: Any):
        super().__init__(study, **values)
        endpoint, declared = self.parameters["endpoint"], self.opened.study.endpoints
        known = [name for name, one in declared.items() if one.table == COHORT]
        if "competing" in self.parameters.taken and not self.parameters.taken["competing"]:
            known.sort(key=lambda name: not declared[name].competing)  # keeps the order of those that declare one
        self.endpoint_name = endpoint or (known[0] if known else "")
        self._declared = declared.get(self.endpoint_name)

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint of the page.

        Raises
        ------
        Undefined
            If the study declares none of the table cohort.
        """
        if self._declared is None:
            raise Undefined("the study declares no endpoint of the table cohort")
        return self._declared

    @property
    def competing(self) -> str:
        """Who left by the competing event: the parameter's, else the variable that the endpoint declares; empty where neither is."""
        return self.parameters["competing"] or (self._declared.competing if self._declared else "")

    @property
    def grouping(self) -> str:
        """Variable that divides the patients: the parameter's, else the first declared grouping that the cohort has; empty where patients are not divided."""
        asked = self.parameters["grouping"]
        if asked == UNDIVIDED:
            return ""
        return asked or next(iter(self.declared_groupings()), "")

    @property
    def covariates(self) -> list[str]:
        """Covariates of models: the parameter's, else the declared groupings that are known at the start."""
        variables = self.opened.study.variables.get(COHORT, {})
        return self.parameters["covariates"] or [name for name in self.declared_groupings() if variables[name].known == "start"]

    def declared_groupings(self) -> list[str]:
        """Groupings that the study declares of its cohort, and that this cohort has."""
        declared = [name for name, one in self.opened.study.groupings.items() if one.table == COHORT]
        return [name for name in declared if not self.lacking([name])]

    @cached_property
    def competing_condition(self) -> Condition:
        """Who left by the competing event, among those without the endpoint's: a truth value's name stands for its being true.

        Raises
        ------
        Undefined
            If none was asked for.
        """
        if not self.competing:
            raise Undefined(
                "the endpoint declares no competing event and none was requested: set the parameter competing to a condition such as died=1"
            )
        return parse(self.competing if is_condition(self.competing) else f"{self.competing}=1")

    def levels(self) -> list[str]:
        """Levels of the grouping in the order asked for, else declared, the reference (the last, where none is declared) last."""
        if not self.grouping:
            raise Undefined("no grouping is declared or requested: set the parameter grouping")
        declared = self.opened.study.variables[COHORT].get(self.grouping)
        if declared is None or declared.type not in ("category", "boolean"):
            raise Undefined(f"{self.grouping} is no category or truth value of the cohort")
        return list(self.parameters["levels"] or self.opened.study.reference_last(COHORT, self.grouping))

    def lacking(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of some variables that the cohort does not have."""
        if self.protection:
            return self.released.lacking(names)
        absent = self.opened.reference[COHORT].attrs.get(ABSENT, ()) if self.opened.reference else ()
        return tuple(name for name in names if name in absent)

    def conditions(self) -> dict[str, Condition]:
        """Groups by what they are called, the reference last."""
        return {self.called(level): disclosure_control.level_is(self.grouping, level) for level in self.levels()}

    def called(self, level: str) -> str:
        """What a level of the grouping is called: ``SCT: yes`` of a truth value, else the level."""
        variable = self.opened.study.variables[COHORT][self.grouping]
        return level if variable.levels else f"{self.label(self.grouping)}: {disclosure_control.levels(variable)[level]}"

    def label(self, name: str) -> str:
        """What a variable is called: its declared label, else its name in words."""
        return self.opened.study.variables[COHORT][name].label or name.replace("_", " ")

    @property
    def immortal(self) -> bool:
        """Whether groups known only later are compared from the start, by a column that the cohort has."""
        variable = self.opened.study.variables[COHORT].get(self.grouping or "")
        return variable is not None and variable.known == "later" and not self.origin and not self.lacking([self.grouping])

    def immortal_time_warning(self) -> str:
        """What is wrong with comparing groups that are known only later, and what may be compared instead."""
        variable, label = self.opened.study.variables[COHORT][self.grouping], self.label(self.grouping)
        offers = [f"-p origin={variable.time} counts time from this event in those who have it"] if variable.time else []
        offers += (
            ["the section Landmark analysis of the page Comparison of groups divides the patients by what is known at -p landmark=6"]
            if variable.time
            else []
        )
        return (
            f"Immortal-time bias: {label} is known only after the start. Patients who have it survived until then; that time is credited to the group, "
            f"whose survival looks better than it is. {'; '.join(offers) + '.' if offers else 'The study declares no time for it, so no other comparison is offered.'}"
        )

    def title(self, what: str, grouped: bool = False) -> str:
        """``what`` with the endpoint's label; where groups are compared, with the bias of those that are not known at the start."""
        label = self._declared.label if self._declared else "endpoint"
        since = f", counted from {self.label(self.origin)}" if self.origin else ""
        return f"{what}: {label}{since}" + (f"; groups {BIASED}" if grouped and self.immortal else "")

    def time_axis(self, endpoints: Iterable[Endpoint]) -> TimeAxis:
        """As of any page; where times are counted from a later one, the title says from which."""
        axis = super().time_axis(endpoints)
        return axis._replace(origin="") if self.origin else axis
