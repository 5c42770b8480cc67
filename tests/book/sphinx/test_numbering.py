"""One extension is declared safe for parallel reading; what speaks for itself is left alone."""

from types import SimpleNamespace

import pytest

from analysis.book.sphinx import numbering


@pytest.mark.parametrize("said, now", [(None, True), (False, False), (True, True)])
def test_only_an_extension_that_says_nothing_is_spoken_for(said, now):
    told = SimpleNamespace(parallel_read_safe=said)
    silent = SimpleNamespace(parallel_read_safe=None)
    numbering._declare(SimpleNamespace(extensions={numbering.EXTENSION: told, "another": silent}))
    assert told.parallel_read_safe is now and silent.parallel_read_safe is None


def test_a_book_without_it_is_none_the_worse():
    numbering._declare(SimpleNamespace(extensions={}))
