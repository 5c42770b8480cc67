"""What a session has: its runs in a table, one beside another, and where private things are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple, Protocol

from analysis import paths
from analysis.book import redaction
from analysis.book.execution.execute import rerun_command
from analysis.book.provenance import spell_value
from analysis.live.forms import markup
from analysis.live.patients.own_file import OwnFile
from analysis.live.runs.live_sweep import LiveSweep
from analysis.live.runs.run import CANCELLED, DONE, ENDED, FAILED, QUEUED, REFUSED, RUNNING, Run
from analysis.parameters import declarations

ROOT = "../"
"""Address of the book as seen from the session's page."""


class Kept(NamedTuple):
    """Where private things are.

    Attributes
    ----------
    removed : int
        Folders that an earlier start had left behind, and this one removed.
    in_memory : bool
    age : sequence of str
        That the book is older than its sources, where it is.
    """

    removed: int
    in_memory: bool
    age: Sequence[str] = ()


class HasOwn(Protocol):
    """A session."""

    own: dict[str, OwnFile]
    runs: dict[int, Run]
    sweeps: dict[int, LiveSweep]


def session_page(kept: Kept, session: HasOwn, limit: float) -> str:
    """The page of a session."""
    runs = [run for run in session.runs.values() if not run.statistics]
    finished = [run for run in runs if run.state == DONE]
    rows = "".join(_row(run, limit) for run in reversed(runs))
    table = (
        '<div class="live-scroll" tabindex="0" role="region" aria-label="Runs"><table class="live-table"><caption>Runs, the newest first</caption><thead><tr>'
        + "".join(f'<th scope="col">{head}</th>' for head in ("Run", "Page", "Differs in", "State", "To copy or save"))
        + f"</tr></thead><tbody>{rows}</tbody></table></div>"
        if runs
        else "<p>None yet. Open a page of results, unfold <em>Re-execute this page</em>, change a field and run.</p>"
    )
    age = "".join(f'<p class="live-verdict live-faulty">{markup.with_commands(line)}</p>' for line in kept.age)
    return markup.frame(
        "Runs of this session", ROOT, age + table + _pair(finished) + _sweeps(session.sweeps.values()) + where_kept(kept, session)
    )


def _sweeps(sweeps: Iterable[LiveSweep]) -> str:
    """Sweeps in a list, with how far they are."""
    items = "".join(
        f'<li><a href="sweeps/{sweep.number}/">Sweep {sweep.number}</a>: {escape(sweep.declared.title)}, {sweep.ended} of {len(sweep.runs)} scenarios</li>'
        for sweep in sweeps
    )
    return f"<h2>Sweeps</h2><ul>{items}</ul>" if items else ""


def where_kept(kept: Kept, session: HasOwn) -> str:
    """What happens to private things, in sentences."""
    place = "in memory" if kept.in_memory else "in a folder that only your account can read"
    told = [
        "Nothing leaves this machine: the server answers only requests from this machine, and its pages load nothing from elsewhere.",
        f"Your files and all results are kept {place}, and deleted when the server stops (Ctrl-C).",
        "If the server is killed or the power fails, remaining files are deleted at the next start.",
    ]
    if kept.removed:
        folders = "folder" if kept.removed == 1 else "folders"
        told.append(f"An earlier server was ended before it could delete its files: {kept.removed} {folders} were removed at this start.")
    own = [f"{escape(one.name)} ({escape(study)})" for study, one in session.own.items()]
    told.append(f"Own patients of this session: {', '.join(own) or 'none'}.")
    return '<h2>Where it is kept</h2><ul class="live-kept">' + "".join(f"<li>{line}</li>" for line in told) + "</ul>"


def _row(run: Run, limit: float) -> str:
    name = f"Run {run.number}"
    shown = f'<a href="runs/{run.number}/{run.stem}.html">{name}</a>' if run.state == DONE else name
    beside = f'<br><a href="beside?right={run.number}">beside the published page</a>' if run.state == DONE else ""
    published = f'<a href="{ROOT}{run.page}.html">{escape(run.page.removeprefix("notebooks/"))}</a>'
    return (
        f'<tr><th scope="row">{shown}</th><td>{published}{beside}</td><td>{differs_in(run)}</td><td>{escape(describe_state(run, limit))}</td>'
        f"<td>{_to_save(run, f'runs/{run.number}/')}</td></tr>"
    )


def _to_save(run: Run, place: str) -> str:
    command = rerun_command(paths.ROOT / f"{run.page}.md", run.values)
    return (
        f'<code class="live-command">{escape(command)}</code><button type="button" class="live-copy">Copy the command</button> '
        f'<a href="{place}edition.yml" download>Save as an edition file</a>'
        + (f' <a href="{place}{run.stem}.ipynb" download>Save the notebook</a>' if run.state == DONE else "")
    )


def _pair(finished: Sequence[Run]) -> str:
    """A form that lays two runs side by side."""
    if len(finished) < 2:
        return ""
    options = "".join(f'<option value="{run.number}">Run {run.number}: {differs_in(run)}</option>' for run in finished)
    return (
        '<form action="beside" method="get" class="live-pair"><label>Lay <select name="left">' + options + "</select></label> "
        f'<label>beside <select name="right">{options}</select></label> <button type="submit">Show both</button></form>'
    )


def beside_page(left: Run | None, right: Run) -> str:
    """Two pages side by side: runs, or on the left the published page."""
    first = (f"Run {left.number}", f"runs/{left.number}/{left.stem}.html") if left else ("Published page", f"{ROOT}{right.page}.html")
    second = (f"Run {right.number}", f"runs/{right.number}/{right.stem}.html")
    frames = "".join(
        f'<section><h2>{title}: {escape(said)}</h2><iframe title="{title}" src="{address}"></iframe></section>'
        for (title, address), said in zip((first, second), (_describe(left), _describe(right)), strict=True)
    )
    return markup.frame(
        "Side by side",
        ROOT,
        f'<p>Both pages scroll together. Changes are marked on the page of the run.</p><div class="live-beside">{frames}</div>',
    )


def _describe(run: Run | None) -> str:
    return plain_differences(run) if run else "as published"


def run_banner(run: Run, root: str) -> str:
    """What stands above the page of a run: what it is, and what can be done with it."""
    return (
        f'<aside class="live-banner" aria-label="This run"><p><strong>Run {run.number} of this session</strong>, {run.seconds:.1f} s: {differs_in(run)}. '
        f'<a href="{root}{run.page}.html">Published page</a> <a href="{root}live/beside?right={run.number}">Side by side</a></p>'
        f"<p>{_to_save(run, '')}</p></aside>"
    )


def plain_differences(run: Run) -> str:
    """Parameters that differ from the published page's, in words."""
    shown = redaction.redact_parameters(run.values)
    known = declarations.list_parameters()
    told = [
        f"{name} = {spell_value(value) or 'everybody'} {known[name].unit if value is not None else ''}".strip()
        for name, value in shown.items()
    ]
    return ", ".join(told) or "nothing: the published values"


def differs_in(run: Run) -> str:
    """As `plain_differences`, for HTML."""
    return escape(plain_differences(run))


def describe_state(run: Run, limit: float) -> str:
    """State of a run in words."""
    if run.state == DONE:
        return f"done in {run.seconds:.1f} s"
    if run.state == QUEUED:
        return f"waits, {run.ahead} before it"
    if run.state == RUNNING:
        return f"runs, {run.done} of {run.of} cells" if run.of else "starts"
    return describe_ending(run, limit)


def describe_ending(run: Run, limit: float) -> str:
    """Why a run has no page, in words; empty if it has one or may still have."""
    return {
        REFUSED: "refused: " + " ".join(str(fault) for fault in run.faults),
        FAILED: f"failed: {run.message}",
        CANCELLED: "cancelled",
        ENDED: f"ended, as it took longer than {limit:g} seconds",
    }.get(run.state, "")
