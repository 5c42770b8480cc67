"""Opening a study: which patients it is of."""

import pytest

from analysis.cohorts.protection.counts import Protection
from analysis.errors import InputError
from analysis.ledger.session.study_session import open_study


@pytest.mark.parametrize("cohort", [None, "member 1"])
def test_only_patients_of_a_file_can_be_protected(study_folder, cohort):
    with pytest.raises(InputError, match="parameter cohort: expected a file, whose patients are protected"):
        open_study(study_folder, cohort, protection=Protection())
