"""Which counts of a set of counts must not be shown, so that no small one is told, or follows from the others.

Primary suppression hides a count of few patients, and one that leaves few of its group over.
Complementary suppression hides further ones until no hidden small count is a linear combination
of those shown (Willenborg & de Waal, *Elements of Statistical Disclosure Control*, Springer 2001, chapter 6).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np

_NOTHING = 1e-8


def hidden(counted: Mapping[Hashable, np.ndarray], threshold: int, within: Mapping[Hashable, np.ndarray] | None = None) -> set[Hashable]:
    """Counts to hide.

    Parameters
    ----------
    counted : mapping of key to ndarray of bool, shape (patients,)
        Who is counted.
    threshold : int
        Smallest count that may be shown; 0 may be shown as well.
    within : mapping of key to ndarray of bool, optional
        The group that a count is a part of: what it leaves over must not be small either.

    Returns
    -------
    set of keys
        For a threshold of 1 or less nothing.
    """
    masks = {key: np.asarray(mask, bool) for key, mask in counted.items()}
    sizes = {key: int(mask.sum()) for key, mask in masks.items()}
    small = {key: mask for key, mask in masks.items() if 0 < sizes[key] < threshold}
    gone = set(small)
    secret = list(small.values())
    for key, group in (within or {}).items():
        rest = np.asarray(group, bool) & ~masks[key]
        if 0 < rest.sum() < threshold:
            gone.add(key)
            secret.append(rest)
    if not secret:
        return gone
    keys = list(masks)
    # patients alike in every count are one row: what follows from what does not depend on their number
    together = np.unique(np.column_stack([*(masks[key] for key in keys), *secret]), axis=0)
    secrets = np.unique(together[:, len(keys) :].astype(float), axis=1)
    columns, kinds = np.unique(together[:, : len(keys)].astype(float), axis=1, return_inverse=True)
    alike = [[key for key, of in zip(keys, kinds, strict=True) if of == kind] for kind in range(columns.shape[1])]  # counts of the same patients
    kept = [kind for kind, names in enumerate(alike) if columns[:, kind].any() and not gone.issuperset(names)]
    while kept:
        solved = np.linalg.lstsq(columns[:, kept], secrets, rcond=None)[0]
        told = np.flatnonzero(np.abs(columns[:, kept] @ solved - secrets).max(axis=0) < _NOTHING)
        if not len(told):
            break
        used = [kind for position, kind in enumerate(kept) if abs(solved[position, told[0]]) > _NOTHING]
        chosen = min(used, key=lambda kind: (sizes[alike[kind][0]], keys.index(alike[kind][0])))
        gone.update(alike[chosen])
        kept.remove(chosen)
    return gone
