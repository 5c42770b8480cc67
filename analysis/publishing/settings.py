"""Values of the parameters that every page honours, whether or not its ``parameters`` cell names them.

An executed notebook that was given one holds a cell that calls `use`; so the notebook itself
says what was asked of it, and a page opened afterwards follows.
"""

from __future__ import annotations

from typing import Any

from analysis.publishing import parameters

_GIVEN: dict[str, Any] = {}


def use(**values: Any) -> None:
    """Set parameters for the pages that this process opens from now on.

    Raises
    ------
    InputError
        If a value may not stand in its parameter, or a parameter is not one of every page.
    """
    _GIVEN.update(parameters.check(values, known=parameters.everywhere()))


def current() -> dict[str, Any]:
    """Value of every such parameter, declared defaults where nothing was given."""
    return {name: parameter.default for name, parameter in parameters.everywhere().items()} | _GIVEN


def forget() -> None:
    """Back to the declared defaults."""
    _GIVEN.clear()


def of_reading(study: str, cohort: str | None = None) -> Any:
    """What a page says, at its top, of the reading that it follows."""
    from analysis.cohorts.study import read_study  # costly, and seldom asked for
    from analysis.publishing import readings
    from analysis.publishing.asked import is_own
    from analysis.publishing.chapters.showing import sentence

    return sentence(" ".join(readings.sentences(read_study(study), _GIVEN["reading"], is_own(cohort))))


def cell(values: dict[str, Any]) -> str:
    """Code of the cell that sets them."""
    told = ", ".join(f"{name}={value!r}" for name, value in values.items())
    code = f"from analysis.publishing import settings\n\nsettings.use({told})"
    return code + ("\nsettings.of_reading(study, globals().get('cohort'))" if values.get("reading") else "")
