"""Findings in words: the claims of each, the sentence, and the name by which an answer mentions it."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from patentnav import i18n
from patentnav.findings import surprise
from patentnav.findings.cells import PACES, quads, spans
from patentnav.findings.checks import verdict_of
from patentnav.findings.view import View
from patentnav.report.blocks import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentnav.claims import Claim
    from patentnav.findings import Finding
    from patentnav.report.edition import Edition

SECTION = "summary.findings"
_VARIANTS = ("a", "b")
_CLAUSES = {
    "technology": ("focus", "named_focus"),
    "authority": ("office", "named_office"),
    "country": ("country", "named_country"),
}
_PLACES = ("owner_province", "country")
_TESTS = {True: "beta-binomial", False: "negative binomial"}


@dataclass(frozen=True)
class Statement:
    """A finding as it is printed.

    Attributes
    ----------
    finding
        What was found.
    text
        The sentence.
    named
        Its subject with the one number that matters, for a list.
    clause
        Kind of list it stands in (``report.findings.clause``).
    subject, property
        Both in words, for the table.
    label
        Bare name of the subject.
    """

    finding: Finding
    text: Text
    named: Text
    clause: str
    subject: str
    property: str
    label: str

    def is_asked(self, question: str) -> bool:
        """Whether a question mentions the subject, or a word of its name."""
        words = re.split(r"[\s,\u3001\uff0c]+", self.label)
        return any(len(word) > 1 and word.casefold() in question.casefold() for word in words)


class Statements:
    """Words findings in the language of an edition."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.claim = edition.claims(SECTION)

    def of(self, found: Sequence[Finding]) -> list[Statement]:
        """Every finding in words; no wording is used twice running."""
        made: list[Statement] = []
        before = ""
        for one in found:
            subject, label = self._subject(one)
            column = self._column(one)
            kind, values = self._values(one, label)
            values |= {"subject": subject, "piece": self.edition.piece, "column": column,
                       "check": self._check(one)}  # fmt: skip
            key = self._variant(one, kind, before)
            before = key
            clause, named = _mention(one, kind)
            told = Text(key, values)
            mention = Text(f"findings.{named}", values)
            made.append(
                Statement(one, told, mention, clause, subject, self._property(one, column), label)
            )
        return made

    @staticmethod
    def _variant(one: Finding, kind: str, before: str) -> str:
        """Wording by the hash of the section and kind, another than that of the finding before."""
        place = zlib.crc32(f"{SECTION}{kind}".encode()) % len(_VARIANTS)
        if f"findings.{kind}.{_VARIANTS[place]}" == before:
            place = (place + 1) % len(_VARIANTS)
        if one.family.shape == "pace" and one.with_it == one.without:
            place = 1  # the other says that the number went up or down
        return f"findings.{kind}.{_VARIANTS[place]}"

    # Names

    def _word(self, key: str, **values: Any) -> str:
        return i18n.text(f"report.findings.{key}", self.edition.lang, **values)

    def _name(self, facet: str, key: str, column: str = "") -> str:
        edition = self.edition
        if facet == "technology" and column in PACES:
            return edition.moving_name(key, column)
        if facet == "technology":
            return edition.technology_names.get(key, key)
        if facet == "owner":
            return str(edition.study.owner_names.get(key, key))
        if facet in {"industry", "sub_sector"}:
            return str(edition.industry_names.get(key, key))
        if facet == "region":
            return edition.study.inputs.region
        return key if facet == "owner_province" else edition.authority(key)

    def _subject(self, one: Finding) -> tuple[str, str]:
        name = self._name(one.family.rows, one.row, one.column)
        rows = one.family.rows
        if rows == "owner_province" and self.edition.places_inferred:
            rows = "owner_province_inferred"
        return self._word(f"subject.{rows}", name=name), name

    def _column(self, one: Finding) -> str:
        facet, _, key = one.column.partition(":")
        if facet == "technology":
            return self._word("subject.technology", name=self._name(facet, key))
        return self._name(facet, key) if facet in {"region", "authority", "country"} else ""

    def _property(self, one: Finding, column: str) -> str:
        facet, _, key = one.column.partition(":")
        if facet in PACES:
            first, last = spans(self.edition.study, facet)[1]
            return self._word("property.years", first=first, last=last)
        if facet == "event":
            return self._word(f"property.{key}")
        if facet == "technology":
            return self._word("property.technology", name=self._name(facet, key))
        return self._word(f"property.{facet}", name=column)

    # Claims

    def _values(self, one: Finding, label: str) -> tuple[str, dict[str, Any]]:
        """Kind of sentence, and the claims it is made of."""
        if one.family.shape == "pace":
            return self._pace(one, label)
        facet, _, key = one.column.partition(":")
        kind = f"{key if facet == 'event' else facet}.{'up' if one.direction > 0 else 'down'}"
        return kind, self._share(one, label)

    def _pace(self, one: Finding, label: str) -> tuple[str, dict[str, Any]]:
        early, late = spans(self.edition.study, one.column)
        name, subject = f"{one.family.name}.{one.row}", f"{one.family.rows}:{one.row}"
        cell = f"findings/{one.family.name}.{one.row}"
        about: dict[str, Any] = {
            "label": label,
            "window": late,
            "baseline": f"{early[0]}-{early[1]}",
        }
        test = {"test": _TESTS[False], "n": max(one.with_it, one.without), "q": one.q,
                "direction": one.direction, "baseline_value": one.expected}  # fmt: skip
        cells = {c: (f"{cell}/finding_{c}",) for c in ("observed", "expected", "ratio")}
        values: dict[str, Any] = {
            "first": self.claim.parameter(f"first.{late[0]}", late[0]),
            "last": self.claim.parameter(f"last.{late[1]}", late[1]),
            "before_first": self.claim.parameter(f"before_first.{early[0]}", early[0]),
            "before_last": self.claim.parameter(f"before_last.{early[1]}", early[1]),
            "observed": self.claim(f"{name}.observed", "count", subject, "units",
                                   float(one.with_it), label=label, window=late,
                                   evidence=cells["observed"]),
            "before": self.claim(f"{name}.before", "count", subject, "units", float(one.without),
                                 label=label, window=early),
            "unplaced": Text("findings.check.none"),
        }  # fmt: skip
        if one.is_new and one.direction > 0:  # next to nothing is no base of a rate
            test.pop("baseline_value")
            values["appeared"] = self.claim(name, one.family.kind, subject, "units",
                                            float(one.with_it), **about, **test)  # fmt: skip
            values["unplaced"] = self._unplaced(one, early)
        else:
            values["times"] = self.claim(name, one.family.kind, subject, "relative_growth",
                                         one.ratio, unit="ratio", evidence=cells["ratio"],
                                         **about, **test)  # fmt: skip
            values["expected"] = self.claim(f"{name}.expected", "count", subject, "expected",
                                            one.expected, details={"column": one.column},
                                            evidence=cells["expected"], **about)  # fmt: skip
        return _course(one), values

    def _unplaced(self, one: Finding, early: tuple[int, int]) -> Text:
        """Units of the years before that no place is known of: what is not seen may be among them."""
        if one.family.rows not in _PLACES:
            return Text("findings.check.none")
        view = View(self.edition.study)
        without = int((view.within(early) & ~view.known(one.family.rows)).sum())
        if not without:
            return Text("findings.check.none")
        count = self.claim(f"{one.family.name}.{one.row}.unplaced", "count", "set", "unlabelled",
                           without, window=early, details={"facet": one.family.rows})  # fmt: skip
        return Text("findings.unplaced", {"count": count, "piece": self.edition.piece})

    def _share(self, one: Finding, label: str) -> dict[str, Any]:
        name = f"{one.family.name}.{one.row}" + (f".{one.column}" if ":" in one.column else "")
        row, whole = f"{one.family.rows}:{one.row}", one.with_it + one.without
        rest = one.rest_with + one.rest_without
        details = {"row": row, "column": one.column}
        subject = row if one.column == "ended" else f"{row}&{one.column}"
        cell = f"findings/{name}"
        share = one.rest_with / rest if rest else None

        def claim(part: str, kind: Any, measure: str, value: Any, **more: Any) -> Claim:
            entries = {"label": label, "details": details, **more}
            return self.claim(f"{name}{part}", kind, subject, measure, value, **entries)

        return {
            "observed": claim(".observed", "count", "with_property", one.with_it,
                              evidence=(f"{cell}/finding_observed",)),
            "whole": claim(".whole", "count", "judged", whole),
            "rest": claim(".rest", "share", "share_of_rest", share, unit="ratio"),
            "share": claim("", one.family.kind, "share_of_subject", one.with_it / whole,
                           unit="ratio", baseline="rest", baseline_value=share,
                           direction=one.direction, test=_TESTS[one.family.shares], n=whole,
                           q=one.q, evidence=(f"{cell}/finding_ratio",)),
        }  # fmt: skip

    def _check(self, one: Finding) -> Text:
        """What would overturn it: the first check under which it turns round, or falls short."""
        if one.column == "years" and one.changed["turn"]:
            return self._turned(one)
        for worst in ("reversed", "weakened"):
            for name, ratio in one.checks.items():
                if name != "turn" and verdict_of(one.ratio, ratio) == worst:
                    changed = self._changed(name, one.changed[name])
                    return Text(f"findings.check.{name}_{worst}", {"changed": changed})
        return Text("findings.check.none")

    def _turned(self, one: Finding) -> Text:
        """That it went the other way within the later period, with its number."""
        early, late = spans(self.edition.study, "lately")
        table = quads(View(self.edition.study), one.family, "lately", (early, late))
        cells = table.reindex([one.row]).to_numpy(dtype=int)
        subject = f"{one.family.rows}:{one.row}"
        now = self.claim(
            f"{one.family.name}.{one.row}.turn", one.family.kind, subject, "relative_growth",
            one.checks["turn"], label=self._name(one.family.rows, one.row, "lately"), unit="ratio",
            window=late, baseline=f"{early[0]}-{early[1]}", direction=-one.direction,
            test="Fisher", n=int(cells[0, :2].sum()),
            q=float(surprise.exact(cells)[0]),
        )  # fmt: skip
        values = {"late_first": self.claim.parameter("late_first", late[0]),
                  "late_last": self.claim.parameter("late_last", late[1]), "now": now}  # fmt: skip
        return Text(f"findings.check.turn_{'down' if one.direction > 0 else 'up'}", values)

    def _changed(self, name: str, changed: str) -> str:
        if name == "owner":
            return self._name("owner", changed)
        if name == "office":
            return self.edition.authority(changed)
        return self.edition.word(f"noun_{changed}") if name == "unit" else changed


def _course(one: Finding) -> str:
    """Key of the wording: faster or slower than the rest, and more or fewer than before."""
    if one.column == "lately":  # its spans differ in length: nothing is more or fewer
        return "lately.up" if one.direction > 0 else "lately.down"
    return f"pace.{_moved(one)}"


def _moved(one: Finding) -> str:
    if one.is_new and one.direction > 0:
        return "new" if one.without else "first"
    if not one.with_it:
        return "gone"
    if one.direction > 0:
        return "up" if one.with_it >= one.without else "faster"
    return "down" if one.with_it < one.without else "slower"


def _mention(one: Finding, kind: str) -> tuple[str, str]:
    """Clause of the answer, and how the subject is named in it."""
    family, _, course = kind.partition(".")
    pace = "named_times" if one.direction > 0 else "named_slow"
    if family == "pace" and one.is_new and one.direction > 0:
        return "new", "named_new"
    if family == "pace" and one.changed["turn"]:
        way = "down" if one.direction > 0 else "up"
        return f"turned_{way}", pace
    if family == "lately":
        return f"lately_{course}", pace
    if family == "pace":
        return ("gone", "named_gone") if course == "gone" else (course, pace)
    if family in _CLAUSES:
        return _CLAUSES[family]
    return kind.replace(".", "_"), "named_share"
