"""HTML of forms and of the server's own pages, in the dress of the book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from analysis.live.forms.fields import Field, Form

STATISTICS = {"survival": "survival", "median": "median", "hazard_ratio": "hazard ratio"}
"""What a sweep can compare, and how it is called."""

EMPTY = {"where": "everybody"}
"""What an empty field means, where it is not *none*."""

STYLES = (
    "styles/theme.css",
    "styles/pydata-sphinx-theme.css",
    "styles/sphinx-book-theme.css",
    "pygments.css",
    "book.css",
    "provenance.css",
)
SCRIPTS = ("tables.js", "numbers.js", "curves.js")
"""Of the book, which the server's own pages use."""


def head(root: str) -> str:
    """What the head of every page of the book is given besides."""
    return f'<link rel="stylesheet" href="{root}live/client/live.css"><script src="{root}live/client/live.js" data-live-root="{root}"></script>'


def frame(title: str, root: str, body: str, scripts: bool = False) -> str:
    """A page of the server's own.

    Parameters
    ----------
    title : str
    root : str
        Address of the book as seen from the page.
    body : str
        HTML below the title.
    scripts : bool
        Whether it holds figures and tables of the book, which need its scripts.
    """
    styles = "".join(f'<link rel="stylesheet" href="{root}_static/{name}">' for name in STYLES)
    loaded = "".join(f'<script src="{root}_static/{name}"></script>' for name in SCRIPTS) if scripts else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en" data-theme="light">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f'<link rel="icon" href="{root}_static/favicon.svg">\n{styles}{head(root)}{loaded}\n</head>\n<body class="live-page">\n'
        f'<header>{bar(root)}</header>\n<main id="main-content" class="bd-article">\n<h1>{escape(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n'
    )


def bar(root: str, study: str = "") -> str:
    """Links that every page of a session has; on a page that follows a study, to own patients of that study."""
    asked = f"?study={escape(study)}" if study else ""
    return (
        f'<nav class="live-bar" aria-label="Live session"><a href="{root}index.html">Book</a>'
        f'<a href="{root}live/">Runs of this session</a><a href="{root}live/patients{asked}">My own patients</a></nav>'
    )


def form_panel(form: Form, root: str, values: Mapping[str, str], opened: bool = False) -> str:
    """The panel *Re-execute this page*.

    Parameters
    ----------
    form : Form
    root : str
    values : mapping of str to str
        What stands in the fields, where it is not what the published page has.
    opened : bool
        Whether it is unfolded.
    """
    usual = [field for field in form.fields if not field.own]
    about_own = [field for field in form.fields if field.own]
    fields = "".join(_field(field, values.get(field.name, field.published)) for field in usual)
    if about_own:
        inner = "".join(_field(field, values.get(field.name, field.published)) for field in about_own)
        fields += f"<fieldset><legend>How my own patients are shown</legend>{inner}</fieldset>"
    statistics = "".join(
        f'<label><input type="checkbox" name="statistic" value="{name}"{" checked" if name != "hazard_ratio" else ""}> {words}</label> '
        for name, words in STATISTICS.items()
    )
    study = f' data-live-study="{escape(form.study)}"' if form.study else ""
    return (
        f'<details class="live-panel" id="live-panel"{" open" if opened else ""}><summary>Re-execute this page</summary>'
        f'<form class="live-form" novalidate data-live-page="{escape(form.page)}"{study}>'
        "<p>Change a field and run: the notebook of this page is executed with your values. The published page stays as it is.</p>"
        f'<div class="live-fields">{fields}</div>'
        f"{_many(statistics, form)}"
        '<p class="live-error" data-live-error="" hidden></p>'
        '<p class="live-buttons"><button type="submit" class="live-run">Run</button>'
        '<button type="reset">Back to the published values</button></p></form>'
        '<div class="live-progress" hidden><progress max="1" value="0" aria-label="Progress of the run"></progress>'
        '<p role="status" aria-live="polite"></p><button type="button" class="live-cancel">Cancel</button></div></details>'
    )


def _many(statistics: str, form: Form) -> str:
    """The part of a form that makes a sweep of it."""
    if not form.study:
        return ""
    return (
        '<fieldset class="live-many"><legend><label><input type="checkbox" name="many"> Compare several values</label></legend>'
        "<div hidden><p>Write several values into a field, separated by semicolons (<code>12; 24; 36</code>), or a range with its step "
        "(<code>12 to 60 by 12</code>). Every combination is run, and one page compares them.</p>"
        f"<p>Compare: {statistics}</p></div></fieldset>"
    )


def _field(field: Field, value: str) -> str:
    """One field with its label, unit, help and place for a refusal."""
    name, id = escape(field.name), f"live-{escape(field.name)}"
    unit = f' <span class="live-unit">({escape(field.unit)})</span>' if field.unit else ""
    described = f'aria-describedby="{id}-help {id}-error"'
    shown = f'id="{id}" name="{name}" data-published="{escape(field.published)}" {described}'
    if field.kind == "choice":
        known = [choice for choice, _ in field.choices]
        more = [] if value in known else [(value, value)]
        control = f"<select {shown}>{options((*field.choices, *more), value)}</select>"
    elif field.kind == "number":
        limits = "".join(f' {key}="{limit}"' for key, limit in (("min", field.low), ("max", field.high), ("step", field.step)) if limit)
        control = f'<input type="number" inputmode="decimal" {shown}{limits} value="{escape(value)}">'
    else:
        control = f'<input type="text" autocomplete="off" spellcheck="false" {shown} value="{escape(value)}">'
    published = f"published: {dict(field.choices).get(field.published, field.published) or EMPTY.get(field.name, 'none')}"
    return (
        f'<div class="live-field"><label for="{id}">{escape(field.label)}{unit}</label>{control}'
        f'<p class="live-help" id="{id}-help">{escape(field.meaning)} <span class="live-published">({escape(published)})</span></p>'
        f'<p class="live-error" id="{id}-error" data-live-error="{name}" hidden></p></div>'
    )


def options(choices: Sequence[tuple[str, str]], chosen: str) -> str:
    """Choices of a list with their words, one of them chosen."""
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(words)}</option>' for value, words in choices
    )


def with_commands(text: str) -> str:
    """A sentence as HTML, what stands between backticks as code."""
    return "".join(f"<code>{escape(part)}</code>" if number % 2 else escape(part) for number, part in enumerate(text.split("`")))
