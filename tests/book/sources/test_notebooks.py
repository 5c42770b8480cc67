"""A source says once what becomes of its code; its parameters cell assigns each name once."""

from __future__ import annotations

import pytest

from analysis.book.sources import notebooks
from analysis.errors import InputError

SOURCE = """---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A page

```{code-cell} ipython3
:tags: [parameters]

horizon = 24.0
```

```{code-cell} ipython3
horizon
```

```{code-cell} ipython3
:tags: [show-input]

horizon + 1
```

```{code-cell} ipython3
:tags: [remove-input, remove-output]

horizon + 2
```
"""


@pytest.mark.parametrize(
    ("header", "usual"), [("", "hide-input"), ("code: hide-input\n", "hide-input"), ("code: remove-input\n", "remove-input")]
)
def test_code_is_folded_or_left_out_unless_a_cell_says_otherwise(tmp_path, header, usual):
    source = tmp_path / "page.md"
    source.write_text(SOURCE.replace("---\n", f"---\n{header}", 1))
    cells = [cell for cell in notebooks.read(source).cells if cell.cell_type == "code"]
    assert [cell.metadata["tags"] for cell in cells] == [
        ["parameters", usual],
        [usual],
        [notebooks.SHOWN],
        ["remove-input", "remove-output"],
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("---\n", "---\ncode: folded\n", "header, code: expected hide-input or remove-input; found 'folded'"),
        ("---\n", "---\nlong: true\nlong: true\n", "header, long: expected one value; found two"),
        ("horizon = 24.0", "horizon = 24.0\nhorizon = 24.0", "cell tagged parameters: expected one assignment of horizon; found two"),
    ],
)
def test_what_is_said_twice_or_means_nothing_is_refused(tmp_path, old, new, said):
    source = tmp_path / "page.md"
    source.write_text(SOURCE.replace(old, new, 1))
    with pytest.raises(InputError, match=said):
        notebooks.declared_values(notebooks.read(source), "page.md")
