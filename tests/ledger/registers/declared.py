"""A claim as a study declares it."""

CLAIM = {
    "id": "a-claim",
    "claim": "A is better.",
    "source": "Abstract",
    "rests_on": ["res.os"],
    "pattern": "numbers",
    "holds": ["t1.a > t1.b"],
    "reason": "none",
}
