"""Each study on one card: what was asked, of whom, with what result, how its conclusions fared, what not to quote.

What a study declares in ``briefs.yml`` is told in its words; of one that declares nothing, what its declarations and its
ledger say by themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape

from IPython.display import HTML

from analysis import paths
from analysis.cohorts.study_parts import PER_MONTH
from analysis.figures.verdict_symbols import JUDGEMENTS
from analysis.ledger.registers.brief_declarations import Drawn
from analysis.ledger.session.study_session import Opened
from analysis.pages.page import AUDIT_PAGE, Page
from analysis.pages.paper.in_brief import InBrief
from analysis.pages.paper.summary import cite
from analysis.pages.section import Section, figure
from analysis.tables.brief_sentences import results_told
from analysis.tables.html.typography import typeset
from analysis.tables.registers.register_summary import CLAIMS_PAGE, FINDINGS_PAGE, findings_digest, judgement_badge

ABSTRACT = "abstract"
MOST_CLAIMS, MOST_FINDINGS = 12, 3
_SUMMARY = "summary.html"


class StudyCards(Section):
    """A card for each study."""

    @figure
    def study_cards(self) -> HTML:
        """All studies, a card each: a graphical abstract that fits a sheet of paper."""
        return HTML("".join(_card(slug, opened) for slug, opened in self.page.opened.items()))


def _card(slug: str, opened: Opened) -> str:
    card = opened.briefs.card
    declared = opened.study.horizon
    horizon = card.figure.horizon if card else declared and declared / PER_MONTH[opened.study.time_unit]
    page = Page(slug, **({"horizon": float(horizon)} if horizon else {}))
    page.audit_page = f"../notebooks/{slug}/{AUDIT_PAGE}"
    brief = InBrief(page)
    label = escape(opened.study.label)
    heading = f'<a href="{_address(slug, _SUMMARY)}">{label}</a>' if _address(slug, _SUMMARY) else label
    lines = "".join(f"<dt>{head}</dt><dd>{html}</dd>" for head, html in _lines(slug, opened, brief))
    return (
        f'<article class="exhibit study-card" aria-labelledby="card-{escape(slug)}"><h3 id="card-{escape(slug)}">{heading}</h3>'
        f'<p class="citation">{cite(opened.study)}</p><div class="study-card-body"><div><dl>{lines}</dl>{_claims(slug, opened)}</div>'
        f"<div>{_figure(opened, page, brief)}</div></div>{_findings(slug, opened)}</article>"
    )


def _lines(slug: str, opened: Opened, brief: InBrief) -> Iterator[tuple[str, str]]:
    """Question, design and result, as HTML."""
    card = opened.briefs.card
    if card:
        write = brief.linked if _address(slug, AUDIT_PAGE) else lambda text: escape(brief.written(text))
        yield "Question", escape(card.question)
        yield "Design and patients", write(card.design)
        yield "Result", write(card.result)
        return
    tables = opened.reference
    sizes = [
        f"{len(frame)} {opened.study.tables[name].units if len(frame) != 1 else opened.study.tables[name].unit}"
        for name, frame in tables.items()
    ]
    yield "Patients", escape(f"Reconstructed: {', '.join(sizes)}." if sizes else "No cohort has been reconstructed yet.")
    results = opened.audit.results
    told = results_told(zip(results["verdict"], results["evidence"], strict=True))
    yield "Result", escape(told or "No printed number has been recomputed yet.")


def _figure(opened: Opened, page: Page, brief: InBrief) -> str:
    """Survival curves with hazard ratio and P below; nothing where there is no cohort or no endpoint."""
    card = opened.briefs.card
    drawn = card.figure if card else _plainest(opened)
    if not opened.reference or drawn is None:
        return ""
    told = brief.tell(card.found).text if card else ""
    made = page.figure.survival(
        drawn.curves,
        annotate=drawn.annotate,
        title=drawn.title,
        ylabel=drawn.ylabel,
        caption=told,
        name=f"card-{opened.study.slug}",
        over_cohorts=False,
    )
    return made.data if isinstance(made, HTML) else made._repr_html_()


def _plainest(opened: Opened) -> Drawn | None:
    """The first endpoint of a study, of everybody who can have it."""
    study = opened.study
    for name, endpoint in study.endpoints.items():
        for population, declared in study.populations.items():
            if declared.table == endpoint.table and not declared.condition.clauses:
                return Drawn(curves={declared.label: (name, population)}, title=endpoint.label, ylabel=endpoint.label)
    return None


def _claims(slug: str, opened: Opened) -> str:
    """Conclusions of the abstract, or of the paper where none is named so, each with its judgement in words."""
    named = [claim for claim in opened.claims if ABSTRACT in claim.source.lower()] or list(opened.claims)
    if not named:
        return ""
    counts = Counter[str](claim.judgement for claim in named)
    told = ", ".join(f"{counts[judgement]} {judgement}" for judgement in JUDGEMENTS if counts[judgement])
    address = _address(slug, CLAIMS_PAGE)
    items = ""
    for claim in named[:MOST_CLAIMS]:
        text = escape(typeset(claim.claim))
        text = f'<a href="{address}#{escape(claim.id)}">{text}</a>' if address else text
        items += f"<li>{judgement_badge(claim.judgement)} <span>{text}</span></li>"
    return f'<h4>What the paper concludes: {told}</h4><ul class="traffic-lights">{items}</ul>'


def _findings(slug: str, opened: Opened) -> str:
    """The weightiest findings; nothing where none is ranked."""
    chosen = [finding for finding in opened.findings if finding.rank and finding.rank <= MOST_FINDINGS]
    if not chosen:
        return ""
    return f"<h4>Not to be quoted as printed</h4>{findings_digest(chosen, _address(slug, FINDINGS_PAGE)).html}"


def _address(slug: str, page: str) -> str:
    """A page of a study as seen from the landing page; empty where the study has no such page."""
    source = paths.NOTEBOOKS / slug / page.replace(".html", ".md")
    return f"../notebooks/{escape(slug)}/{page}" if source.is_file() else ""
