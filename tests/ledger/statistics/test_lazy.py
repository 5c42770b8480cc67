"""Values that are computed when they are first asked for."""

from dataclasses import replace

import pytest

from analysis.ledger.session.study_session import open_study
from analysis.ledger.statistics.lazy import Lazy


def recording(asked):
    return Lazy({name: lambda name=name: asked.append(name) or len(asked) for name in ("first", "second")})


def test_a_value_is_computed_once_and_only_when_it_is_asked_for():
    asked = []
    values = recording(asked)
    assert "first" in values and "third" not in values and list(values) == ["first", "second"] and len(values) == 2
    assert asked == []
    assert values["second"] == values["second"] == 1
    assert asked == ["second"]


def test_all_values_come_in_the_order_of_their_names():
    asked = []
    assert list(recording(asked).values()) == [1, 2] and asked == ["first", "second"]


@pytest.mark.slow
@pytest.mark.thorough
def test_a_row_judged_alone_is_judged_as_among_all():
    alone, together = (open_study("dac_clag").audit for _ in range(2))
    judged = together.judgements
    for judgement in judged[:: len(judged) // 20]:
        assert replace(alone[judgement.row.id], values=None) == replace(judgement, values=None)
