"""What a page says first, in three lines: what the paper says, what is found here, how sure that is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import NamedTuple

import pandas as pd
from IPython.display import HTML

from analysis.errors import Fault, InputError, NotShown, Undefined, suggestion
from analysis.estimators.ensemble_range import Sampled
from analysis.estimators.group_tests import contingency
from analysis.ledger.registers import briefs, register_entries
from analysis.ledger.registers.brief_declarations import AfterSwitch, Brief, HazardRatio, Recomputed, Result, Shares
from analysis.ledger.rows.row import group_by_result
from analysis.ledger.verdicts.audit import result_basis, result_verdict
from analysis.pages import plain_counts
from analysis.pages.section import sentence
from analysis.pages.survival.switched import Switch
from analysis.pages.survival.switching import Switching
from analysis.paths import shorten_path
from analysis.tables import brief_sentences, sentences
from analysis.tables.html import formatting
from analysis.tables.html.audit_index import link_to_row
from analysis.tables.html.brief import brief as three_lines
from analysis.tables.html.typography import typeset
from analysis.tables.html.view import View
from analysis.tables.registers.register_summary import CLAIMS_PAGE, judgement_badge
from analysis.tables.rows.inline import inline

_NO_VALUE = (formatting.MISSING, "undefined")

_METHOD = ", by Cox regression with profile-likelihood limits"

HEADS = ("The paper says", "We find", "How sure")


class Told(NamedTuple):
    """A sentence on a result.

    Attributes
    ----------
    text : str
        Plain.
    html : str
    p : dict of str to Sampled
        P values over the cohorts, by what they are of.
    """

    text: str
    html: str
    p: Mapping[str, Sampled]


class InBrief(Switching):
    """The first lines of a page, and of a study's card."""

    @sentence
    def in_brief(self, name: str) -> View | HTML:
        """Three lines for the top of a page, as ``briefs.yml`` declares them; nothing where a study declares none.

        Parameters
        ----------
        name : str
            Of the page, as in ``briefs.yml``.

        Raises
        ------
        InputError
            If the study declares such lines, but none for this page.
        """
        opened = self.page.opened
        declared = opened.briefs.pages
        if not declared:
            return HTML("")
        if name not in declared:
            file = shorten_path(opened.study.folder / briefs.FILE)
            raise InputError(Fault(file, "pages", ", ".join(declared), repr(name) + suggestion(name, declared)))
        brief = declared[name]
        found = _method_once([self.tell(result) for result in brief.found])
        sure = list(self._how_sure(brief, found))
        lines = [
            (HEADS[0], self.written(brief.paper), self.linked(brief.paper)),
            (HEADS[1], " ".join(one.text for one in found), " ".join(one.html for one in found)),
            (HEADS[2], " ".join(text for text, _ in sure), " ".join(html for _, html in sure)),
        ]
        return three_lines(lines)

    def written(self, text: str) -> str:
        """A declared sentence with printed numbers, plain."""
        return _fill(text, lambda id: self._printed(id))

    def linked(self, text: str) -> str:
        """The same as HTML: each number leads to its row of the audit."""
        return _fill(escape(text, quote=False), self._link, self._printed)

    def _printed(self, id: str) -> str:
        return formatting.format_plain(self.page.opened.ledger[id].value)

    def _link(self, id: str) -> str:
        return link_to_row(self.page.judged, id, self._printed(id))

    def tell(self, result: Result) -> Told:
        """A sentence on a declared result; on one that does not exist for these patients, why."""
        try:
            with self.page.parameters.if_shown():
                match result:
                    case HazardRatio():
                        return self._hazard_ratio(result)
                    case AfterSwitch():
                        return self._after_switch(result)
                    case Shares():
                        return self._shares(result)
                    case Recomputed():
                        return self._recomputed(result)
        except Undefined as problem:
            why = "not shown, to protect the patients" if isinstance(problem, NotShown) else f"not estimable here ({problem})"
            of = "These numbers" if isinstance(result, Recomputed) else _capital(result.of)
            return _plain(f"{of}: {why}.")

    def _hazard_ratio(self, asked: HazardRatio) -> Told:
        first, reference = asked.labels or asked.groups
        found = self.page.over_many(self._named_ratios(asked.endpoint, asked.by, asked.groups), asked.population)
        _require(found)
        ratio = brief_sentences.ratio(found, self.page.level, (first, reference))
        told = f"HR for {asked.of}, {first} vs {reference}: {ratio}{_METHOD}."
        return _plain(told, {f"{asked.of}, {first} vs {reference}": found["p"]})

    def _after_switch(self, asked: AfterSwitch) -> Told:
        which = Switch(asked.endpoint, asked.happened, asked.time, asked.label)
        searched = self.page.searched(
            "cox_td_hr", asked.population, lambda one: (one["endpoint"], one["switch_time"]) == (which.endpoint, which.time)
        )
        naive, after = (
            self.page.over_many(self._switch_ratios(which, way), asked.population, said)
            for way, said in ((self._from_the_start, ""), (self._time_dependent, searched))
        )
        _require(naive)
        _require(after)
        told = (
            f"HR for {asked.of}, {asked.label} vs none: {brief_sentences.ratio(naive, self.page.level)} in the naive comparison, "
            f"subject to immortal-time bias; counted from the date of {asked.label}, {brief_sentences.ratio(after, self.page.level)}."
        )
        return _plain(told, {f"{asked.of} from the date of {asked.label}": after["p"]})

    def _shares(self, asked: Shares) -> Told:
        plain_counts.require_censored(self.page.opened.study, (asked.where, asked.by), {})
        found = self.page.over(lambda frame: self._counted(frame, asked), asked.population)
        _require(found)
        one, other = (
            f"{brief_sentences.share(*(found[f'{part}{group}'] for part in ('met', 'n', 'value')))} with {label}"
            for group, label in zip(("", " of the reference"), asked.labels or asked.groups, strict=True)
        )
        p = found["p"]
        told = f"{asked.of}: {one} vs {other} ({sentences.p_text(p.reference)}, Fisher’s exact test)."
        return _plain(told, {asked.of[:1].lower() + asked.of[1:] if asked.of[1:2].islower() else asked.of: p})

    def _counted(self, frame: pd.DataFrame, asked: Shares) -> dict[str, float]:
        table = self._table(frame, asked.where, asked.by, asked.groups)
        found: dict[str, float] = {}
        for (met, rest), group in zip(table, ("", " of the reference"), strict=True):
            if not met + rest:
                raise Undefined("one of the groups has no patients")
            found |= {f"met{group}": met, f"n{group}": met + rest, f"value{group}": 100 * met / (met + rest)}
        return found | {"p": contingency.p_value(table, test="fisher")}

    def _recomputed(self, asked: Recomputed) -> Told:
        judged = self.page.judged
        lacking = [id for id in register_entries.PLACEHOLDER.findall(asked.text) if formatting.format_recomputed(judged[id]) in _NO_VALUE]
        if lacking and not self.page.compared:
            raise self.page.without_rows() if self.page.protection else Undefined("these patients lack what it needs")
        write = lambda id: formatting.format_recomputed(judged[id])  # noqa: E731
        html = _fill(escape(asked.text, quote=False), lambda id: inline(judged, id).html, write)
        return Told(_fill(asked.text, write), html, {})

    def _how_sure(self, brief: Brief, found: list[Told]) -> Iterator[tuple[str, str]]:
        """Sentences, each plain and as HTML: verdicts of the printed results, P over cohorts, claims by their rule."""
        page = self.page
        if not page.compared:
            told = "No verdict is given, as these are not the published patients."
            yield told, told
            return
        joined = group_by_result((page.judged[id] for id in page.ids(*brief.rows)), lambda cell: cell.row).values()
        told = brief_sentences.results_told((result_verdict(cells), result_basis(cells)) for cells in joined)
        if told:
            yield told, escape(told)
        for told in (*self._over_cohorts(found), *self._dates(brief)):
            yield told, escape(told)
        claims = {claim.id: claim for claim in page.opened.claims}
        for claim in (claims[id] for id in brief.claims):
            text = typeset(claim.claim.rstrip("."))
            yield (
                f"“{text}”: {claim.judgement}.",
                f'“<a href="{CLAIMS_PAGE}#{escape(claim.id)}">{escape(text)}</a>”: {judgement_badge(claim.judgement)}.',
            )

    def _over_cohorts(self, found: list[Told]) -> Iterator[str]:
        """What P values over the cohorts say, those that say the same together."""
        alike: dict[str, list[str]] = {}
        for of, p in (pair for one in found for pair in one.p.items()):
            alike.setdefault(brief_sentences.significance_across(p, self.page.significance), []).append(of)
        for words, subjects in alike.items():
            if words:
                yield f"{_capital(words)}: {'; '.join(subjects)}."

    def _dates(self, brief: Brief) -> Iterator[str]:
        """That dates of a switch are no data of the paper."""
        labels = dict.fromkeys(one.label for one in brief.found if isinstance(one, AfterSwitch))
        if labels:
            yield f"The dates of {' and '.join(labels)} are not reported; each cohort assumes its own."


def _fill(text: str, write: Callable[[str], str], plain: Callable[[str], str] | None = None) -> str:
    """A declared sentence with its numbers; one that is printed as a bound takes the place of the sign of equality before it."""

    def number(found: re.Match) -> str:
        bound = (plain or write)(found["id"])[:1] in ("<", "≤", ">", "≥")
        written = write(found["id"])
        if found["range"]:  # 28–52%
            written = re.sub(r"%(?=<|$)", "", written, count=1)
        if bound and found["equal"]:  # P < 0.001
            written = re.sub(r"(?:^|(?<=>))(&lt;|&gt;|[<≤>≥])(?=[\d.])", "\\1\u00a0", written, count=1)
        return ("" if bound else found["equal"] or "") + written + (found["range"] or "")

    return re.sub(r"(?P<equal>= )?\{(?P<id>[a-z][a-z0-9_.]*)\}(?P<range>–(?=\{))?", number, text)


def _method_once(found: list[Told]) -> list[Told]:
    """The same sentences, the method of hazard ratios only at the last of them."""
    last = max((place for place, one in enumerate(found) if _METHOD in one.text), default=-1)
    without = [one._replace(text=one.text.replace(_METHOD, ""), html=one.html.replace(_METHOD, "")) for one in found]
    return [one if place == last else without[place] for place, one in enumerate(found)]


def _require(found: Mapping[str, Sampled]) -> None:
    if not found["value"].defined:
        raise Undefined(found["value"].why)


def _plain(text: str, p: Mapping[str, Sampled] | None = None) -> Told:
    return Told(text, escape(text), p or {})


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
