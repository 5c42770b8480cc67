"""What the theme leaves undone on every page, put right in its finished HTML.

The sidebar is no landmark, so a screen reader cannot step to it; and where scripts are off, a
page in the mode ``auto`` has no colours, as the style sheets know ``light``, ``dark`` and none alone.
References stand in a list whose entries have a role that lists may not hold.  And pandas heads its index, or nothing at all,
by an empty heading cell, which a screen reader announces as a heading without words: an empty cell says the same.

Upstream, each to be removed once its pages come out right without it: the landmark,
https://github.com/pydata/pydata-sphinx-theme/pull/1454; ``auto`` without scripts, of which
https://github.com/pydata/pydata-sphinx-theme/pull/1146 covers no mode alone; the role, deprecated by
https://github.com/w3c/dpub-aria/pull/22.
"""

from __future__ import annotations

import re
from pathlib import Path

_SIDEBAR = '<div id="pst-primary-sidebar" class='
_LANDMARK = '<div id="pst-primary-sidebar" role="complementary" aria-label="Title, search and contents" class='
_REFERENCE = 'role="doc-biblioentry"'
_ENTRY = 'role="listitem"'
_FRAME = re.compile(r'<table border="1" class="dataframe">.*?</table>', re.DOTALL)
_EMPTY = re.compile(r"<th></th>")
_AUTO = re.compile(r'(<html\b[^>]*?) data-theme="auto"')


def repair(folder: Path) -> None:
    """Put the pages of a book right; a second run changes nothing.

    Parameters
    ----------
    folder : Path
        Root of the HTML.
    """
    for file in sorted(folder.rglob("*.html")):
        text = file.read_text(encoding="utf-8")
        repaired = _AUTO.sub(r"\1", text.replace(_SIDEBAR, _LANDMARK).replace(_REFERENCE, _ENTRY))
        repaired = _FRAME.sub(lambda frame: _EMPTY.sub("<td></td>", frame[0]), repaired)
        if repaired != text:
            file.write_text(repaired, encoding="utf-8")
