"""Reports whose claims are wrong on purpose: what `claims.check` finds, and what it finds untouched.

    python benchmarks/claims.py [--sample 400] [--least 500] [--city 900] [--only NAME] [--plant-only] [--list-only]

First every export of the data folder with at least LEAST records, by a random sample of SAMPLE of them
(0 takes all), and the synthetic city are built, and what the check finds is listed by section: a report
built with ``strict=True`` must find nothing. Then 48 errors of 24 kinds are planted, each alone, into
reports of the city and of one export; each must be found, by a violation that names a planted claim.
Exit code 1 where an error is missed or a report does not hold.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import random
import sys
import time
import warnings
from collections import Counter
from pathlib import Path

import patentnav as pnav
from patentnav import claims
from patentnav.claims import Claim, Sentence
from patentnav.report import Text

SHARED = Path(os.environ.get("PATENTNAV_SHARED", Path(__file__).parents[2] / "shared" / "data"))
SKIPPED = {"landscape_seed", "SOURCES.csv"}
PLANTED = ["city", "patentics/patentics_cn_virtual_reality_7805.csv"]
ERRORS = 48


def set_of(source: str, sample: int, city: int) -> pnav.PatentSet:
    """The city, or a random part of an export."""
    if source == "city":
        return pnav.datasets.city(city, 0).patents
    patents = pnav.read(SHARED / "exports" / source)
    ids = sorted(patents.publications.index)
    return (
        patents.filter(random.Random(0).sample(ids, sample)) if 0 < sample < len(ids) else patents
    )


def built(patents: pnav.PatentSet, lang: str, region: str | None = None):
    """A report, its study, its sentences and its tables."""
    study = pnav.Study(patents, region=region) if region else pnav.Study(patents)
    report = pnav.report.build(study, lang=lang)
    said = [
        Sentence(s.id, report.plain(b), b.claims, b.bare(lang), b.style == "finding")
        for s in report.sections for b in s.blocks
        if isinstance(b, Text) and not s.id.startswith(("summary.", "methods.limits"))
    ]  # fmt: skip
    tables = {t.id: t.whole.frame for s in report.sections for t in s.tables}
    return study, said, tables


def exports(least: int) -> list[str]:
    """Exports with enough records, smallest file first."""
    found = []
    for path in sorted((SHARED / "exports").rglob("*"), key=lambda p: (p.stat().st_size, p.name)):
        name = path.relative_to(SHARED / "exports")
        if not path.is_file() or SKIPPED & set(name.parts):
            continue
        try:
            if len(pnav.read(path)) >= least:
                found.append(name.as_posix())
        except pnav.PatentnavError as error:
            print(f"{name}: {error}", flush=True)
    return found


def listed(source: str, options: argparse.Namespace) -> int:
    """Print the violations of one report by section; how many there are."""
    started = time.monotonic()
    lang = "en" if source.startswith(("lens", "wipo", "vantagepoint", "kipris")) else "zh"
    try:
        study, said, tables = built(set_of(source, options.sample, options.city), lang)
    except pnav.PatentnavError as error:
        print(f"{source}: cannot be built: {error}", flush=True)
        return 1
    found = claims.check(said, study, tables)
    seconds = time.monotonic() - started
    total = sum(len(one.claims) for one in said)
    print(
        f"{source} ({lang}): {total} claims in {len(said)} sentences, {len(found)} violations, {seconds:.0f} s",
        flush=True,
    )
    section = {one.text: one.section for one in said}
    for (where, rule), count in sorted(
        Counter((section.get(v.sentences[0], "?"), v.rule) for v in found).items()
    ):
        example = next(v for v in found if v.rule == rule and section.get(v.sentences[0]) == where)
        print(
            f"    {where} {rule} x{count}: {example.message[:200]} | {example.sentences[0][:120]}",
            flush=True,
        )
    return len(found)


# Errors


class Planter:
    """Plants one error into the sentences of a report."""

    def __init__(self, study, said: list[Sentence], rng: random.Random) -> None:
        self.study, self.said, self.rng = study, said, rng
        unique = {c.id: c for one in said for c in one.claims}
        self.made = [c for c in unique.values() if c.kind != "parameter"]

    def some(self, test) -> Claim | None:
        """A claim of a kind."""
        held = [c for c in self.made if test(c)]
        return self.rng.choice(held) if held else None

    def replaced(self, claim: Claim | None, **changes) -> list[Sentence] | None:
        """All sentences with the claim changed wherever it stands."""
        if claim is None:
            return None
        new = dataclasses.replace(claim, **changes)
        return [dataclasses.replace(s, claims=tuple(new if c.id == claim.id else c for c in s.claims))
                for s in self.said]  # fmt: skip

    def added(self, claim: Claim, text: str = "planted") -> list[Sentence]:
        """All sentences and one more."""
        return [*self.said, Sentence("planted", text, (claim,))]

    # One method per kind; each returns sentences, or None where the report offers no place.

    def wrong_total(self):
        c = self.some(lambda c: c.measure == "units" and c.subject == "set" and c.value)
        return self.replaced(c, value=c.value + 1) if c else None

    def wrong_count(self):
        c = self.some(
            lambda c: c.kind == "count" and c.subject != "set" and isinstance(c.value, int | float)
        )
        return self.replaced(c, value=c.value + self.rng.choice([1, 2, -1])) if c else None

    def wrong_share(self):
        c = self.some(lambda c: c.kind == "share" and c.value)
        return self.replaced(c, value=c.value * 1.02) if c else None

    def wrong_rank(self):
        c = self.some(lambda c: c.kind == "rank" and c.value)
        if c:
            return self.replaced(c, value=c.value + 1)
        c = self.some(
            lambda c: (
                c.subject.startswith(("owner:", "authority:"))
                and "&" not in c.subject
                and c.measure == "units"
            )
        )
        return (
            self.added(
                dataclasses.replace(c, id="planted:rank", kind="rank", measure="rank", value=99)
            )
            if c
            else None
        )

    def wrong_leader(self):
        c = self.some(
            lambda c: (
                c.kind == "name" and c.measure == "largest" and c.details.get("facet") == "owner"
            )
        )
        if c is None:
            return None
        other = next(k for k in self.study.owner_names.index if k != c.value)
        return self.replaced(c, value=other, label=self.study.owner_names[other])

    def wrong_name_printed(self):
        c = self.some(
            lambda c: (
                c.subject.partition(":")[0] in {"owner", "technology"}
                and "&" not in c.subject
                and c.label
            )
        )
        if c is None:
            c = self.some(lambda c: c.kind == "name" and c.details.get("facet") == "owner")
        return self.replaced(c, label="Somebody Else Ltd") if c else None

    def wrong_year(self):
        c = self.some(lambda c: c.kind == "date" and isinstance(c.value, int | float))
        return self.replaced(c, value=c.value - 1) if c else None

    def swapped_sign(self):
        c = self.some(
            lambda c: (
                c.direction in {1, -1}
                and c.measure in {"rate", "change", "relative_growth", "course_direction"}
            )
        )
        return self.replaced(c, direction=-c.direction) if c else None

    def swapped_value(self):
        c = self.some(lambda c: c.measure in {"rate", "change", "course_direction"} and c.value)
        return self.replaced(c, value=-c.value) if c else None

    def other_chapter(self):
        c = self.some(
            lambda c: c.kind in {"count", "share"} and isinstance(c.value, int | float) and c.value
        )
        return (
            self.added(dataclasses.replace(c, id="planted:other", value=c.value * 1.1 + 1))
            if c
            else None
        )

    def other_direction(self):
        c = self.some(lambda c: c.direction in {1, -1} and c.kind == "trend")
        return (
            self.added(dataclasses.replace(c, id="planted:other", direction=-c.direction))
            if c
            else None
        )

    def unmerged_owner(self):
        """A party of a group where the group counts, under the name of the group."""
        c = self.some(
            lambda c: (
                c.subject.startswith("owner:")
                and "&" not in c.subject
                and c.measure == "units"
                and c.value
            )
        )
        return (
            self.replaced(c, subject="owner:P-PART-OF-IT", value=max(1.0, c.value - 2))
            if c
            else None
        )

    def wrong_window(self):
        c = self.some(
            lambda c: (
                c.window is not None
                and c.kind == "count"
                and c.measure == "units"
                and c.value
                and c.window[0] > 1990
            )
        )
        if c is None:
            c = self.some(lambda c: c.window is not None and c.kind == "trend")
            return self.replaced(c, window=(c.window[0], self.study.last_year + 2)) if c else None
        return self.replaced(c, window=(c.window[0] - 40, c.window[1] - 40))

    def open_years(self):
        c = self.some(lambda c: c.kind == "trend" and c.window is not None)
        return self.replaced(c, window=(c.window[0], self.study.last_year + 1)) if c else None

    def wrong_unit(self):
        c = self.some(lambda c: c.measure == "units" and c.unit == self.study.unit)
        return (
            self.replaced(c, unit="publication" if c.unit != "publication" else "family")
            if c
            else None
        )

    def wrong_rule(self):
        c = self.some(
            lambda c: (
                c.rule == "fractional"
                and c.kind in {"count", "share"}
                and c.measure in {"units", "share"}
            )
        )
        return self.replaced(c, rule="whole", value=c.value * 0.93) if c else None

    def recommendation(self, **support) -> list[Sentence] | None:
        """Advice on the first living owner, resting on one claim of these properties."""
        base = self.some(lambda c: c.kind == "count")
        rests = dataclasses.replace(
            base,
            id="planted:rests",
            kind="parameter",
            measure="parameter",
            direction=None,
            **support,
        )
        owner = next(iter(self.study.alive_owners))
        advice = Claim("planted:advice", "recommendation", f"owner:{owner}", "recommendation", "go",
                       label=self.study.owner_names[owner], rests_on=("planted:rests",))  # fmt: skip
        return [*self.said, Sentence("planted", "planted", (rests, advice))]

    def base_of_one(self):
        return self.recommendation(test="fisher", q=0.001, n=1)

    def untested_advice(self):
        return self.recommendation(test="fisher", q=0.4, n=40)

    def advice_on_nothing(self):
        owner = next(iter(self.study.alive_owners))
        return self.added(
            Claim("planted:advice", "recommendation", f"owner:{owner}", "recommendation", "go")
        )

    def stale_partner(self):
        dead = [o for o in self.study.owner_names.index if o not in self.study.alive_owners]
        said = self.recommendation(test="fisher", q=0.001, n=40)
        if not dead or said is None:
            return None
        last = said[-1]
        rests, advice = last.claims
        advice = dataclasses.replace(
            advice, subject=f"owner:{dead[0]}", label=self.study.owner_names[dead[0]]
        )
        return [*said[:-1], dataclasses.replace(last, claims=(rests, advice))]

    def remainder(self):
        if not len(self.study.remainders):
            return None
        said = self.recommendation(test="fisher", q=0.001, n=40)
        rests, advice = said[-1].claims
        key = next(iter(self.study.remainders))
        advice = dataclasses.replace(advice, subject=f"technology:{key}", label="")
        return [*said[:-1], dataclasses.replace(said[-1], claims=(rests, advice))]

    def bare_number(self):
        one = self.rng.choice([s for s in self.said if s.finding and s.claims])
        return [*self.said, dataclasses.replace(one, section="planted", bare=("n",))]

    def no_probability(self):
        c = self.some(lambda c: c.kind in {"trend", "count"})
        return self.replaced(c, q=0.01, test="") if c else None

    def chapter_against_workbook(self):
        c = self.some(
            lambda c: (
                any(e.count("/") >= 2 and e.endswith("q_value") for e in c.evidence)
                and c.q is not None
            )
        )
        return self.replaced(c, q=min(1.0, c.q * 3 + 0.1)) if c else None

    def planted_ids(self, said: list[Sentence]) -> set[str]:
        """Claims that differ from the untouched report."""
        before = {
            (c.id, str(c)) + tuple(map(str, c.row().values())) for s in self.said for c in s.claims
        }
        return {c.id for s in said for c in s.claims
                if (c.id, str(c)) + tuple(map(str, c.row().values())) not in before}  # fmt: skip


KINDS = [
    "wrong_total", "wrong_count", "wrong_share", "wrong_rank", "wrong_leader", "wrong_name_printed",
    "wrong_year", "swapped_sign", "swapped_value", "other_chapter", "other_direction", "unmerged_owner",
    "wrong_window", "open_years", "wrong_unit", "wrong_rule", "base_of_one", "untested_advice",
    "advice_on_nothing", "stale_partner", "remainder", "bare_number", "no_probability",
    "chapter_against_workbook",
]  # fmt: skip


def _around(planter: Planter, wrong: list[Sentence]) -> list[Sentence]:
    """The changed sentences, and those that speak of the same subjects."""
    ids = planter.planted_ids(wrong)
    changed = [
        one for one in wrong if one.section == "planted" or any(c.id in ids for c in one.claims)
    ]
    subjects = {c.subject for one in changed for c in one.claims}
    others = [
        one
        for one in wrong
        if one not in changed and any(c.subject in subjects for c in one.claims)
    ]
    return [*others[:5], *changed]


def planted(options: argparse.Namespace) -> int:
    """Plant errors in turn until there are enough; how many were missed."""
    reports = []
    for source in PLANTED:
        study, said, tables = built(set_of(source, options.sample or 900, options.city), "zh")
        reports.append((source, study, said, tables))
    known = {source: {str(v) for v in claims.check(said, study, tables)}
             for source, study, said, tables in reports}  # fmt: skip
    done = missed = 0
    rng = random.Random(0)
    for kind in KINDS * 3:
        for source, study, said, tables in reports:
            if done == ERRORS:
                break
            planter = Planter(study, said, rng)
            wrong = getattr(planter, kind)()
            if wrong is None:
                continue
            # Only the sentences with the error and those of the same claims: the rest could but show more.
            wrong = _around(planter, wrong)
            found = [v for v in claims.check(wrong, study, tables) if str(v) not in known[source]]
            ids = planter.planted_ids(wrong)
            caught = [v for v in found if any(i in v.message for i in ids) or kind == "bare_number"]
            done += 1
            missed += not caught
            print(
                f"  {kind} in {Path(source).name}: "
                + (
                    f"{caught[0].rule}: {caught[0].message[:110]}"
                    if caught
                    else f"MISSED {sorted(ids)[:3]}"
                ),
                flush=True,
            )
    print(f"planted {done}, found {done - missed}", flush=True)
    return missed


def main() -> int:
    """List, plant, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--least", type=int, default=500)
    parser.add_argument("--city", type=int, default=900)
    parser.add_argument("--only", default="", help="part of the name of the export")
    parser.add_argument("--plant-only", action="store_true")
    parser.add_argument("--list-only", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    wrong = 0
    if not options.plant_only:
        sources = [s for s in ["city", *exports(options.least)] if options.only in s]
        wrong = sum(listed(source, options) for source in sources)
        print(f"{len(sources)} reports, {wrong} violations")
    if not options.list_only:
        wrong += planted(options)
    return 0 if not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
