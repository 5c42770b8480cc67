"""Statistics on arrays and tables.

Every module computes one kind of statistic. What programs do differently (interval of S(t), treatment of ties,
variant of a test) is a keyword argument with a name; nothing here reads a file or knows a study. Proportions are
0 to 1, times carry whatever unit the caller uses (months throughout this project).  `frames` offers them on pandas objects.
"""
