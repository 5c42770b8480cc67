"""Studies with digitised curves, for the tests."""

import yaml


def declare(folder, curve, at_risk, changed=()):
    """Add one curve of arm A to a study's assumptions, and write its files."""
    for name, text in (("a.csv", curve), ("a_at_risk.csv", at_risk)):
        if text is not None:
            (folder / name).write_text(text)
    entry = {
        "endpoint": "os",
        "where": "arm=A",
        "curve": "a.csv",
        "at_risk": "a_at_risk.csv",
        "unit": "percent",
        "source": "Fig. 1",
        "why": "read by hand",
    } | dict(changed)
    path = folder / "reconstruction.yml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | {"digitised": [entry]}))
