"""Value labels of SPSS and Stata held against the declaration: a code may say one thing and its label another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analysis.cohorts.importing.columns.coding import missing_like, propose_missing, quote_for_mapping, says_unknown
from analysis.cohorts.importing.parsing.names import fold_name
from analysis.cohorts.importing.problems import Problem, quote
from analysis.cohorts.importing.raw import spell_cell
from analysis.cohorts.study_parts import Variable

_NO = frozenset(
    [
        "no", "n", "nein", "non", "none", "false", "falsch", "absent", "negative", "negativ", "neg", "not", "0", "0-no", "nicht", "kein", "keine",
        "never", "unchecked", "não", "nee", "nej", "alive", "living", "lives", "lebt", "lebend", "vivant", "vivante", "en vie", "vivo", "viva", "en vida",
        "vivente", "in vita", "levend", "in leven", "levande", "lever", "am leben", "censored", "zensiert", "censoré", "censurado", "censurato",
    ]
)  # fmt: skip
_YES = frozenset(
    [
        "yes", "y", "j", "checked", "ja", "oui", "sí", "si", "sì", "sim", "true", "wahr", "present", "positive", "positiv", "pos", "1", "dead", "died", "death",
        "deceased", "verstorben", "gestorben", "tot", "mort", "morte", "décédé", "décédée", "décès", "muerto", "muerta", "fallecido", "fallecida",
        "exitus", "éxitus", "morto", "morta", "deceduto", "deceduta", "óbito", "overleden", "död", "avliden", "event", "ereignis", "relapse", "rezidiv",
        "rechute", "recaída", "recidiva",
    ]
)  # fmt: skip
_NAMED_YES = _YES - {"1", "y", "j"}
_MOST = 6
_WORDS, _HUMP = re.compile(r"[^\W\d_]+"), re.compile(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ])")
_OPPOSITE = _NO - {"0", "n", "0-no", "none"} | {
    "cens", "survived", "surviving", "survivor", "überlebt", "überlebend",
    "survivant", "vive", "vivo", "viva", "vivos", "vivas", "vivants", "vivantes", "superviviente", "supervivientes", "sobrevive", "sobrevivió", "sobreviveu",
    "sopravvissuto", "sopravvissuta", "sopravvive", "overlevend", "overleefd", "överlevt", "levande", "levende", "leeft", "leven", "ilive", "elossa", "żyje", "żyjący", "naživu", "élő",
    "cnsr", "lebendig", "überlebende", "überlebender", "overlevende", "overlever", "överlevande", "överlever", "nulevende", "žije", "živý", "živá",
    "hengissä", "elus", "yaşıyor", "жив", "жива", "存活",
}  # fmt: skip
_WITHOUT_ACCENTS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i"})
_IN_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
_CENSORED = re.compile(r"(?:ge)?(?:cens(?:[ou]r|ier)|zens(?:[ou]r|ier)|sensur[eo])\w*")
"""*Censored* in any of these languages: ``censuré``, ``censureret``, ``gecensureerd``, ``sensurert``, ``Zensierung``."""
_ALIVE = re.compile(
    r"\b(en (vie|vida)|in (leven|vita)|vid liv|i live|am leben|(przy|w) [zż]yciu|(non?|not)(event|dead|died|death|relapsed?|recurrence|progression))\b"
)
"""The same in several words, or in one that denies."""
_SURVIVAL = re.compile(
    r"surv|survival|survives?|überleben|ueberleben|survie|supervivencia|sopravvivenza|sobrevida|overleving|överlevnad|overlevelse|przeżycie|przezycie"
)
"""Survival alone, of which 1 may be either end; *survival status* and *OS* are called so by custom where 1 is the event."""
_FREE = re.compile(r"(event|relapse|disease|progression|rezidiv|ereignis|krankheits|progress) ?(free|frei)(?! ?(survival|überleben))")
_HAPPENED = re.compile(
    r"\b(dead|died?|death\w*|deceased|event\w*|ereignis\w*|relap\w*|recurr\w*|rezidiv\w*|rückfall\w*|rechute\w*|reca[ií]da|recidiv\w*|progre\w*|loss|lost|end(ed|s)?|"
    r"fail\w*|trm|nrm|tod|tot|mort\w*|muert\w*|verstorben|gestorben|décès|exitus|óbito|död|avliden|overleden)\b"
)
"""Words of what ends a survival."""
_REMISSION = re.compile(r"\b(r[eé]mi[sz]\w*|c?cri?|ned)\b")
"""The state that such an event ends."""
_LASTS = re.compile(
    r"\b(ongoing|continu\w*|still|maintained|sustained|persist\w*|lasting|durable|current\w*|in|anhaltend\w*|andauernd\w*|weiterhin|en cours|mantenid\w*|pågående|vedvarende|aanhoudend\w*|ccri?|ned)\b"
)
_RESPONDED = re.compile(
    r"\b(r[eé]mi[sz]\w*|c?cr[ip]?|ned|respon\w*|respuesta|r[eé]pon\w*|risposta|ansprech\w*|cur(ed|e)|heilung|engraft\w*|recover\w*|success\w*)\b"
)
_FAILED = re.compile(
    r"\b(fail\w*|refra[ck]t\w*|réfractaire\w*|resist\w*|résist\w*|(non ?|un)respon\w*|nichtansprech\w*|non ?remission|versag\w*|therapieversag\w*|échec|fracaso|fallo|fallimento|"
    r"(active|persist\w*|residual|progressive|stable) (disease|leuk\w*)|[ps]d)\b"
)
"""What a treatment achieved, and that it did not."""
_UNENDED = re.compile(
    r"\b(lost (to )?(follow ?up|fu|fup)|ltfu|ltf|(still )?under observation|(follow ?up|fu|fup|survival|response|os|efs|pfs|dfs|rfs) (ongoing|continuing|continues)|(ongoing|continuing) (follow ?up|fu|fup|survival|response|os|efs|pfs|dfs|rfs))\b"
)
"""Follow-up that ended without the event, or has not ended."""
_CODED = re.compile(r"\b([01])\s*(?:[=:,–-]\s*|\s)([^\W\d_][^=:,;|/()\[\]\d]*)")
_ONE_CODED = re.compile(r"\b([01])\s*[=:]\s*([^\W\d_][^=:,;|/()\[\]\d]*)")
_CODED_AFTER = re.compile(r"([^\W\d_][^\W\d_]*)\s*[=:]\s*([01])\b")
_DENIED = re.compile(
    r"(no|not|non|without|kein|keine|nicht|ohne|un|never|nie|sans|pas|sin|sem|senza|uten|uden|utan|ingen|zonder|geen|bez|brak|não|nao)\b[ -]?"
)


def contradictions(name: str, variable: Variable, labels: Mapping[Any, str], cells: set[Any]) -> Iterator[Problem]:
    """Labels that do not say what a code would be read as, where a column has no ``codes``.

    Parameters
    ----------
    name : str
        Declared name.
    variable : Variable
    labels : mapping of code to str
    cells : set
        Codes that occur in the column.
    """
    if variable.type == "boolean":
        yield from _of_truth(name, variable, labels)
    elif variable.type == "category":
        for code in (code for code in labels if code in cells):
            level, label = spell_cell(code), labels[code]
            if level in variable.levels and label != level and not _names(level, label, variable):
                found = f"{quote(level)} labelled {quote(label)}"
                yield Problem(
                    f"a label that agrees with the declared level, or 'codes' in the mapping, e.g. codes: {{{quote(label)}: {level}}}",
                    found,
                )
    elif variable.type in ("integer", "number"):
        told = [code for code in labels if code in cells and fold_name(labels[code]) != spell_cell(code)]
        if told:
            found = ", ".join(f"{spell_cell(code)} = {quote(labels[code])}" for code in told[:_MOST])
            yield Problem(
                f"numbers without labels; for a code that means missing: {propose_missing(told)} in the mapping, else 'codes'",
                f"labels {found}",
            )


def spoken_opposites(name: str, variable: Variable, spoken: Iterable[str]) -> Iterator[Problem]:
    """A column of 0 and 1 whose name or title says the opposite of what 1 would be read as: ``alive`` or ``0 = dead`` for an event.

    Parameters
    ----------
    name : str
        Declared name.
    variable : Variable
    spoken : iterable of str
        Name of the column in the file, and its title where it has one.
    """
    for text in spoken:
        coded = {int(code): label.strip() for label, code in _CODED_AFTER.findall(text)}
        coded = coded if set(coded) == {0, 1} else {int(code): label.strip(" -–") for code, label in _CODED.findall(text)}
        one = {} if coded.keys() == {0, 1} else {int(code): label.strip(" -–") for code, label in _ONE_CODED.findall(text)}
        if coded.keys() == {0, 1}:
            faults = list(_of_truth(name, variable, coded))
        elif len(one) == 1 and any((_says_no if code else _says_yes)(label, name) for code, label in one.items()):
            faults = list(_of_truth(name, variable, one))
        elif len(one) == 1 and any((_says_yes if code else _says_no)(label, name) for code, label in one.items()):
            faults = []
        else:
            faults = []
            own = _words(f"{name} {variable.meaning} {variable.label}")
            said = _words(text) - own
            plain = " ".join(word.lower() for word in _WORDS.findall(_HUMP.sub(" ", text)))
            denied = _FREE.search(plain) or _ALIVE.search(plain) or _SURVIVAL.fullmatch(plain) or _denial_of(plain)
            opposite = (
                denied
                or (_opposite(said) and not said & _NAMED_YES)
                or _unended(plain, f"{name} {variable.meaning} {variable.label}")
                or _achieved(plain, f"{name} {variable.meaning} {variable.label}")
            )
            inverted = _opposite(own) and not own & _NAMED_YES and bool(said & _NAMED_YES) and not (denied or _opposite(_words(text)))
            if not says_unknown(plain) and (inverted or (opposite and not _opposite(own))):
                faults = [
                    Problem(
                        f"a column in which 1 means: {variable.meaning or name}; 'codes' in the mapping tells: codes: {{'1': 0, '0': 1}}, or {{'1': 1, '0': 0}} if 1 does mean that",
                        f"{quote(text)}, which means the opposite",
                    )
                ]
        if faults:
            yield from faults
            return


def _unended(said: str, own: str) -> bool:
    """Whether words speak of a remission or a follow-up that lasts, where what a variable is called by speaks of an event that ends it.

    A variable that is a remission (``cr``: complete remission reached) is no such event, and ``death in remission`` is one.
    """
    own = " ".join(word.lower() for word in _WORDS.findall(_HUMP.sub(" ", own)))
    if not _HAPPENED.search(own) or _UNENDED.search(own):
        return False
    if _UNENDED.search(said):
        return True
    return bool(_REMISSION.search(said)) and not _HAPPENED.search(said) and bool(_LASTS.search(said) or not _REMISSION.search(own))


def _achieved(said: str, own: str) -> bool:
    """Whether words speak of a failure, or of an event, alone, where what a variable is called by speaks of a response alone, or the reverse."""
    own = " ".join(word.lower() for word in _WORDS.findall(_HUMP.sub(" ", own)))
    failure, response = (bool(_FAILED.search(own) or _HAPPENED.search(own)), bool(_RESPONDED.search(own)))
    if _FAILED.search(said) or _HAPPENED.search(said):
        return response and not failure and not _RESPONDED.search(_FAILED.sub("", said))
    return bool(_FAILED.search(own)) and not _RESPONDED.search(_FAILED.sub("", own)) and bool(_RESPONDED.search(said))


def _without_accents(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign)).translate(_WITHOUT_ACCENTS)


_SPELLED = _OPPOSITE | {_without_accents(word) for word in _OPPOSITE} | {word.translate(_IN_TWO_LETTERS) for word in _OPPOSITE}
"""These words as programs write them that allow no accents in a name: ``zyje``, ``ueberlebt``."""


def _opposite(said: set[str]) -> bool:
    return bool(said & _SPELLED) or any(_CENSORED.fullmatch(word) for word in said)


def _words(text: str) -> set[str]:
    return {fold_name(word) for word in _WORDS.findall(_HUMP.sub(" ", text))}


def _of_truth(name: str, variable: Variable, labels: Mapping[Any, str]) -> Iterator[Problem]:
    """Labels of 0 and 1: each must say "no" and "yes" in words that are understood."""
    said = {value: label for code, label in labels.items() for value in (0, 1) if spell_cell(code) == str(value)}
    if not said or all(_means(label, bool(value), name, said) for value, label in said.items()):
        return
    shown = ", ".join(f"{value} = {quote(label)}" for value, label in sorted(said.items()))
    yield Problem(
        f"labels that say 0 = no and 1 = yes ({variable.meaning or name}), or 'codes' in the mapping, e.g. {likely_codes(name, said.values())}",
        f"labels {shown}",
    )


def likely_codes(name: str, said: Iterable[str]) -> str:
    """Line of a mapping that makes words to 0 and 1, e.g. ``codes: {'dead': 1, 'alive': 0}``; … stands where nobody can guess."""
    values = {word: _likely_value(word, name) for word in said}
    known = [value for value in values.values() if value in (0, 1)]
    if len(values) == 2 and len(known) == 1:
        values = {word: 1 - known[0] if value == "…" else value for word, value in values.items()}
    return f"codes: {{{', '.join(f'{quote_for_mapping(word)}: {value}' for word, value in values.items())}}}"


def _likely_value(word: str, name: str) -> int | str:
    if word.isdigit():
        return "…"
    if not says_unknown(word) and (_says_yes(word, name) or _says_no(word, name)):
        return int(_says_yes(word, name))
    return "'?'" if missing_like(word) else "…"


def _means(label: str, yes: bool, name: str, said: Mapping[int, str]) -> bool:
    if yes:
        denied = _denial_of(said[0]) if 0 in said else ""
        return _says_yes(label, name) or bool(denied and denied == fold_name(label))
    if says_unknown(label):  # "not done" beside "done" is a no, beside "yes" it may mean that nobody knows
        return _denial_of(label) in (fold_name(said.get(1, "")), fold_name(name.replace("_", " ")))
    return _says_no(label, name)


def _says_yes(label: str, name: str) -> bool:
    text = fold_name(label)
    return (
        text == fold_name(name.replace("_", " "))
        or (text in _YES and not _is_name(_NO, name))
        or (text in _NO and _is_name(frozenset((text,)), name))
    )


def _says_no(label: str, name: str) -> bool:
    text = fold_name(label)
    return (text in _NO and not _is_name(frozenset((text,)), name)) or bool(_denial_of(label)) or (text in _YES and _is_name(_NO, name))


def _is_name(words: frozenset[str], name: str) -> bool:
    """Whether a declared name is one of some words, as of a variable called ``alive``."""
    return bool(set(fold_name(name).split("_")) & words)


def _denial_of(label: str) -> str:
    """What a label denies: ``relapse`` of ``no relapse``; empty if it denies nothing."""
    text = fold_name(label)
    match = _DENIED.match(text)
    return text[match.end() :].strip() if match else ""


def _names(level: str, label: str, variable: Variable) -> bool:
    """Whether a label speaks of a level and of no other: ``M`` is ``male``, ``M2`` is ``FAB M2``."""

    def speaks(of: str) -> bool:
        short = fold_name(of)
        return bool(re.search(rf"(?<!\w){re.escape(short)}(?!\w)", fold_name(label))) or (
            len(short) == 1 and short.isalpha() and fold_name(label).startswith(short)
        )

    return speaks(level) and not any(speaks(other) for other in variable.levels if fold_name(other) not in fold_name(level))
