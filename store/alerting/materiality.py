"""Which edits are material: figures, negation, names, fates, attributions, corrections. Pure.

"11 killed" that becomes "17 killed" is news to those who were alerted; a spelling fix is not.
Words are known in English, German, French and Spanish; figures and names in any language that
writes them with digits and capitals.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from store.entry import Entry

_WORD: Final = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:[’'][^\W\d_]+)*")
_SENTENCE: Final = re.compile(r"[.!?…:;\n“”\"«»(]\s*$")
_LEAST_NAME: Final = 5  # letters of the shortest name in which one letter may be a misspelling
_SHOWN: Final = 3  # words of each kind that a reason names


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NUMBERS: Final = _words(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred hundreds thousand thousands million millions billion billions dozen dozens half "
    "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig hundert tausend millionen "
    "deux trois quatre cinq huit neuf dix onze douze vingt cent cents mille millions "
    "dos tres cuatro cinco seis siete ocho nueve diez once doce veinte cien mil millones"
)
_NEGATIONS: Final = _words(
    "not no never none nobody nothing neither nor without cannot false untrue denies denied deny "
    "nicht kein keine keiner keinen keinem nie niemand nichts ohne falsch dementiert "
    "ne pas jamais aucun aucune sans faux dément nunca ningún ninguna sin falso niega"
)
_FATES: Final = _words(
    "killed kill kills dead die died dies death deaths injured wounded hurt missing alive survived "
    "arrested detained released freed charged acquitted convicted resigned resigns sacked won lost "
    "wins loses victory defeat passed rejected accepted approved suspended cancelled postponed "
    "tot tote toten getötet verletzt vermisst verhaftet freigelassen gewonnen verloren "
    "mort morts tué tués blessé blessés disparu disparus arrêté libéré "
    "muerto muertos herido heridos desaparecido detenido liberado"
)
_ATTRIBUTIONS: Final = _words(
    "according reportedly reports reported allegedly alleged claims claimed unconfirmed confirmed "
    "confirms sources said says laut angaben berichten zufolge angeblich bestätigt "
    "selon aurait auraient según presuntamente"
)
_CORRECTIONS: Final = re.compile(
    r"correct(?:ion|ed)|clarif(?:ication|ied)|earlier version|previous version|was amended|"
    r"retract(?:ed|ion)|korrektur|korrigiert|berichtig|richtigstellung|rectificat|corrección",
    re.IGNORECASE,
)


def material(before: Entry, after: Entry) -> tuple[str, ...]:
    """Return in plain words what is material in an edit; empty if only the wording changed."""
    old, new = f"{before.title}\n{before.text}", f"{after.title}\n{after.text}"
    if old == new:
        return ()
    had, has = _WORD.findall(old), _WORD.findall(new)
    found = (
        _moved("figures", had, has, _is_figure),
        _moved("a negation", had, has, _is_negation),
        _moved("what became of people or plans", had, has, _FATES.__contains__),
        _names(old, new),
        _added("an attribution", had, has, _ATTRIBUTIONS),
        _corrected(old, new),
    )
    return tuple(filter(None, found))


def _moved(what: str, had: Sequence[str], has: Sequence[str], counts: Callable[[str], bool]) -> str:
    """Return in plain words which words of one kind were removed and added; "" if none."""
    before = Counter(word for word in map(str.casefold, had) if counts(word))
    after = Counter(word for word in map(str.casefold, has) if counts(word))
    if before == after:
        return ""
    return _say(what, before - after, after - before)


def _is_figure(word: str) -> bool:
    return word[0].isdigit() or word in _NUMBERS


def _is_negation(word: str) -> bool:
    return word in _NEGATIONS or word.endswith(("n't", "n’t"))


def _added(what: str, had: Sequence[str], has: Sequence[str], kind: frozenset[str]) -> str:
    before = Counter(word for word in map(str.casefold, had) if word in kind)
    after = Counter(word for word in map(str.casefold, has) if word in kind)
    return _say(what, (), after - before) if after - before else ""


def _corrected(old: str, new: str) -> str:
    count = len(_CORRECTIONS.findall(new)) - len(_CORRECTIONS.findall(old))
    return "it says that it was corrected" if count > 0 else ""


def _names(old: str, new: str) -> str:
    """Return in plain words which names were removed and added; a corrected spelling is neither."""
    had, has = _capitals(old), _capitals(new)
    anywhere_old = set(map(str.casefold, _WORD.findall(old)))
    anywhere_new = set(map(str.casefold, _WORD.findall(new)))
    came = [name for name in has if name.casefold() not in anywhere_old]
    went = [name for name in had if name.casefold() not in anywhere_new]
    mended = {(one, other) for one in went for other in came if _is_mended(one, other)}
    went = [name for name in went if not any(name == one for one, _ in mended)]
    came = [name for name in came if not any(name == other for _, other in mended)]
    return _say("names", went, came) if went or came else ""


def _capitals(text: str) -> list[str]:
    """Return the capitalised words that do not begin a sentence, each once."""
    found = (
        match[0]
        for match in _WORD.finditer(text)
        if match[0][0].isupper()
        and match.start() > 0
        and not _SENTENCE.search(text, max(0, match.start() - 4), match.start())
    )
    return list(dict.fromkeys(found))


def _is_mended(one: str, other: str) -> bool:
    """Return whether two names differ by one letter, or two swapped ones, as by a misspelling."""
    one, other = one.casefold(), other.casefold()
    if min(len(one), len(other)) < _LEAST_NAME or one[0] != other[0]:
        return False
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) == len(other):
        swapped = one[same : same + 2][::-1] == other[same : same + 2]
        return one[same + 1 :] == other[same + 1 :] or (
            swapped and one[same + 2 :] == other[same + 2 :]
        )
    return one[same:] == other[same + 1 :]


def _say(what: str, went: Iterable[str], came: Iterable[str]) -> str:
    gone, new = ", ".join([*went][:_SHOWN]), ", ".join([*came][:_SHOWN])
    if gone and new:
        return f"{what}: {gone} → {new}"
    return f"{what}: {new} came" if new else f"{what}: {gone} went"
