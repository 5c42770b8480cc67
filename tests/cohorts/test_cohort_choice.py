"""One meaning of the parameter ``cohort``: nothing, a member, or a file, which is somebody's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.cohorts.cohort_choice import File, Member, Reference, parse_cohort


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (None, Reference()),
        ("", Reference()),
        (" ", Reference()),
        ("member 1", Member(1)),
        ("member 017", Member(17)),
        (" member  3 ", Member(3)),
        ("member 999999", Member(999999)),
        ("member 1000000", File(Path("member 1000000"))),
        ("member", File(Path("member"))),
        ("member list.csv", File(Path("member list.csv"))),
        ("member 3.csv", File(Path("member 3.csv"))),
        ("members 3", File(Path("members 3"))),
        ("Member 3", File(Path("Member 3"))),
        (Path("member 3"), File(Path("member 3"))),
        ("a/b.sav", File(Path("a/b.sav"))),
    ],
)
def test_a_member_is_a_number_and_whatever_else_is_said_is_a_file(text, meant):
    assert parse_cohort(text) == meant and type(parse_cohort(text)) is type(meant)


@pytest.mark.parametrize("choice", [Reference(), Member(4), File(Path("x.csv"))])
def test_what_is_parsed_stays_as_it_is(choice):
    assert parse_cohort(choice) is choice


def test_a_member_is_written_as_it_is_read():
    assert parse_cohort(str(Member(12))) == Member(12)
