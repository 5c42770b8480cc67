"""Re-execution of published survival cohort studies from their printed numbers.

Layers, each importing only from those after it: ``cli`` → ``review`` →
``book`` → ``pages`` → ``parameters`` → ``tables`` → ``figures`` → ``reconstruction`` → ``ledger`` →
``estimators`` → ``cohorts`` → ``errors``, ``paths``, ``compiled``.  No study is named in this package:
what is specific to a study stands in ``data/<study>/`` and ``notebooks/<study>/``.
"""

__version__ = "1.0.0"
