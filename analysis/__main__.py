"""``python -m analysis``: see `analysis.cli`."""

import sys

from analysis.book.processes import shutdown
from analysis.cli import main

if __name__ == "__main__":
    sys.exit(shutdown.heeding(main))
