"""Train the text model that ships with the taxonomy jinan-ten.

The examples are titles and abstracts of the exports in ../shared/data, with the labels that the
taxonomy's rules are sure of, titles of the IPC and the taxonomy's own words. Only hashed weights
are stored. No labelled record, nor one with the same title, is learnt from.

    python benchmarks/train_industries.py            # writes patentnav/data/models/jinan-ten.npz
"""

from __future__ import annotations

import argparse
import os
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from scipy import sparse

import patentnav as pnav
from patentnav import taxonomy as taxonomies
from patentnav.classify import learning
from patentnav.classify.evidence import gather
from patentnav.classify.textmodel import fit, hashed
from patentnav.taxonomy.match import SymbolMatcher

if TYPE_CHECKING:
    from patentnav.classify.textmodel import TextModel

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("PATENTNAV_SHARED", ROOT.parent / "shared" / "data"))
MODEL = ROOT / "patentnav" / "data" / "models" / "jinan-ten.npz"
OWN_LABELS = ROOT / "tests" / "real" / "industry_labels.csv"  # publication and industries only
FOLDERS = (
    "cnipr_sipo", "cnki_gbt7714", "derwent_innovation", "espacenet", "google_patents", "incopat",
    "lens", "patentics", "patentscope", "patsnap", "wipo_landscape_labelled",
)  # fmt: skip
MORE = (
    "kipris/kipris_B07C5_500.csv", "epo_ops/ops_energy_hydrogen_biblio.jsonl.gz",
    "derwent_dii/dii_biogas_10_tags_as_columns.xlsx", "patentsview_api/dsl-query.jsonl.gz",
    "patentsview_api/unnest-patent.jsonl",
)  # fmt: skip
ABSTRACTS = "../benchmarks/patent_text_20k.csv.gz"
LANDSCAPE = "cnki_gbt7714/*.txt"
TITLE_WEIGHT = 0.5
PER_SOURCE = 500


def sets() -> dict[str, pnav.PatentSet]:
    """Sets to learn from, by the name that the labels give their file."""
    found = {}
    for folder in FOLDERS:
        for file in sorted((SHARED / "exports" / folder).iterdir()):
            if file.suffix == ".txt":
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", pnav.DataQualityWarning)
                found[f"{folder}/{file.name}"] = pnav.read(file)
    for name in MORE:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pnav.DataQualityWarning)
            found[name] = pnav.read(SHARED / "exports" / name)
    found[LANDSCAPE] = pnav.read(SHARED / "exports" / "cnki_gbt7714")
    found[ABSTRACTS] = abstracts()
    return found


def abstracts() -> pnav.PatentSet:
    """The benchmark table of US patents as a set."""
    table = pd.read_csv(SHARED / "exports" / ABSTRACTS, dtype=str)
    table["publication_id"] = "US" + table["patent_id"]
    long = table.assign(symbol=table["cpc_subclasses"].str.split("|")).explode("symbol")
    first = table.assign(symbol=table["cpc_first"])
    return pnav.PatentSet.from_tables({
        "publications": table.set_index("publication_id")[["title"]],
        "texts": table[["publication_id", "abstract"]].dropna().rename(
            columns={"abstract": "text"}).assign(field="abstract", language="en"),
        "classifications": pd.concat([first, long], ignore_index=True)[
            ["publication_id", "symbol"]
        ].dropna().assign(
            scheme="CPC"),
    })  # fmt: skip


def plain(title: object) -> str:
    """Letters and digits of a title, for comparison."""
    return re.sub(r"\W+", "", str(title)).casefold()


def held_back(patents: pnav.PatentSet, labelled: set[str]) -> pd.Index:
    """Publications with the title of a labelled record, in any language of theirs."""
    titles = patents.publications["title"].rename("text").reset_index()
    if patents.has("texts"):
        texts = patents.texts
        titles = pd.concat(
            [titles, texts.loc[texts["field"] == "title", ["publication_id", "text"]]]
        )
    return pd.Index(titles.loc[titles["text"].map(plain).isin(labelled), "publication_id"].unique())


def ipc_titles(tree: taxonomies.Taxonomy) -> pd.DataFrame:
    """Titles of IPC classes as documents, with the home of the class as label."""
    table = pd.read_csv(SHARED / "reference" / "ipc_titles.csv")
    table = table[table["level"] != "section"]
    groups = pd.read_csv(SHARED / "reference" / "ipc_main_groups_zh.csv")
    rows = pd.concat(
        [
            table[["code", "title_zh_short"]].set_axis(["symbol", "text"], axis=1),
            table[["code", "title_en_short"]].set_axis(["symbol", "text"], axis=1),
            groups[["code", "title_zh"]].set_axis(["symbol", "text"], axis=1),
        ]
    ).dropna()
    rows["symbol"] = rows["symbol"].str.removesuffix("/00")
    claims = SymbolMatcher(tree, tree.top).claims(rows["symbol"])
    claims = claims[~claims["needs_words"]].sort_values("share", ascending=False, kind="stable")
    best = claims.groupby("symbol")[["node", "share"]].first()
    second = claims.groupby("symbol")["share"].nth(1).groupby(claims["symbol"]).first()
    lead = best["share"] - second.reindex(best.index).fillna(0.0)
    best["weight"] = TITLE_WEIGHT * lead / best["share"]
    rows = rows.join(best[["node", "weight"]], on="symbol").dropna()
    strict = [n for n in tree.top if tree.nodes[n].strict]
    return rows.loc[
        ~rows["node"].isin(strict) & (rows["weight"] > 0.15), ["text", "node", "weight"]
    ]


class Teacher:
    """Documents of all sets, hashed once, so that models without one of them are cheap."""

    def __init__(self, found: dict[str, pnav.PatentSet], labelled: set[str]) -> None:
        tree = taxonomies.load("jinan-ten")
        self.nodes: tuple[str, ...] = ()
        self.hashed = {}
        for name, patents in found.items():
            evidence = gather(patents, tree)
            self.nodes = evidence.nodes
            sure = learning.labels(evidence, tree)
            sure = sure[~sure["publication_id"].isin(held_back(patents, labelled))]
            sources = pd.Series(name, index=evidence.index)
            documents = learning.examples(sure, evidence.texts, sources, per_node=PER_SOURCE)
            self.hashed[name] = (hashed(documents["text"]), documents)
        general = pd.concat([ipc_titles(tree), learning.words(tree)], ignore_index=True)
        self.hashed["general"] = (hashed(general["text"]), general)

    def model(self, without: str = "") -> TextModel:
        """Train on everything but one source."""
        chosen = [entry for name, entry in self.hashed.items() if name != without]
        documents = pd.concat([entry[1] for entry in chosen])
        return fit(
            sparse.csr_matrix(sparse.vstack([entry[0] for entry in chosen])),
            documents["node"].to_numpy(dtype=str), documents["weight"].to_numpy(dtype=float),
            self.nodes,
        )  # fmt: skip


def labels() -> pd.DataFrame:
    """The hand-labelled records: ``file, publication, title, primary, also, drawn``.

    ``drawn`` is True for the 400 that were drawn at random over all files and read by the written
    order (``docs/explanation/industry-order.md``); they have no title here.
    """
    given = pd.read_csv(SHARED / "reference" / "industry_labels_dev.csv", dtype=str)
    own = pd.read_csv(OWN_LABELS, dtype=str)
    columns = ["file", "publication", "primary", "also"]
    both = [given.assign(drawn=False), own[columns].assign(title="", drawn=True)]
    return pd.concat(both, ignore_index=True)


def labelled_titles(truth: pd.DataFrame, found: dict[str, pnav.PatentSet]) -> set[str]:
    """Titles of the labelled records, in every language of theirs."""
    titles = list(truth["title"])
    for name, rows in truth[truth["drawn"]].groupby("file"):
        patents = found[str(name)].filter(rows["publication"])
        titles += list(patents.publications["title"].dropna())
        if patents.has("texts"):
            texts = patents.texts
            titles += list(texts.loc[texts["field"] == "title", "text"].dropna())
    return {plain(title) for title in titles} - {""}


def main() -> None:
    """Train and store the shipped model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=MODEL)
    arguments = parser.parse_args()
    found = sets()
    teacher = Teacher(found, labelled_titles(labels(), found))
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    teacher.model().save(arguments.out)
    print(f"{arguments.out.name}: {arguments.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
