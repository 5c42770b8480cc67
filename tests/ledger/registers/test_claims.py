"""Claims are read back with their judgement, each id once."""

import pytest

from analysis.errors import InputError
from analysis.ledger.registers.claims import read_claims
from tests.ledger.registers.declared import CLAIM
from tests.ledger.registers.test_findings import written


def test_a_claim_is_read_back_and_judged(study):
    assert read_claims(*written(study, "claims.yml", [CLAIM]))[0].judgement == "not supported"


def test_an_id_used_twice_is_refused(study):
    with pytest.raises(InputError, match="an id used once"):
        read_claims(*written(study, "claims.yml", [CLAIM, CLAIM]))
