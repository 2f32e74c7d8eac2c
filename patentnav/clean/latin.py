"""Names of organisations in Latin script: words, spelling, stems, legal forms, one key.

The steps and their order follow the prototype described in the project's notes: legal forms off,
generic words to stems, misspelt generic words mended with the words of the set itself, words that
say who acts for the owner off, the set of the remaining stems is the key.
"""

from __future__ import annotations

import functools
import html
import itertools
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from patentnav import _resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TOKEN = re.compile(r"[A-Z0-9]+")
_DOTTED = re.compile(r"\b(?:[A-Z]\s?\.\s?)+(?:[A-Z]\b)?")
_ELIDED = re.compile(r"\b(D|L|DELL|DALL|NELL|S)['\u2019](?=[A-Z])")
_UNIVERSITIES = frozenset({"UNIV", "STATEUNIV", "FEDUNIV"})
_SHORT = re.compile(r"[A-Z]{3,6}")
WHOLE_LENGTH, PART_LENGTH = (
    5,
    3,
)  # letters of a word written as two, and of each part where it is cut
MENDED_LENGTH, TWICE_MENDED_LENGTH, VOCABULARY_LENGTH = 6, 8, 7
VOCABULARY_COUNT, MORE_FREQUENT, RARE = 10, 8, 5


@dataclass(frozen=True)
class LatinName:
    """A name taken apart.

    Attributes
    ----------
    stems
        Stems in the order of the name, without legal forms, stop words and boilerplate.
    forms
        Legal forms that the name carries.
    family
        Family of law of the legal forms (``DE``, ``JP`` …), empty when they say none.
    agency
        Public body (``USA NAVY``), empty when none.
    initials
        First letters of the words; what they abbreviate is told by ``acronym``.
    acronym
        The initials where the name carries them itself: ``Korea Institute (…) KIST``.
    """

    stems: tuple[str, ...]
    forms: frozenset[str]
    family: str
    agency: str
    initials: str = ""
    acronym: str = ""

    @property
    def key(self) -> str:
        """Equal for names that are one organisation for sure: stems, family, order mark."""
        if self.agency:
            return f"@{self.agency}"
        first = "<" if self._order_tells() else ""
        return f"{first}{' '.join(sorted(set(self.stems)))}|{self.family}"

    def _order_tells(self) -> bool:
        """Whether "university of X" is another one than "X university": where X is a state."""
        if self.stems[:1] != ("UNIV",):
            return False
        own = frozenset(self.stems) - generic_stems()
        return own <= tables().contested


@functools.cache
def generic_stems() -> frozenset[str]:
    """Stems that many organisations share."""
    return frozenset({*tables().stem.values(), *_UNIVERSITIES, "USA"})


@dataclass(frozen=True)
class _Tables:
    stem: Mapping[str, str]
    family: Mapping[str, str]
    stop: frozenset[str]
    boilerplate: frozenset[str]
    public_only: frozenset[str]
    institution: frozenset[str]
    fields: frozenset[str]
    sciences: frozenset[str]
    units: frozenset[str]
    contested: frozenset[str]
    phrases: Mapping[str, str]
    states: Mapping[str, str]
    places: frozenset[str]
    towns: frozenset[str]
    agencies: Mapping[str, Mapping[str, Any]]
    true_words: frozenset[str]
    on_behalf: tuple[str, ...]
    keep_tail: tuple[str, ...]


@functools.cache
def tables() -> _Tables:
    """The tables of ``data/names``, ready for use."""
    words = _resources.load_toml("names", "organisations-latin")
    stems = _resources.load_toml("names", "stems")
    family = {w: f for f, text in words["legal_forms"].items() for w in text.split()}
    return _Tables(
        stem={w: stem for stem, text in stems["stems"].items() for w in text.split()},
        family=family,
        stop=frozenset(words["words"]["stop"].split()),
        boilerplate=frozenset(words["words"]["boilerplate"].split()),
        public_only=frozenset(words["words"]["boilerplate_public"].split()),
        institution=frozenset(words["words"]["institution"].split()),
        fields=frozenset(words["words"]["fields"].split()),
        sciences=frozenset(words["words"]["sciences"].split()),
        units=frozenset(words["words"]["units"].split()),
        contested=frozenset({*stems["states"].values(), *words["words"]["contested"].split()}),
        phrases=stems["phrases"],
        states=stems["states"],
        places=frozenset(words["words"]["places"].split()),
        towns=frozenset(words["chinese_places"]),
        agencies=words["agencies"],
        true_words=frozenset(words["true_words"]["words"].split()),
        on_behalf=tuple(words["words"]["on_behalf"]),
        keep_tail=tuple(words["words"]["keep_tail"]),
    )


def is_own_word(stem: str) -> bool:
    """Tell whether a stem is a firm's own word: no common one of firms and no place."""
    t = tables()
    return stem not in {*t.stem.values(), *t.places, *t.towns, *t.contested, *t.institution}


def has_chinese_place(name: str) -> bool:
    """Tell whether a name has a Chinese province or city among its words."""
    return any(word in tables().towns for word in words_of(name))


def words_of(name: str) -> list[str]:
    """Words of a name: upper case, accents folded, initials joined, elided articles off."""
    text = unicodedata.normalize("NFKD", _undecoded(html.unescape(name))).upper()
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = text.replace("\u00d8", "O").replace("\u00c6", "AE").replace("\u0141", "L")
    text = _ELIDED.sub("", text).replace("&", " AND ")
    text = _DOTTED.sub(lambda m: re.sub(r"[\s.]", "", m[0]) + " ", text)
    return _TOKEN.findall(re.sub(r"(?<=[A-Z])['\u2019]S?\b", "", text).replace(".", " "))


def _undecoded(name: str) -> str:
    for _ in range(3):  # UTF-8 read as Latin-1, up to three times
        if not re.search("[\u00c3\u00c2]", name):
            break
        for codec in ("latin-1", "cp1252"):
            try:
                name = name.encode(codec).decode("utf-8")
                break
            except UnicodeError:
                continue
        else:
            break
    return name


def parse_all(names: Iterable[str]) -> dict[str, LatinName]:
    """Take names apart; the words of all names together decide how misspelt words are mended."""
    words = _blanks_mended({name: words_of(name) for name in names})
    mended = _mended(Counter(w for tokens in words.values() for w in tokens))
    return {
        name: _parse(tuple(mended.get(w, w) for w in tokens), name)
        for name, tokens in words.items()
    }


def _blanks_mended(words: dict[str, list[str]]) -> dict[str, list[str]]:
    """Words with the blanks of the tables, else those that most names of the set have in them.

    ``PETRO CHEMICAL`` is one word of the tables; ``MOBILEIRON`` is two where more names have two.
    """
    t = tables()
    known = {*t.stem, *t.family, *t.places, *t.towns, *t.true_words, *t.boilerplate}
    counts = Counter(word for tokens in words.values() for word in tokens)
    pairs = Counter(pair for tokens in words.values() for pair in itertools.pairwise(tokens))
    as_one, as_two = set(), {}
    for (a, b), n in sorted(pairs.items()):
        if len(a + b) < WHOLE_LENGTH and a + b not in t.towns:
            continue
        if any(word in t.stop and len(word) > 1 for word in (a, b)):
            continue
        if counts[a + b] > n or (a + b in known and not {a, b} <= known):
            as_one.add((a, b))
        elif counts[a + b] and min(len(a), len(b)) >= PART_LENGTH:
            as_two[a + b] = (a, b)

    def apart(word: str) -> list[str]:
        return [p for part in as_two[word] for p in apart(part)] if word in as_two else [word]

    mended = {}
    for name, tokens in words.items():
        whole: list[str] = []
        for word in (part for token in tokens for part in apart(token)):
            if whole and (whole[-1], word) in as_one:
                whole[-1] += word
            else:
                whole.append(word)
        mended[name] = whole
    return mended


@functools.lru_cache(maxsize=100_000)
def stems_of(name: str) -> tuple[str, ...]:
    """Stems of one name, taken apart without the help of other names."""
    return _parse(tuple(words_of(name)), name).stems


def _parse(tokens: tuple[str, ...], name: str) -> LatinName:
    t = tables()
    text = _incorporated(_tail(f" {' '.join(tokens)} "))
    for phrase, one in _phrases():
        text = text.replace(phrase, one)
    words = text.split()
    stems = [t.stem.get(w, w) for w in words]
    public = bool(t.institution.intersection(stems)) or "USA" in stems
    acronym = _acronym(words)
    if acronym:
        words = [w for w in words if w != acronym]
        stems = [t.stem.get(w, w) for w in words]
    if public:
        plain = t.stop | set(t.family)  # "de", "in", "Co" are no states
        words = [w if w in plain else t.states.get(w, w) for w in words]
        stems = _state_universities([t.stem.get(w, w) for w in words], words)
    forms = frozenset(w for w in words if w in t.family)
    families = [t.family[w] for w in words if t.family.get(w)]
    dropped = t.boilerplate if public else t.boilerplate - t.public_only
    kept = [
        stem
        for word, stem in zip(words, stems, strict=True)
        if word not in t.family and word not in t.stop and word not in dropped
    ]
    stems = kept or [w for w in words if w not in t.stop] or [name.upper()]
    return LatinName(
        tuple(stems), forms, families[-1] if families else "", _agency(set(stems), t),
        "".join(w[0] for w in words if w not in t.family and w not in t.stop), acronym,
    )  # fmt: skip


def _acronym(words: list[str]) -> str:
    """A word that only repeats the initials of the words before it, empty when none does."""
    t = tables()
    for at, word in enumerate(words):
        if at >= 3 and _SHORT.fullmatch(word):
            before = [w for w in words[:at] if w not in t.stop]
            initials = "".join(w[0] for w in before)
            without_form = "".join(w[0] for w in before if w not in t.family)
            if word in {initials, without_form}:
                return word
    return ""


def _state_universities(stems: list[str], words: list[str]) -> list[str]:
    """State universities with a misspelt word or in the order of libraries ("UNIV OHIO STATE")."""
    for at, pair in enumerate(itertools.pairwise(stems)):
        if pair == ("STATE", "UNIV"):
            stems[at : at + 2] = ["STATEUNIV"]
            words[at : at + 2] = ["STATEUNIV"]
            return stems
    if words[:1] == ["UNIV"] and stems[-1:] == ["STATE"] and len(stems) > 2:
        del stems[-1], words[-1]
        stems[0] = "STATEUNIV"
    return stems


@functools.cache
def _phrases() -> tuple[tuple[str, str], ...]:
    phrases = tables().phrases
    ordered = sorted(phrases, key=lambda p: (-len(p), p))
    return tuple((f" {p} ", f" {phrases[p]} ") for p in ordered)


def _tail(text: str) -> str:
    """The owner behind "on behalf of" and the like, when an institution is named there."""
    t = tables()
    for phrase in t.on_behalf:
        before, found, after = text.partition(f" {phrase} ")
        if (
            found
            and before.strip()
            and any(t.stem.get(w, w) in t.institution for w in after.split())
        ):
            return f" {after} "
    for phrase in t.keep_tail:
        _, found, after = text.partition(f" {phrase} ")
        if found and len(after.split()) >= 2 and "UNITED STATES" not in text:
            return f" {after} "
    return text


@functools.cache
def _incorporation() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """How US filings say what an owner is and under whose law, and where such a phrase stands."""
    forms = "CORP|CORPORATION|CO|COMPANY|PARTNERSHIP"
    state = "|".join(sorted(tables().places))
    law = "OF|THE|STATE|UNDER|LAWS|ORGANIZED|EXISTING|AND"
    return (
        re.compile(rf" A (?:LTD|LIMITED) LIABILITY (?:{forms})(?= )"),
        re.compile(rf"(?: (?:{law}))* (?:{state})(?: (?:{law}))*(?= )"),
        re.compile(rf" AN? (?:{state}) (?:{forms})(?= )"),
    )


def _incorporated(text: str) -> str:
    """A name without "a limited liability company of the State of Delaware", wherever it stands."""
    liability, law, form = _incorporation()
    plain, found = liability.subn("", text)
    if found:
        plain = law.sub("", plain, count=1)
    plain = form.sub("", plain)
    return plain if plain.strip() else text


def _agency(stems: set[str], t: _Tables) -> str:
    if t.institution & stems - {"INST"}:
        return ""
    for country, bodies in t.agencies.items():
        if country not in stems and not (country == "USA" and {"UNITED", "STATE", "AMER"} <= stems):
            continue
        for body, alternatives in bodies.items():
            if any(stems.issuperset(alternative.split()) for alternative in alternatives):
                return f"{country} {body}"
    return ""


def _mended(counts: Counter[str]) -> dict[str, str]:
    """Misspelt words of a set with the word that stands in their place."""
    t = tables()
    generic = {w for w in (*t.stem, *t.family) if len(w) >= MENDED_LENGTH}
    vocabulary = generic | {
        w for w, n in counts.items() if len(w) >= VOCABULARY_LENGTH and n >= VOCABULARY_COUNT
    }
    known = vocabulary | set(t.stem) | set(t.family) | t.true_words | t.places | t.boilerplate
    by_deletion: dict[str, set[str]] = {}
    for word in vocabulary:
        for shorter in _deletions(word, 2 if len(word) >= TWICE_MENDED_LENGTH else 1):
            by_deletion.setdefault(shorter, set()).add(word)
    mended: dict[str, str] = {}
    for word, n in counts.items():
        if len(word) < MENDED_LENGTH or word in known or any(c.isdigit() for c in word):
            continue
        reach = 2 if len(word) >= TWICE_MENDED_LENGTH else 1
        near = set().union(*(by_deletion.get(s, ()) for s in _deletions(word, reach)))
        best = min(
            (
                (distance, -counts[other], other)
                for other in near
                if _may_be(word, other)
                and (distance := edit_distance(word, other)) <= min(reach, _reach(other))
                and (counts[other] >= MORE_FREQUENT * n or n <= RARE)
            ),
            default=None,
        )
        if best is not None:
            mended[word] = best[2]
    return mended


def _reach(word: str) -> int:
    return 2 if len(word) >= TWICE_MENDED_LENGTH else 1


def _may_be(word: str, other: str) -> bool:
    return word[0] == other[0] or word[1:3] == other[1:3]


def _deletions(word: str, reach: int) -> set[str]:
    once = {word[:i] + word[i + 1 :] for i in range(len(word))}
    found = {word} | once
    if reach == 2:
        found |= {w[:i] + w[i + 1 :] for w in once for i in range(len(w))}
    return found


def edit_distance(a: str, b: str) -> int:
    """Insertions, deletions, substitutions and neighbouring swaps between two words."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        row = [i]
        for j, y in enumerate(b, start=1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
