"""Measure the classification into the ten industries on hand-labelled real records.

    python benchmarks/industries.py                  # all figures
    python benchmarks/industries.py --fit            # and the weights fitted to all labels

Weights are judged by cross-validation (10 folds, 4 repeats, weights fitted on the other folds);
the text model never sees a labelled record, nor one with the same title. Figures of the shipped
weights through the public calls stand beside them.
"""

from __future__ import annotations

import argparse
import dataclasses
import re
import time
import warnings
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from train_industries import Teacher, held_back, labels, plain, sets

import patentnav as pnav
from patentnav import taxonomy as taxonomies
from patentnav.classify import combine, learning
from patentnav.classify.evidence import Evidence, gather
from patentnav.classify.textmodel import hashed, shipped

FOLDS, REPEATS = 10, 4
RIDGE, TOWARDS = 0.004, 0.5
BEGIN = 60  # letters by which a title that was cut short is found
FIXED = {"applicant": 0.15}  # weak evidence by intent: too few labels tell its weight
ALSO = 0.15  # part of a target that goes to further industries
KINDS = {
    "classes_and_text": ("classes", "text", "objects", "specific"),
    "text": ("text", "objects", "specific"),
    "rules": ("classes", "objects", "keywords", "specific"),
}


@dataclasses.dataclass
class Case:
    """The labelled records of one regime: what the model knows of them and what is true."""

    terms: dict[str, np.ndarray]
    forbidden: np.ndarray
    classed: np.ndarray
    truth: pd.DataFrame
    nodes: list[str]

    def targets(self) -> np.ndarray:
        """Part of every node in the label: primaries share 0.85, further industries 0.15."""
        table = np.zeros((len(self.truth), len(self.nodes)))
        for row, (primary, also) in enumerate(
            zip(self.truth.primary, self.truth.also, strict=True)
        ):
            first, more = primary.split("|"), also.split("|") if isinstance(also, str) else []
            for names, part in ((first, 1 - ALSO if more else 1.0), (more, ALSO)):
                for name in names:
                    table[row, self.nodes.index(name)] += part / len(names)
        return table

    def stack(self, kind: str) -> np.ndarray:
        """Terms of a kind of evidence: records x nodes x terms."""
        return np.stack([self.terms[name] for name in KINDS[kind]], axis=-1)

    def fixed(self) -> np.ndarray:
        """Part of the logit whose weights are not fitted."""
        return sum(weight * self.terms[name] for name, weight in FIXED.items())

    def chances(self, kind: str, weights: np.ndarray) -> np.ndarray:
        """Probabilities with some weights."""
        logit = self.stack(kind) @ weights + self.fixed()
        raised = np.where(self.forbidden, 0.0, np.exp(logit - logit.max(axis=1, keepdims=True)))
        return raised / raised.sum(axis=1, keepdims=True)


def fit(case: Case, kind: str, rows: np.ndarray) -> np.ndarray:
    """Weights of a conditional logit: cross-entropy with a ridge towards 0.5."""
    stack, target = case.stack(kind)[rows], case.targets()[rows]
    barred = np.where(case.forbidden[rows], -30.0, case.fixed()[rows])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        logit = stack @ weights + barred
        raised = np.exp(logit - logit.max(axis=1, keepdims=True))
        chance = raised / raised.sum(axis=1, keepdims=True)
        entropy = -(target * np.log(np.maximum(chance, 1e-12))).sum() / len(target)
        slope = np.einsum("nk,nkj->j", (chance - target) / len(target), stack)
        away = weights - TOWARDS
        return entropy + RIDGE * (away**2).sum(), slope + 2 * RIDGE * away

    start = np.full(stack.shape[-1], TOWARDS)
    return minimize(loss, start, jac=True, method="L-BFGS-B").x


def crossvalidated(case: Case, *, text_only: bool) -> list[np.ndarray]:
    """Probabilities of every record by weights fitted without its fold, per repeat."""
    results = []
    kinds = {"text"} if text_only else {"classes_and_text", "text"}
    for repeat in range(REPEATS):
        fold = np.random.default_rng(repeat).permutation(len(case.truth)) % FOLDS
        chance = np.zeros((len(case.truth), len(case.nodes)))
        for k in range(FOLDS):
            for kind in kinds:
                learnt = fold != k
                if not text_only:
                    learnt &= case.classed if kind == "classes_and_text" else ~case.classed
                    learnt = learnt if learnt.sum() >= 50 else fold != k
                judged = (fold == k) & (text_only | (case.classed == (kind == "classes_and_text")))
                chance[judged] = case.chances(kind, fit(case, kind, learnt))[judged]
        results.append(chance)
    return results


def scores(case: Case, chance: np.ndarray) -> dict[str, float]:
    """All figures of one table of probabilities."""
    truth, nodes = case.truth, np.array(case.nodes)
    said, sure = nodes[chance.argmax(axis=1)], chance.max(axis=1)
    primaries = truth.primary.str.split("|")
    hit = np.array([s in p for s, p in zip(said, primaries, strict=True)])
    every = (truth.primary + "|" + truth.also.fillna("")).str.split("|")
    any_hit = np.array([s in e for s, e in zip(said, every, strict=True)])
    recalls, precisions = {}, {}
    for node in case.nodes[:-1]:
        recalls[node] = hit[(primaries.str[0] == node).to_numpy()].mean()
        precisions[node] = hit[said == node].mean() if (said == node).any() else np.nan
    stated = (sure >= pnav.classify.SURE) & (said != "none")
    certainty = np.where(said == "none", 0.0, sure)
    tenth = certainty > np.quantile(certainty, 0.10)
    figures = {
        "all": hit.mean(), "all any": any_hit.mean(),
        "classes": hit[case.classed].mean() if case.classed.any() else np.nan,
        "classes any": any_hit[case.classed].mean() if case.classed.any() else np.nan,
        "title only": hit[~case.classed].mean(),
        "macro recall": np.mean(list(recalls.values())),
        "default abstains": 1 - stated.mean(), "default accuracy": hit[stated].mean(),
        "10 % abstained": hit[tenth].mean(), "10 % abstained any": any_hit[tenth].mean(),
        "ece": calibration_error(sure, hit),
    }  # fmt: skip
    figures |= {f"recall {n}": r for n, r in recalls.items()}
    return figures | {f"precision {n}": p for n, p in precisions.items()}


def calibration_error(sure: np.ndarray, hit: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width."""
    place = np.minimum((sure * bins).astype(int), bins - 1)
    return sum(
        (place == b).mean() * abs(sure[place == b].mean() - hit[place == b].mean())
        for b in np.unique(place)
    )


class Bench:
    """Sets, labels and models."""

    def __init__(self) -> None:
        self.tree = taxonomies.load("jinan-ten")
        self.truth = labels()
        self.banned = set(self.truth["title"].map(plain))
        found = sets()
        self.teacher = Teacher(found, self.banned)
        self.sets = {name: found[name] for name in self.truth["file"].unique()}
        self.truth["id"] = ""
        for name, patents in self.sets.items():
            rows = self.truth["file"] == name
            self.truth.loc[rows, "id"] = find(self.truth[rows], patents)
        self.truth = self.truth[self.truth["id"] != ""].reset_index(drop=True)
        self.evidence: dict[tuple[str, bool], Evidence] = {}

    def gathered(self, name: str, *, text_only: bool) -> Evidence:
        """Evidence of a whole file, gathered once."""
        if (name, text_only) not in self.evidence:
            patents = self.sets[name]
            self.evidence[name, text_only] = gather(
                bare(patents) if text_only else patents, self.tree
            )
        return self.evidence[name, text_only]

    def case(self, *, text_only: bool = False, leave_out: bool = False, alone: int = 0) -> Case:
        """Collect the terms of the labelled records, every file by its own model."""
        parts, order = [], []
        for name, patents in self.sets.items():
            rows = self.truth[self.truth["file"] == name]
            evidence = self.gathered(name, text_only=text_only)
            begun = self.teacher.model(without=name) if leave_out else shipped("jinan-ten")
            model = begun
            if not leave_out and not alone:
                banned = held_back(patents, self.banned)
                model = learning.learn(evidence, self.tree, start=begun, without=banned) or begun
            at = evidence.index.get_indexer(rows["id"])
            texts = evidence.texts.iloc[at].fillna("")
            posterior = np.full(evidence.classes.shape, np.nan)
            posterior[at] = model.posterior(hashed(texts["title"] + " . " + texts["abstract"]))
            terms = combine.terms(evidence, posterior)
            classed = evidence.classes.any(axis=1)
            parts.append(
                ({k: v[at] for k, v in terms.items()}, evidence.forbidden[at], classed[at])
            )
            order.append(rows)
            self.nodes = list(evidence.nodes)
        terms = {k: np.concatenate([p[0][k] for p in parts]) for k in parts[0][0]}
        forbidden, classed = (np.concatenate([p[i] for p in parts]) for i in (1, 2))
        return Case(terms, forbidden, classed, pd.concat(order, ignore_index=True), self.nodes)


def bare(patents: pnav.PatentSet) -> pnav.PatentSet:
    """A set without its classes."""
    names = [t for t in patents.tables if t != "classifications"]
    return pnav.PatentSet({name: getattr(patents, name) for name in names})


def find(rows: pd.DataFrame, patents: pnav.PatentSet) -> list[str]:
    """Ids of labelled records in a set: by number, else by title; empty where not read."""
    index = patents.publications.index
    by_number = {re.sub(r"[^A-Z0-9]", "", i): i for i in index}
    titles = patents.publications["title"].rename("text").reset_index()
    if patents.has("texts"):
        more = patents.texts.loc[patents.texts["field"] == "title", ["publication_id", "text"]]
        titles = pd.concat([titles, more])
    by_title = dict(zip(titles["text"].map(plain), titles["publication_id"], strict=True))
    by_begin = {title[:BEGIN]: i for title, i in by_title.items() if len(title) >= BEGIN}
    found = []
    for row in rows.itertuples():
        number, title = re.sub(r"[^A-Z0-9]", "", row.publication), plain(row.title)
        ways = (
            by_number.get(number),
            by_title.get(title),
            by_begin.get(title[:BEGIN]),
            next((i for t, i in by_title.items() if len(t) > 12 and title.endswith(t)), None),
        )
        found.append(next((i for i in ways if i is not None), ""))
    return found


def show(name: str, case: Case, tables: list[np.ndarray]) -> pd.Series:
    """Print one line of figures, the mean over repeats."""
    figures = pd.DataFrame([scores(case, t) for t in tables]).mean()
    line = "  ".join(
        f"{k} {v:.3f}" for k, v in figures.items() if "recall " not in k and "precision" not in k
    )
    print(f"{name}: {line}  macro recall {figures['macro recall']:.3f}", flush=True)
    return figures


def public_figures(bench: Bench) -> None:
    """Figures of the package as shipped, by its public calls on whole files."""
    hits: list[dict[str, Any]] = []
    for name, patents in bench.sets.items():
        rows = bench.truth[bench.truth["file"] == name]
        start = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pnav.CoverageWarning)
            members = pnav.classify.memberships(patents)
        chance = pnav.classify.probabilities(patents).fillna(0.0)
        best, sure = chance.idxmax(axis=1), chance.max(axis=1)
        seconds = time.perf_counter() - start
        print(f"  {name}: {len(patents)} publications, {seconds:.1f} s", flush=True)
        of = members.groupby("publication_id")["industry"].agg(set)
        for row in rows.itertuples():
            true = set(row.primary.split("|")) | (
                set(row.also.split("|")) if isinstance(row.also, str) else set()
            )
            stated = of.get(row.id, set()) or {"none"}
            said = best[row.id]
            clear = said != "none" and sure[row.id] >= pnav.classify.SURE
            hits.append(
                {
                    "hit": said in row.primary.split("|"),
                    "clear": clear,
                    "any": said in true,
                    "right": len(stated & true),
                    "stated": len(stated),
                    "true": len(true),
                }
            )
    table = pd.DataFrame(hits)
    precision, recall = table.right.sum() / table.stated.sum(), table.right.sum() / table.true.sum()
    print(
        f"public calls on whole files (labels were used to fit the weights): primary "
        f"{table.hit.mean():.3f}, any {table['any'].mean():.3f}; stated by default and right "
        f"{(table.hit & table.clear).mean():.3f} of all, {table.hit[table.clear].mean():.3f} of the "
        f"{table.clear.mean():.3f} stated; memberships precision "
        f"{precision:.3f}, recall {recall:.3f}"
    )


def small_set(bench: Bench) -> None:
    """The shipped model alone: sets of 50 labelled records, too small to learn from."""
    order = bench.truth.sample(frac=1.0, random_state=0)
    hit = []
    for begin in range(0, len(order), 50):
        rows = order.iloc[begin : begin + 50]
        parts = [bench.sets[f].filter(g["id"].unique()) for f, g in rows.groupby("file")]
        patents = pnav.concat(parts)
        best = pnav.classify.industries(patents, min_probability=0.0)
        hit += [
            (best[r.id] if isinstance(best[r.id], str) else "none") in r.primary.split("|")
            for r in rows.itertuples()
        ]
    print(f"sets of 50 through the public call: primary {np.mean(hit):.3f}")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fit", action="store_true")
    arguments = parser.parse_args()
    bench = Bench()
    print(f"{len(bench.truth)} of {len(labels())} labelled records found in the files read")
    case = bench.case()
    figures = show("all evidence, cross-validated", case, crossvalidated(case, text_only=False))
    text = bench.case(text_only=True)
    show("text only, cross-validated", text, crossvalidated(text, text_only=True))
    if arguments.fit:
        everything = np.ones(len(case.truth), dtype=bool)
        for kind, of, rows in (
            ("classes_and_text", case, case.classed), ("text", text, everything),
            ("rules", case, everything),
        ):  # fmt: skip
            print(kind, dict(zip(KINDS[kind], fit(of, kind, rows).round(2).tolist(), strict=True)))
    alone = bench.case(alone=True)
    show("shipped model alone, cross-validated", alone, crossvalidated(alone, text_only=False))
    away = bench.case(leave_out=True)
    show("without the judged file in training", away, crossvalidated(away, text_only=False))
    small_set(bench)
    public_figures(bench)
    per_node = {n: (figures[f"precision {n}"], figures[f"recall {n}"]) for n in case.nodes[:-1]}
    print(pd.DataFrame(per_node, index=["precision", "recall"]).T.round(2).to_string())


if __name__ == "__main__":
    main()
