"""What libraries do that costs or hurts the book, worked around in one place, each with the condition for its removal."""

from __future__ import annotations

import sys


def skip_iri_grammar() -> None:
    """Keep jsonschema, and with it nbformat, jupytext and papermill, from compiling the grammar of internationalised addresses.

    ``jsonschema._format`` imports ``rfc3987_syntax`` if it is there, which compiles a grammar at import: more than half of the
    time that importing jupytext takes, for a format (``iri``) that no schema of notebooks uses. To be removed when rfc3987-syntax
    compiles its grammar at first use, or when nothing in the lock asks for ``jsonschema[format-nongpl]`` any more.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None is how Python marks a module as not to be found
