"""The studies that are there: links to their pages, and how to cite them."""

from __future__ import annotations

from html import escape

from IPython.display import HTML

from analysis import paths
from analysis.pages.paper.summary import cite
from analysis.pages.section import Section, sentence

_PAGES = {
    "summary": "summary", "discussion": "discussion", "reporting": "reporting checklist", "findings": "findings", "claims": "claims",
    "data": "data dictionary", "audit": "audit",
}  # fmt: skip
"""Pages that a study may have beside those of its results, by the name of their source."""


class StudyList(Section):
    """Every study of the book."""

    @sentence
    def study_pages(self) -> HTML:
        """A line for each study, with links to its summary, findings, claims, audit and the like, those that it has; from a page in ``book``."""
        lines = []
        for slug, opened in self.page.opened.items():
            links = [
                f'<a href="../notebooks/{escape(slug)}/{name}.html">{words}</a>'
                for name, words in _PAGES.items()
                if (paths.NOTEBOOKS / slug / f"{name}.md").is_file()
            ]
            if links:
                lines.append(f"<li><strong>{escape(opened.study.label)}</strong>: {', '.join(links)}</li>")
        return HTML(f"<ul>{''.join(lines)}</ul>")

    @sentence
    def citations(self) -> HTML:
        """The papers, as a reference list would have them."""
        return HTML(f"<ul>{''.join(f'<li>{cite(opened.study)}</li>' for opened in self.page.opened.values())}</ul>")
