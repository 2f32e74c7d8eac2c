"""Measure the classification into the ten industries on hand-labelled real records.

    python benchmarks/industries.py                  # all figures
    python benchmarks/industries.py --fit            # and the weights fitted to all labels

Every record is judged by weights that were fitted without its whole file; so is the threshold from
which an industry counts as served, and the shared text model (the one of the judged set goes on
from a model that never saw it). No labelled record, nor one with the same title, is learnt from.
Records that serve one industry and records that serve several are shown apart, with the interval
that 95 of 100 draws of the files with replacement give. Figures of the package as shipped, by its
public calls, stand beside them.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import re
import time
import warnings
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from train_industries import (
    OWN_LABELS,
    Teacher,
    held_back,
    labelled_titles,
    labels,
    plain,
    sets,
)  # fmt: skip

import patentnav as pnav
from patentnav import taxonomy as taxonomies
from patentnav.classify import combine, learning
from patentnav.classify.evidence import Evidence, gather
from patentnav.classify.textmodel import hashed, shipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from patentnav.classify.textmodel import TextModel

RIDGE, TOWARDS = 0.004, 0.5
SERVED_RIDGE = 10.0
BEGIN = 60  # letters by which a title that was cut short is found
FEWEST = 50  # labelled records from which weights are fitted for a kind of evidence of their own
DRAWS = 1000
# Weak by intent, as too few labels tell its weight; and what Bayes' rule gives for the set's shares.
FIXED = {"applicant": 0.15, "set": 1.0}
SET_WEIGHTS = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.3, 1.6)
ALSO = 0.15  # part of a target that goes to further industries
KINDS = {
    "classes_and_text": ("classes", "text", "objects", "specific"),
    "text": ("text", "objects", "specific"),
    "rules": ("classes", "objects", "keywords", "specific"),
}
SERVED = ("first", "classes", "text", "set")
THRESHOLDS = np.arange(0.2, 0.5, 0.05)


@dataclasses.dataclass
class Case:
    """The labelled records of one regime: what the model knows of them and what is true."""

    terms: dict[str, np.ndarray]
    forbidden: np.ndarray
    classed: np.ndarray
    truth: pd.DataFrame
    nodes: list[str]

    def __post_init__(self) -> None:
        primary, also = self.truth["primary"], self.truth["also"].fillna("")
        self.first = np.array([[n in p.split("|") for n in self.nodes] for p in primary])
        more = np.array([[n in a.split("|") for n in self.nodes] for a in also])
        self.all = self.first | more
        self.several = self.all.sum(axis=1) > 1
        self.files = self.truth["file"].to_numpy(dtype=str)

    def targets(self) -> np.ndarray:
        """Part of every node in the label: primaries share 0.85, further industries 0.15."""
        more = self.all & ~self.first
        part = np.where(more.any(axis=1, keepdims=True), 1 - ALSO, 1.0)
        table = self.first * part / self.first.sum(axis=1, keepdims=True)
        return table + more * ALSO / np.maximum(more.sum(axis=1, keepdims=True), 1)

    def stack(self, kind: str) -> np.ndarray:
        """Terms of a kind of evidence: records x nodes x terms."""
        return np.stack([self.terms[name] for name in KINDS[kind]], axis=-1)

    def fixed(self, of_the_set: float = FIXED["set"]) -> np.ndarray:
        """Part of the logit whose weights are not fitted."""
        return FIXED["applicant"] * self.terms["applicant"] + of_the_set * self.terms["set"]

    def chances(
        self, kind: str, weights: np.ndarray, of_the_set: float = FIXED["set"]
    ) -> np.ndarray:
        """Probabilities of the first place with some weights."""
        logit = self.stack(kind) @ weights + self.fixed(of_the_set)
        raised = np.where(self.forbidden, 0.0, np.exp(logit - logit.max(axis=1, keepdims=True)))
        return raised / raised.sum(axis=1, keepdims=True)

    def served_terms(self, first: np.ndarray) -> np.ndarray:
        """Terms of the chance that a node is served, a column of ones last."""
        found = self.terms | {"first": np.log(first + combine.FIRST_FLOOR)}
        return np.stack([*(found[n] for n in SERVED), np.ones_like(first)], axis=-1)


def fit(case: Case, kind: str, rows: np.ndarray, of_the_set: float = FIXED["set"]) -> np.ndarray:
    """Weights of a conditional logit: cross-entropy with a ridge towards 0.5."""
    stack, target = case.stack(kind)[rows], case.targets()[rows]
    barred = np.where(case.forbidden[rows], -30.0, case.fixed(of_the_set)[rows])

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


def fit_served(case: Case, first: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Weights of the logistic function of being served, the intercept last."""
    stack = case.served_terms(first)[rows].reshape(-1, len(SERVED) + 1)
    served = case.all[rows].ravel()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        logit = stack @ weights
        chance = 1 / (1 + np.exp(-logit))
        entropy = np.logaddexp(0, logit).sum() - logit[served].sum()
        penalised = np.append(weights[:-1], 0.0)
        slope = stack.T @ (chance - served) + SERVED_RIDGE * penalised
        return entropy + SERVED_RIDGE * (penalised**2).sum() / 2, slope

    return minimize(loss, np.zeros(stack.shape[1]), jac=True, method="L-BFGS-B").x


def served_chances(case: Case, first: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Probabilities of being served with some weights."""
    chance = 1 / (1 + np.exp(-(case.served_terms(first) @ weights)))
    return np.where(case.forbidden, 0.0, chance)


def kinds_of(case: Case, *, text_only: bool) -> np.ndarray:
    """Kind of evidence of every record."""
    return np.where(case.classed & (not text_only), "classes_and_text", "text")


def first_chances(
    case: Case, kind_of: np.ndarray, others: np.ndarray, of_the_set: float = FIXED["set"]
) -> tuple[np.ndarray, np.ndarray]:
    """Chances of the first place by weights from some records, with and without the set's shares."""
    first, bare = np.zeros(case.first.shape), np.zeros(case.first.shape)
    for kind in np.unique(kind_of):
        learnt = others & (kind_of == kind)
        learnt = learnt if learnt.sum() >= FEWEST else others
        rows = kind_of == kind
        weights = fit(case, kind, learnt, of_the_set)
        first[rows] = case.chances(kind, weights, of_the_set)[rows]
        bare[rows] = case.chances(kind, weights, 0.0)[rows]
    return first, bare


def without_the_file(
    case: Case, *, text_only: bool, of_the_set: dict[str, float] | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Chances of the first place and of being served, and what is taken as served.

    Every record by weights and a threshold from the other files; ``of_the_set``: weight of the set's
    shares by file.
    """
    shape = case.first.shape
    first, served, taken = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
    kind_of = kinds_of(case, text_only=text_only)
    for file in np.unique(case.files):
        others = case.files != file
        weight = FIXED["set"] if of_the_set is None else of_the_set[file]
        inner, bare = first_chances(case, kind_of, others, weight)
        serving = served_chances(case, bare, fit_served(case, bare, others))
        best = max(THRESHOLDS, key=lambda t: _f1(case, members(inner, serving, t), others))
        here = ~others
        first[here], served[here] = inner[here], serving[here]
        taken[here] = members(inner, serving, best)[here]
    return first, served, taken


def nested_set_weights(case: Case, *, text_only: bool) -> dict[str, float]:
    """Weight of the set's shares by file: of least log loss on all other files, each left out too."""
    kind_of, files = kinds_of(case, text_only=text_only), np.unique(case.files)
    loss = {(file, weight): 0.0 for file in files for weight in SET_WEIGHTS}
    for weight in SET_WEIGHTS:
        for one, other in itertools.combinations(files, 2):
            rows = (case.files != one) & (case.files != other)
            first = first_chances(case, kind_of, rows, weight)[0]
            lost = -np.log(np.maximum((first * case.first).sum(axis=1), 1e-6))
            loss[one, weight] += lost[case.files == other].sum()
            loss[other, weight] += lost[case.files == one].sum()
    return {file: min(SET_WEIGHTS, key=lambda w: loss[file, w]) for file in files}


def members(first: np.ndarray, served: np.ndarray, threshold: float) -> np.ndarray:
    """Nodes that count as served: those from a threshold, and the first one always."""
    best = np.eye(first.shape[1], dtype=bool)[first.argmax(axis=1)]
    return best | (served >= threshold)


def _f1(case: Case, taken: np.ndarray, rows: np.ndarray) -> float:
    right = (taken[rows] & case.all[rows]).sum()
    return 2 * right / (taken[rows].sum() + case.all[rows].sum())


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
        found = sets()
        self.banned = labelled_titles(self.truth, found)
        self.teacher = Teacher(found, self.banned)
        self.sets = {name: found[name] for name in self.truth["file"].unique()}
        self.truth["id"] = ""
        for name, patents in self.sets.items():
            rows = self.truth["file"] == name
            self.truth.loc[rows, "id"] = find(self.truth[rows], patents)
        self.truth = self.truth[self.truth["id"] != ""].reset_index(drop=True)
        self.evidence: dict[tuple[str, bool], Evidence] = {}
        self.away: dict[str, TextModel] = {}

    def gathered(self, name: str, *, text_only: bool) -> Evidence:
        """Evidence of a whole file, gathered once."""
        if (name, text_only) not in self.evidence:
            patents = self.sets[name]
            self.evidence[name, text_only] = gather(
                bare(patents) if text_only else patents, self.tree
            )
        return self.evidence[name, text_only]

    def without(self, name: str) -> TextModel:
        """The shared model of all files but one, trained once."""
        if name not in self.away:
            self.away[name] = self.teacher.model(without=name)
        return self.away[name]

    def case(self, *, text_only: bool = False, away: bool = True, alone: bool = False) -> Case:
        """Collect the terms of the labelled records, every file by its own model.

        ``away``: the shared model never saw the file; ``alone``: it does not learn from it either.
        """
        parts, order = [], []
        for name, patents in self.sets.items():
            rows = self.truth[self.truth["file"] == name]
            evidence = self.gathered(name, text_only=text_only)
            begun = self.without(name) if away else shipped("jinan-ten")
            model = begun
            if not alone:
                banned = held_back(patents, self.banned)
                model = learning.learn(evidence, self.tree, start=begun, without=banned) or begun
            at = evidence.index.get_indexer(rows["id"])
            texts = evidence.texts.iloc[at].fillna("")
            posterior = np.full(evidence.classes.shape, np.nan)
            posterior[at] = model.posterior(hashed(texts["title"] + " . " + texts["abstract"]))
            terms = combine.terms(evidence, posterior, self.tree.usual)
            unread = np.isnan(posterior).any(axis=1, keepdims=True)
            floor = np.log(1 / len(evidence.nodes) + combine.TEXT_FLOOR)
            terms["text"] = np.where(unread, floor, terms["text"])
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
        ways = [by_number.get(number)]
        if title:
            ways += [
                by_title.get(title),
                by_begin.get(title[:BEGIN]),
                next((i for t, i in by_title.items() if len(t) > 12 and title.endswith(t)), None),
            ]
        found.append(next((i for i in ways if i is not None), ""))
    return found


def hits(case: Case, first: np.ndarray) -> pd.DataFrame:
    """Per record: whether the first, one of the first two, and any label are right."""
    order, rows = np.argsort(-first, axis=1, kind="stable"), np.arange(len(first))
    right = case.first[rows, order[:, 0]]
    return pd.DataFrame({
        "first": right, "two": right | case.first[rows, order[:, 1]],
        "any": case.all[rows, order[:, 0]], "sure": first.max(axis=1),
    })  # fmt: skip


def interval(case: Case, value: Callable[[np.ndarray], float]) -> str:
    """What 95 of 100 draws of the files with replacement give."""
    draw = np.random.default_rng(0)
    names = np.unique(case.files)
    rows = {name: np.flatnonzero(case.files == name) for name in names}
    drawn = [
        value(np.concatenate([rows[n] for n in draw.choice(names, len(names))]))
        for _ in range(DRAWS)
    ]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return f"({low:.3f} to {high:.3f})"


def show(name: str, case: Case, tables: tuple[np.ndarray, np.ndarray, np.ndarray]) -> pd.DataFrame:
    """Print the figures of one regime; return the hits."""
    first, served, taken = tables
    found = hits(case, first)
    groups = {
        "all": np.ones(len(found), dtype=bool), "one industry": ~case.several,
        "several industries": case.several, "drawn at random": case.truth["drawn"].to_numpy(bool),
    }  # fmt: skip
    print(f"\n{name}")
    for group, rows in groups.items():
        line = []
        for column in ("first", "two", "any"):
            of = found[column].to_numpy(float)
            spread = interval(case, lambda i, of=of, rows=rows: of[i][rows[i]].mean())
            line.append(f"{column} {of[rows].mean():.3f} {spread}")
        f1 = interval(case, lambda i, rows=rows: _f1(case, taken, i[rows[i]]))
        print(f"  {group}, {rows.sum()}: {', '.join(line)}, served F1 "
              f"{_f1(case, taken, rows):.3f} {f1}")  # fmt: skip
    likely = served >= 0.1
    print(
        f"  calibration error: first place {calibration_error(found['sure'], found['first']):.3f}, "
        f"served {calibration_error(served.ravel(), case.all.ravel()):.3f}, "
        f"served from 0.1 {calibration_error(served[likely], case.all[likely]):.3f}"
    )
    top = np.sort(first, axis=1)
    lead = top[:, -1] - top[:, -2]
    clear = lead >= pnav.classify.LEAD
    print(
        f"  lead of {pnav.classify.LEAD} and more: {clear.mean():.3f} of the records, first right "
        f"{found['first'][clear].mean():.3f}; else {found['first'][~clear].mean():.3f}, one of "
        f"the two shown {found['two'][~clear].mean():.3f}",
        flush=True,
    )
    return found


def by_node(case: Case, tables: tuple[np.ndarray, np.ndarray, np.ndarray]) -> pd.DataFrame:
    """Precision and recall of every industry, as first and among all served."""
    first, _, taken = tables
    said = np.eye(len(case.nodes), dtype=bool)[first.argmax(axis=1)]
    rows = {}
    for at, node in enumerate(case.nodes):
        values = []
        for stated, true in ((said, case.first), (taken, case.all)):
            right = (stated[:, at] & true[:, at]).sum()
            values += [right / max(stated[:, at].sum(), 1), right / max(true[:, at].sum(), 1)]
        rows[node] = [int(case.all[:, at].sum()), *np.round(values, 2)]
    columns = ["labels", "P first", "R first", "P served", "R served"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def agreement() -> None:
    """Print how far the two readings of the drawn records agree."""
    table = pd.read_csv(OWN_LABELS, dtype=str)
    one, two = ([r.split("/") for r in table[f"reading_{i}"]] for i in (1, 2))
    firsts = [set(a[0].split("|")) & set(b[0].split("|")) for a, b in zip(one, two, strict=True)]
    alls = [tuple(set("|".join(r).split("|")) for r in pair) for pair in zip(one, two, strict=True)]
    common = sum(len(a & b) for a, b in alls)
    both = sum(len(a) + len(b) for a, b in alls)
    print(
        f"two readings of {len(table)} records: a first label in common "
        f"{np.mean([bool(f) for f in firsts]):.3f}, all labels F1 {2 * common / both:.3f}"
    )


def public_figures(bench: Bench) -> None:
    """Figures of the package as shipped, by its public calls on whole files."""
    rows: list[dict[str, Any]] = []
    unknown = 0
    for name, patents in bench.sets.items():
        start = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pnav.CoverageWarning)
            found = pnav.classify.memberships(patents)
            leading = pnav.classify.leading(patents)
        seconds = time.perf_counter() - start
        print(f"  {name}: {len(patents)} publications, {seconds:.1f} s", flush=True)
        told = patents.publications["title"].notna()
        if patents.has("classifications"):
            told |= told.index.isin(patents.classifications["publication_id"])
        unknown += int(leading["first"][told].isna().sum())
        of = found.groupby("publication_id")["industry"].agg(set)
        for row in bench.truth[bench.truth["file"] == name].itertuples():
            firsts = set(row.primary.split("|"))
            true = firsts | (set(row.also.split("|")) if isinstance(row.also, str) else set())
            stated, said = of.get(row.id, set()) or {"none"}, leading.loc[row.id]
            rows.append({
                "first": said["first"] in firsts, "any": said["first"] in true,
                "two": said["first"] in firsts or said["second"] in firsts,
                "several": len(true) > 1, "right": len(stated & true),
                "sizes": len(stated) + len(true),
            })  # fmt: skip
    table = pd.DataFrame(rows)
    print("\nas shipped, by the public calls on whole files (weights were fitted on these labels)")
    for group, part in (
        ("all", table), ("one industry", table[~table["several"]]),
        ("several industries", table[table["several"]]),
    ):  # fmt: skip
        print(f"  {group}, {len(part)}: first {part['first'].mean():.3f}, two "
              f"{part['two'].mean():.3f}, any {part['any'].mean():.3f}, served F1 "
              f"{2 * part['right'].sum() / part['sizes'].sum():.3f}")  # fmt: skip
    print(f"  publications with a title or a class and no answer: {unknown}")


def small_set(bench: Bench) -> None:
    """The shipped model alone: sets of 50 labelled records, too small to learn from."""
    order = bench.truth.sample(frac=1.0, random_state=0)
    hit = []
    for begin in range(0, len(order), 50):
        rows = order.iloc[begin : begin + 50]
        parts = [bench.sets[f].filter(g["id"].unique()) for f, g in rows.groupby("file")]
        best = pnav.classify.industries(pnav.concat(parts))
        hit += [best.get(r.id, "none") in r.primary.split("|") for r in rows.itertuples()]
    print(f"sets of 50 through the public call: first {np.mean(hit):.3f}")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fit", action="store_true")
    arguments = parser.parse_args()
    bench = Bench()
    print(f"{len(bench.truth)} of {len(labels())} labelled records found in the files read")
    agreement()
    case = bench.case()
    tables = without_the_file(case, text_only=False)
    found = show("all evidence, the judged file left out of everything but its own set's model",
                 case, tables)  # fmt: skip
    print(by_node(case, tables).to_string())
    by_file = found["first"].groupby(case.files).agg(["size", "mean"])
    print(by_file.round(2).to_string())
    chosen = nested_set_weights(case, text_only=False)
    print(f"weight of the set's shares by log loss: {Counter(chosen.values())}")
    show("the same, that weight chosen without the file by log loss",
         case, without_the_file(case, text_only=False, of_the_set=chosen))  # fmt: skip
    text = bench.case(text_only=True)
    show("text only, the same way", text, without_the_file(text, text_only=True))
    alone = bench.case(alone=True)
    show("a model that never saw the file, alone", alone, without_the_file(alone, text_only=False))
    if arguments.fit:
        everything = np.ones(len(case.truth), dtype=bool)
        first = tables[0]
        bare = np.zeros(first.shape)
        for file in np.unique(case.files):
            others, kind_of = case.files != file, kinds_of(case, text_only=False)
            bare[~others] = first_chances(case, kind_of, others)[1][~others]
        for kind, of, rows, of_the_set in (
            ("classes_and_text", case, case.classed, FIXED["set"]),
            ("text", text, everything, FIXED["set"]), ("rules", case, everything, 0.0),
        ):  # fmt: skip
            weights = fit(of, kind, rows, of_the_set).round(2).tolist()
            print(kind, dict(zip(KINDS[kind], weights, strict=True)))
        weights = fit_served(case, bare, everything).round(2).tolist()
        print("served", dict(zip([*SERVED, "intercept"], weights, strict=True)))
        best = max(THRESHOLDS, key=lambda t: _f1(
            case, members(first, served_chances(case, bare, np.array(weights)), t), everything))  # fmt: skip
        print(f"served from {best:.2f}")
    small_set(bench)
    public_figures(bench)


if __name__ == "__main__":
    main()
