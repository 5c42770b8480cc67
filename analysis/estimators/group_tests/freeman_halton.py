"""Exact test of an r x c table given its margins (Freeman and Halton), by a pruned recursion over columns.

No library has it: SciPy simulates the P of tables larger than 2 x 2.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from analysis.arrays import Floats, Ints

_LARGEST_LATTICE_WORK = 3e9
_LARGEST_FRONT = 4_000_000
_CHUNK = 4_000_000
#: Fillings of the last columns that are listed at once: more cost more than what they spare the walk.
_LISTED = 1_000_000
#: Of the partial tables that are walked to, about one in so many is not yet settled.
_SETTLED = 10


def tail(table: npt.ArrayLike, slack: float) -> float:
    """Return the probability of all tables whose log-probability is at most the observed one's plus `slack`.

    Parameters
    ----------
    table : ndarray of int, shape (r, c)
        Counts without empty rows or columns.
    slack : float
        Room for ties on the log scale; negative to leave the ties out.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the table is too large to be enumerated.

    Notes
    -----
    P(table) = Π row! Π column! / (n! Π cell!) (Freeman and Halton, Biometrika 1951;38:141-149). Columns are filled
    one after the other. A partial table is known by what is left of each row and by its probability so far; partial
    tables that agree in both are merged. One whose every completion is as unlikely as the observed table is added
    with the closed-form total of its completions, one whose every completion is likelier is dropped: the bounds of
    the network algorithm (Mehta and Patel, J Am Stat Assoc 1983;78:427-434), found here by dynamic programming. The
    last columns, whose fillings can be listed, are joined to the partial tables by sorting.
    """
    table = np.asarray(table)
    return _tail(tuple(map(tuple, (table.T if table.shape[0] > table.shape[1] else table).tolist())), slack)


@lru_cache(maxsize=256)
def _tail(counts: tuple[tuple[int, ...], ...], slack: float) -> float:
    """Return what `tail` does of a table no taller than broad; tests of one table share it, and so do copies of a row."""
    table = np.array(counts)
    rows, columns = np.sort(table.sum(axis=1)), np.sort(table.sum(axis=0))[::-1]
    fixed = gammaln(rows + 1).sum() + gammaln(columns + 1).sum() - gammaln(rows.sum() + 1)
    limit = -gammaln(table + 1).sum() + slack
    fills = [_fills(rows, column) for column in columns]
    best, worst = _bounds(rows, columns, fills)
    return min(1.0, _walk(rows, columns, fills, best, worst, limit, fixed))


def _fills(rows: Ints, column: int) -> tuple[Ints, Floats]:
    """Return (counts, log weight) of every way to spread `column` over the rows, none above its row total."""
    if np.prod(np.minimum(rows[:-1], column) + 1.0) > _CHUNK:
        raise _too_large(rows, column)
    grid = np.indices(tuple(np.minimum(rows[:-1], column) + 1)).reshape(len(rows) - 1, -1).T
    last = column - grid.sum(axis=1)
    keep = (last >= 0) & (last <= rows[-1])
    counts = np.column_stack((grid[keep], last[keep]))
    return counts, -gammaln(counts + 1.0).sum(axis=1)


def _bounds(rows: Ints, columns: Ints, fills: list[tuple[Ints, Floats]]) -> tuple[list[Floats], list[Floats]]:
    """Return the largest and smallest log weight of completing from each state, before each column.

    A state is what is left of all rows but the last (whose rest follows); states are the cells of an array.
    """
    shape = tuple(rows[:-1] + 1)
    if sum(len(weights) for _, weights in fills) * float(np.prod(shape)) > _LARGEST_LATTICE_WORK:
        raise _too_large(rows, columns)
    best, worst = np.full(shape, -np.inf), np.full(shape, np.inf)
    origin = (0,) * len(shape)
    best[origin] = worst[origin] = 0.0
    all_best, all_worst = [best], [worst]
    for counts, weights in reversed(fills):
        up, down = np.full(shape, -np.inf), np.full(shape, np.inf)
        for fill, weight in zip(counts, weights):
            to = tuple(slice(x, None) for x in fill[:-1])
            source = tuple(slice(None, size - x) for x, size in zip(fill[:-1], shape))
            np.maximum(up[to], all_best[-1][source] + weight, out=up[to])
            np.minimum(down[to], all_worst[-1][source] + weight, out=down[to])
        all_best.append(up)
        all_worst.append(down)
    return all_best[::-1], all_worst[::-1]


def _walk(
    rows: Ints, columns: Ints, fills: list[tuple[Ints, Floats]], best: list[Floats], worst: list[Floats], limit: float, fixed: float
) -> float:
    """Return the summed probability of the tables whose log weight does not exceed `limit`."""
    head = _columns_to_walk(fills, rows)
    rest, weight, count = rows[None, :], np.zeros(1), np.ones(1)
    total = 0.0
    for j, (counts, weights) in enumerate(fills[:head]):
        open_columns = columns[j + 1 :]
        open_total = gammaln(open_columns.sum() + 1) - gammaln(open_columns + 1).sum()
        front = []
        step = max(1, _CHUNK // (len(weights) * len(rows)))
        for begin in range(0, len(rest), step):
            part = slice(begin, begin + step)
            left = (rest[part, None, :] - counts[None, :, :]).reshape(-1, len(rows))
            w = (weight[part, None] + weights[None, :]).ravel()
            m = np.repeat(count[part], len(weights))
            legal = (left >= 0).all(axis=1)
            # what can still happen does not depend on which row is which
            left, w, m = np.sort(left[legal], axis=1), w[legal], m[legal]
            key = _key(left, rows)
            settled = w + best[j + 1].ravel()[key] <= limit
            completions = open_total - gammaln(left[settled] + 1).sum(axis=1)
            total += float((m[settled] * np.exp(fixed + w[settled] + completions)).sum())
            live = ~settled & (w + worst[j + 1].ravel()[key] <= limit)
            front.append(_merge(key[live], left[live], w[live], m[live]))
            if sum(len(part[0]) for part in front) > _LARGEST_FRONT:
                raise _too_large(rows, columns)
        _, rest, weight, count = _merge(*(np.concatenate(parts) for parts in zip(*front)))
        if not len(rest):
            return total
    return total + _join(rest, weight, count, _completions(fills[head:], rows), rows, limit, fixed)


def _columns_to_walk(fills: list[tuple[Ints, Floats]], rows: Ints) -> int:
    """Return how many columns to fill one by one; the tables of the others are few enough to be listed."""
    if len(rows) == 2:
        walked, listed = _ways(fills, rows), _ways(fills[::-1], rows)[::-1]
        return int(np.argmin(np.maximum(walked / _SETTLED, listed)))
    listed, head = 1, len(fills)
    while head and listed * len(fills[head - 1][1]) <= _LISTED:
        head -= 1
        listed *= len(fills[head][1])
    return head


def _ways(fills: list[tuple[Ints, Floats]], rows: Ints) -> Floats:
    """Return in how many ways the first 0, 1, … columns can be filled, none of two rows above its total."""
    taken, found = np.ones(1), [1.0]
    for counts, _ in fills:
        taken = np.convolve(taken, np.bincount(counts[:, 0]))[: rows[0] + 1]
        found.append(taken.sum())
    return np.array(found)


def _completions(fills: list[tuple[Ints, Floats]], rows: Ints) -> tuple[Ints, Floats, Floats]:
    """Return (key, log weight, multiplicity) of all fillings of the last columns, by what they take of the rows.

    Only states in ascending order are kept: the partial tables come in that form.
    """
    taken, weight, count = np.zeros((1, len(rows)), int), np.zeros(1), np.ones(1)
    for j, (counts, weights) in enumerate(fills, 1):
        taken = (taken[:, None, :] + counts[None, :, :]).reshape(-1, len(rows))
        weight = (weight[:, None] + weights[None, :]).ravel()
        count = np.repeat(count, len(weights))
        kept = (taken <= rows).all(axis=1)
        if j < len(fills):
            _, taken, weight, count = _merge(_key(taken[kept], rows), taken[kept], weight[kept], count[kept])
        else:  # sorted by whoever asks
            kept &= (np.diff(taken, axis=1) >= 0).all(axis=1)
            taken, weight, count = taken[kept], weight[kept], count[kept]
    return _key(taken, rows), weight, count


def _join(
    rest: Ints, weight: Floats, count: Floats, completions: tuple[Ints, Floats, Floats], rows: Ints, limit: float, fixed: float
) -> float:
    """Return the summed probability of front x completions with a log weight of at most `limit`."""
    key, completion_weight, completion_count = completions
    allowed = limit - weight
    # one sort puts every partial table right after the completions of its state that are unlikely enough
    every_key = np.concatenate((key, _key(rest, rows)))
    every_weight = np.concatenate((completion_weight, allowed))
    is_query = np.arange(len(every_key)) >= len(key)
    order = np.lexsort((is_query, every_weight, every_key))
    total = 0.0
    starts = np.flatnonzero(np.concatenate(([True], np.diff(every_key[order]) != 0)))
    for members in np.split(order, starts[1:]):
        query = is_query[members]
        if query.all() or not query.any():
            continue
        here, asked = members[~query], members[query] - len(key)
        base = completion_weight[here].max()
        mass = np.zeros(len(members))
        mass[~query] = completion_count[here] * np.exp(completion_weight[here] - base)
        total += float((np.cumsum(mass)[query] * count[asked] * np.exp(weight[asked] + base + fixed)).sum())
    return total


def _key(left: Ints, rows: Ints) -> Ints:
    """Return the number of each state in the array of `_bounds`."""
    return np.ravel_multi_index(tuple(left[:, :-1].T), tuple(rows[:-1] + 1))


def _merge(key: Ints, left: Ints, weight: Floats, count: Floats) -> tuple[Ints, Ints, Floats, Floats]:
    """Merge partial tables of one state whose log weights agree to 1e-11, keeping their sum exact."""
    order = np.lexsort((weight, key))
    key, left, weight, count = key[order], left[order], weight[order], count[order]
    if len(key) < 2:
        return key, left, weight, count
    fresh = np.concatenate(([True], (np.diff(key) != 0) | (np.diff(weight) > 1e-11)))
    start = np.flatnonzero(fresh)
    first = weight[start][np.cumsum(fresh) - 1]
    return key[start], left[start], weight[start], np.add.reduceat(count * np.exp(weight - first), start)


def _too_large(rows: Ints, columns: Ints | int) -> ValueError:
    return ValueError(
        f"table: too large for the exact test (margins {list(map(int, rows))} and {np.atleast_1d(columns).tolist()}); use pearson"
    )
