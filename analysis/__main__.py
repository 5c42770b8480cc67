"""``python -m analysis``: see `analysis.cli`."""

import sys

from analysis.cli import main
from analysis.publishing import stopping

if __name__ == "__main__":
    sys.exit(stopping.heeding(main))
