"""What a person says of a paper when its study is begun: options of the command, or a small YAML file with the same keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from analysis import paths
from analysis.cohorts.declarations import Declaration, load_yaml, validate_content
from analysis.cohorts.study_parts import TimeUnit
from analysis.errors import Fault, InputError

SLUG = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
#: Names that the book's own pages have below ``notebooks``.
TAKEN = ("general", "synthesis")
COMMAND_LINE = "command line"


class AskedEndpoint(Declaration):
    """An endpoint: its label, the event that competes with it, the endpoint whose events are among its own, and that whose time it shares.

    `within` names the patients it is of, where it is not of all, such as those in remission, and `origin` what its time is counted from.
    """

    label: str
    competing: str = ""
    includes: str = ""
    time_of: str = ""
    within: str = ""
    origin: str = ""


class AskedGrouping(Declaration):
    """Groups that are compared: levels, of which the last is the reference unless another is named."""

    levels: tuple[str, ...]
    label: str = ""
    reference: str = ""
    randomised: bool | None = None


class Request(Declaration):
    """What is known of a paper at the beginning.

    Attributes
    ----------
    title, label : str
        Of the paper; a few words that stand for the study.
    citation : dict
        ``authors``, ``journal``, ``year``, ``doi``, …: what is known of them.
    design : {"cohort", "trial", "prognostic"}
    interval : {"log", "log-log", "plain"}
        Scale of the paper's confidence intervals of survival.
    time_unit, origin : str
        Unit of times, and what they are counted from.
    horizon : float
        Follow-up that figures show, in `time_unit`.
    longest : float
        No time is longer, in `time_unit`.
    unit : str
        What a row of the patient table is, in the singular.
    endpoints : dict of str to AskedEndpoint, or to its label
    groupings : dict of str to AskedGrouping, or to its levels
    """

    title: str = "Title of the paper"
    label: str = ""
    citation: dict[str, Any] = {}
    design: Literal["cohort", "trial", "prognostic"] = "cohort"
    interval: Literal["log", "log-log", "plain"] = "log"
    time_unit: TimeUnit = "months"
    origin: str = ""
    horizon: float | None = Field(None, gt=0)
    longest: float | None = Field(None, gt=0)
    unit: str = "patient"
    endpoints: dict[str, AskedEndpoint] = {"os": AskedEndpoint(label="Overall survival")}
    groupings: dict[str, AskedGrouping] = {}

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, content: Any) -> Any:
        """A label alone stands for an endpoint, a list of levels alone for a grouping."""
        if not isinstance(content, dict):
            return content
        content = dict(content)
        for key, short, name in (("endpoints", str, "label"), ("groupings", list, "levels")):
            if isinstance(content.get(key), dict):
                content[key] = {one: {name: value} if isinstance(value, short) else value for one, value in content[key].items()}
        return content

    @model_validator(mode="after")
    def _names_are_names(self) -> Request:
        for name in (*self.endpoints, *self.groupings, *filter(None, (one.within for one in self.endpoints.values()))):
            if not SLUG.fullmatch(name):
                raise ValueError(
                    f"names of endpoints, groupings and populations in small letters, digits and single underscores, not {name!r}"
                )
        for name, endpoint in self.endpoints.items():
            for key, other in (("includes", endpoint.includes), ("time_of", endpoint.time_of)):
                if other and (other == name or other not in self.endpoints):
                    raise ValueError(f"endpoints.{name}.{key}: another endpoint, not {other!r}")
        for name, grouping in self.groupings.items():
            if len(set(grouping.levels)) < len(grouping.levels) or len(grouping.levels) < 2:
                raise ValueError(f"groupings.{name}: at least two levels, each level once")
            if grouping.reference and grouping.reference not in grouping.levels:
                raise ValueError(f"groupings.{name}.reference: one of {', '.join(grouping.levels)}, not {grouping.reference!r}")
        return self


def check_slug(slug: str) -> None:
    """Refuse a name that cannot be that of a study's folders.

    Raises
    ------
    InputError
    """
    if not SLUG.fullmatch(slug) or slug in TAKEN:
        expected = f"small letters, digits and single underscores, beginning with a letter, and none of {', '.join(TAKEN)}"
        raise InputError(Fault(COMMAND_LINE, "slug", expected, repr(slug)))


def read_request(file: Path | None, given: Mapping[str, Any]) -> Request:
    """What a file and options say; an option takes the place of a key of the file.

    Raises
    ------
    InputError
        With every fault.
    """
    content = load_yaml(file) if file else {}
    if file and not isinstance(content or {}, dict):
        raise InputError(Fault(paths.shorten_path(file), "file", "keys such as title, design, endpoints", "something else"))
    content = {**(content or {}), **given}
    return validate_content(Request, content, file if file and not given else Path(COMMAND_LINE))


def pairs(texts: Iterable[str], option: str) -> dict[str, str]:
    """``name=value`` of a repeated option.

    Raises
    ------
    InputError
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip() or name.strip() in found:
            raise InputError(Fault(COMMAND_LINE, option, "name=value, each name once", repr(text)))
        found[name.strip()] = value.strip()
    return found
