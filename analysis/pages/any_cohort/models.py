"""A Cox model of the covariates asked for, of any cohort."""

from __future__ import annotations

from IPython.display import HTML

from analysis.cohorts.selection import COHORT
from analysis.errors import NotShown
from analysis.estimators.ensemble_range import over
from analysis.estimators.regression import requested_model
from analysis.pages.any_cohort.base import GeneralSection
from analysis.pages.comparisons.covariate_models import NOTHING_ASKED, covariate_columns, model_tables, numbers_of, on_request
from analysis.pages.comparisons.group_results import GroupResults
from analysis.pages.guards import not_shown, where_it_applies
from analysis.pages.section import table
from analysis.tables.html.view import View


class GeneralModels(GeneralSection, GroupResults):
    """Models of the endpoint of a general page."""

    @table
    @where_it_applies
    def covariate_model(self, what: str) -> View | HTML:
        """A Cox model of the endpoint with the covariates asked for, and by Firth’s penalty where events are few.

        Parameters
        ----------
        what : str
            Beginning of the caption.
        """
        covariates = self.page.covariates
        if not covariates:
            return not_shown(NOTHING_ASKED)
        if self.page.protection:
            raise NotShown("a model needs rows")

        def model(member: int) -> requested_model.RequestedModel:
            table = self.page.observed(member, rows=True)
            columns = covariate_columns(self.page.everybody(member).loc[table.index], covariates, self.page.opened.study, COHORT)
            return requested_model.fit(table["time"], table["event"], columns, self.page.ties, self.page.level)

        with on_request() as scope:
            reference, found = model(0), over(self.page.cohort_numbers(), lambda member: numbers_of(model(member)))
        return model_tables(
            reference, found, self.page.title(what), self.page.ties, self._as_results, self.page.results_table, scope.remarks
        )
