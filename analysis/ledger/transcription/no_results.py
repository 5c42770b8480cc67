"""Numbers that are no results: names, reference marks, years, doses, labels, time points."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_LABELS = (
    "t\\s?a\\s?b\\s?l\\s?e|f\\s?i\\s?g\\s?u\\s?r\\s?e|tables?|figs?\\.?|figures?|additional files?|appendix|panels?|refs?\\.?|references?|grades?|stages?|class|courses?|cycles?|arms?|phases?"
    "|ECOG|(?:ECOG|WHO|Zubrod) (?:performance status|PS|score)(?: of)?|dose levels?|days?|weeks?|type|groups?|nos?\\.|numbers|criteria|protocols?|chromosomes?|supplements?|equations?|steps?|level of evidence"
)
_UNITS = r"(?:[mµμkcn]?g|m[lL]|[cm]?Gy|IU|U|mmol|[µμ]mol)\b(?!\s?(?:/\s?[mdµμ]?[lL]|[·×*.]\s?(?:h|min|d)(?:/|\b)))(?:/(?:m2|m²|kg|day|d|dose|h)\b)*"
"""Units of doses; those of concentrations, such as ng/mL and g/dL, and of areas under their curves are those of results."""
_GROUPS = "(?:study |treatment )?(?:groups|cohorts|arms|regimens|treatments)"
_TIME = r"^(?:days|weeks|months|years)\Z"
_SOFTWARE = "version|v\\.|release|SPSS|SAS|Stata|Prism|R|GraphPad Prism|Python|Excel"

_JOINTS = {
    "reference": r"\s?[,–-]\s?",
    "name": r"[,/–-]",
    "registration number": r"\s?[–-]\s?",
    "label": r"\s?[,/–-]\s?|,?\s+(?:and|or|to)\s+",
    "level": r"\s?[–-]\s?",
    "time point": r"\s?[–-]\s?",
    "dose": r"\s?[–-]\s?",
}
"""What joins a number to the one before, by the reason why that one is no result."""


class Recogniser:
    """Says of a number of a text why it is no result, by what stands around it.

    Parameters
    ----------
    text : str
    levels : collection of str
        Levels of declared categories: written in digits, they label rows of a table (``0``, ``1``, ``3-4`` of a score).
    """

    def __init__(self, text: str, levels: Collection[str] = ()):
        self.text = text
        self._levels = {re.sub(r"\s?[–-]\s?", "-", level) for level in levels if re.fullmatch(r"\d+(?:\s?[–-]\s?\d+)?", level)}
        self._ended: tuple[int, str] = (-1, "")
        pairs = re.findall(r"\b([A-Z]{2,})[-\s]\s?(\d{1,4})(?![\d.,·%–]|\s?%)", text)
        self._recurring = {pair for pair, times in Counter(pairs).items() if times >= 3}

    def why_no_result(self, start: int, number_end: int, end: int) -> str:
        """Reason in a few words; empty if the number may be a result.

        Parameters
        ----------
        start, number_end, end : int
            Where the digits start and end, and where what belongs to them ends.  Numbers are asked for in the order of the text:
            a mark that follows another one is of its kind.
        """
        before, number, behind = self.text[max(start - 60, 0) : start], self.text[start:number_end], self.text[end : end + 40]
        why = self._continued(start, number) or self._why(before, number, behind, percent="%" in self.text[number_end:end])
        self._ended = (end, why)
        return why

    def _continued(self, start: int, number: str) -> str:
        """The reason of the number before, where a comma, dash or slash joins this one to it: ``[1, 2]``, ``IDH1/2``, days 1–5."""
        end, why = self._ended
        joint = _JOINTS.get(why)
        return why if joint and number.replace(",", "").isdigit() and re.fullmatch(joint, self.text[end:start]) else ""

    def _why(self, before: str, number: str, behind: str, percent: bool) -> str:
        digits = number[0].isdigit() or number[1:2].isdigit()  # a journal may leave out the zero before a decimal point
        for why, found in (
            ("registration number", re.fullmatch(r"\d{6,}", number)),
            ("name", digits and self._is_name(before, number, behind, percent)),
            ("ratio of allocation", digits and self._is_allocation(before, number, behind)),
            ("reference", digits and not percent and not _is_cell(before, behind) and self._is_reference(before, number, behind)),
            ("version", re.fullmatch(r"\d+(?:\.\d+){2,}", number) or re.search(rf"\b(?:{_SOFTWARE})\s+\Z", before)),
            ("power of ten", re.search(r"[×x*]\s?\Z", before) and re.match(r"10\d*\Z", number)),
            ("date", re.search(rf"\b(?:{_MONTHS})\.?\s+\Z", before) or re.match(rf"\s+(?:{_MONTHS})\b", behind)),
            ("year", re.fullmatch(r"(?:19|20)\d\d", number) and not percent and not re.search(r"\b[nN]\s*=\s*\Z", before)),
            ("confidence level", percent and re.match(r"\s*(?:CIs?\b|confidence|credible)", behind)),
            ("reference level", re.fullmatch(r"1(?:[.,·]0+)?", number) and re.match(r"\s?[(\[]?\s?ref(?:erence|erent|\.|\b)", behind)),
            (
                "unit of a ratio",
                digits
                and re.search(r"\bper\s+(?:each\s+)?\Z", before)
                and re.match(r"[-\s](?:years?|months?|points?|units?|kg|cm)", behind),
            ),
            (
                "age limit",
                digits
                and re.search(r"\baged\s+\Z", before)
                and re.match(r"\s+(?:years?|months?)\s+(?:(?:or|and)\s+(?:older|younger|over|above|more)|(?:to|–)\s+\d+\s+years?)", behind),
            ),
            ("age limit", digits and re.search(r"\baged\s+\d+\s+(?:years?|months?)\s+(?:to|–)\s+\Z", before)),
            ("power", re.match(r"[-\s]+power\b", behind) or re.search(r"\bpower\s+of\s+(?:about\s+|at least\s+)?\Z", before)),
            ("significance level", digits and self._is_level(before, behind)),
            (
                "unit of a rate",
                re.fullmatch(r"10+", number) and re.search(r"\b(?:per|/)\s*\Z", before) and re.match(r"\s*(?:person|patient)", behind),
            ),
            (
                "dose",
                re.fullmatch(r"once|twice|thrice", number, re.IGNORECASE)
                and re.match(r"\s+(?:daily|weekly|(?:a|per|each)\s+(?:day|week))\b", behind),
            ),
            ("level", digits and self._is_level_of_a_row(before, number, behind)),
            ("label", re.search(rf"(?:\b|^)(?:{_LABELS})\s+[SA]?\Z", before, re.IGNORECASE) and re.fullmatch(r"\d{1,3}|[a-z]+", number)),
            ("time point", re.match(r"[-‑]\s?(?:h|hour|year|month|week|day)s?\b(?!\s+old)", behind)),
            ("time point", re.search(r"\b[Aa]t\s+\Z", before) and re.match(r"\s+(?:year|month|week|day)s?\b(?!\s+of\s+age)", behind)),
            ("dose", re.match(rf"\s?{_UNITS}", behind)),
            ("part of a term", re.match(r"[-‑]\s?[a-z]{3,}", behind)),
            ("number of groups", re.match(r"two|three|four", number, re.IGNORECASE) and re.match(rf"\s+(?:{_GROUPS})\b", behind)),
        ):
            if found:
                return why
        return ""

    def _is_level_of_a_row(self, before: str, number: str, behind: str) -> bool:
        """Whether it begins a line of numbers alone and is a declared level, or the first end of one."""
        if not self._levels or not re.search(r"(?:^|\n)[^\S\n]*\Z", before):
            return False
        rest = re.match(r"(?P<second>\s?[–-]\s?\d+)?(?=[\s|;])[^\S\n]*[|;]?[^\S\n]*[(<]?\d[^A-Za-z\n]*(?:\n|\Z)", f"{behind}\n"[:40])
        return rest is not None and re.sub(r"\s?[–-]\s?", "-", number + (rest["second"] or "")) in self._levels

    def _is_name(self, before: str, number: str, behind: str, percent: bool) -> bool:
        """Whether the digits belong to a word: ``M2``, ``5q``, ``AML-93``, ``t(8;21)``, ``AML 04`` where that comes again and again."""
        acronym = re.search(r"\b([A-Z]{2,})[-\s]\s?\Z", before)
        joined = re.search(r"[A-Z]{2,}\)?[-‑]\s*\Z|[A-Za-z]{2,}[-‑]\s*\Z", before) and number.isdigit() and not percent
        return bool(
            re.search(r"[^\W\d_]\Z", before)
            or (not percent and re.match(r"(?![a-h](?![\w/-]))[^\W\d_]", behind))
            or joined
            or re.search(r"\b(?:t|inv|del|add|ins|der|abnormal)\((?:\d+;)?\Z", before)
            or re.fullmatch(r"0\d+", number)
            or (acronym and not percent and (acronym[1], number) in self._recurring)
        )

    @staticmethod
    def _is_allocation(before: str, number: str, behind: str) -> bool:
        """Whether it is a part of *1:1* or *2:1:1*."""
        if not re.fullmatch(r"[1-9]", number):
            return False
        return bool(re.match(r"\s?:\s?[1-9]\b", behind) or re.search(r"(?<![\d:.])[1-9](?:\s?:\s?[1-9])*\s?:\s?\Z", before))

    @staticmethod
    def _is_level(before: str, behind: str) -> bool:
        """Whether it is the level of a test: *a two-sided α of 0.05*, *P values below 0.05 were considered significant*."""
        level = re.search(
            r"(?:α|\balpha|\bsignificance level|\blevel of significance|\btype (?:I|1) error(?: rate)?)\s*(?:level\s+)?(?:of|was|at|=|:)?\s*\Z",
            before,
            re.IGNORECASE,
        )
        bound = re.search(r"\bp(?:[- ]?values?)?\s*(?:of\s+)?(?:<|≤|below|less than|smaller than|under)?\s*\Z", before, re.IGNORECASE)
        said = re.match(r"\s+(?:(?:was|were|is|are)\s+)?(?:considered|regarded|taken|defined|deemed|significant|statistically)\b", behind)
        return bool(level or (bound and said))

    @staticmethod
    def _is_reference(before: str, number: str, behind: str) -> bool:
        """Whether it is a mark of the list of references: set high behind a word or full stop, or between square brackets."""
        if re.search(r"[^\W_][.,;:]\Z|[)\]%][.,;:]?\Z", before) and re.fullmatch(r"\d{1,3}(?:,\d{1,3})*", number):
            return True
        inside, closed = re.search(r"(\S*)\s*\[[\d\s,;–-]*\Z", before), re.match(r"[\d\s,;–-]*\]", behind)
        if not (inside and closed and number.isdigit()):
            return False
        marks = inside[0].partition("[")[2] + number + behind
        summary = bool(re.search(r"\b(?:median|mean|range|IQR|CI|interval|ratio|HR|OR|RR)\b", before))
        behind_number = bool(re.search(r"(?:[\d%=]|\b(?:CI|interval|IQR|range)[:,]?)\Z", inside[1]))
        behind_number &= summary or not re.search(r"\b(?:19|20)\d\d\Z", inside[1])  # a year has no range
        ranged = bool(re.match(r"[^\]]*\d\s?[–-]\s?\d", marks))
        listed = bool(re.match(r"[^\]]*,", marks))
        return not (ranged and (behind_number or (summary and re.search(_TIME, inside[1])))) and not (listed and behind_number and summary)


def _is_cell(before: str, behind: str) -> bool:
    """Whether it begins a cell of a line that semicolons or commas divide into cells: no blank follows these signs."""
    line = re.sub(r'"[^"]*"', "", f"{before.rpartition(chr(10))[2]}#{behind.partition(chr(10))[0]}")
    return any(f"{sign}#" in line and line.count(sign) > 1 and not re.search(rf"{sign}\s", line) for sign in ";,")
