"""Make the fonts of figures from the DejaVu Sans that ships with matplotlib: ``python -m tests.figures.make_fonts``.

A subset of its letters under a family name of its own, so that no other DejaVu Sans on a machine can take its place.
"""

from pathlib import Path

from fontTools import subset
from matplotlib import get_data_path

from analysis.figures.fonts import FONTS

SOURCES = Path(get_data_path(), "fonts", "ttf")
FACES = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique")
#: Latin, Greek, punctuation, raised and lowered digits, arrows and signs that figures use.
RANGES = ((0x20, 0x7F), (0xA0, 0x180), (0x370, 0x400), (0x2010, 0x2028), (0x2070, 0x20A0), (0x2190, 0x2196))
SIGNS = "\u202f‰′″‹›€⇒⇔∂∆∑−√∞≈≠≤≥■□▲▼◆◇○●✓✗"
LETTERS = [*(code for first, end in RANGES for code in range(first, end)), *map(ord, SIGNS)]


def make(face: str, folder: Path) -> Path:
    """Write one face into a folder."""
    options = subset.Options()
    options.layout_features, options.legacy_kern, options.hinting = [], True, False
    options.name_IDs, options.recalc_timestamp = [0, 1, 2, 4, 5, 6, 13, 14], False
    options.drop_tables += ["GPOS", "GSUB", "GDEF", "FFTM"]
    font = subset.load_font(str(SOURCES / f"{face}.ttf"), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 4, 6):
            record.string = record.toUnicode().replace("DejaVu Sans", "DejaVu Sans Book").replace("DejaVuSans", "DejaVuSansBook")
    font.save(folder / f"{face}.ttf")
    return folder / f"{face}.ttf"


if __name__ == "__main__":
    for each in FACES:
        make(each, FONTS)
