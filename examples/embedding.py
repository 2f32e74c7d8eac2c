"""Embedding: a consultant's own tables in, a ranking and a graph file out, nothing else touched."""

from pathlib import Path

import pandas as pd

import patentnav as pnav


def own_tables() -> dict[str, pd.DataFrame]:
    """Stand-in for a client's database; only what is known is given."""
    publications = pd.DataFrame(
        {
            "publication_id": ["CN1000001A", "CN1000002A", "CN1000003B"],
            "title": ["Battery cooling plate", "Battery pack with phase change", "Cooling pump"],
            "application_date": pd.to_datetime(["2021-03-01", "2022-05-09", "2019-01-15"]),
        }
    )
    inventors = pd.DataFrame(
        {
            "publication_id": ["CN1000001A", "CN1000001A", "CN1000002A", "CN1000003B"],
            "name_raw": ["Li Wei", "Wang Fang", "Li Wei", "Zhao Min"],
        }
    )
    classes = pd.DataFrame(
        {
            "publication_id": ["CN1000001A", "CN1000002A", "CN1000003B"],
            "scheme": "IPC",
            "symbol": ["H01M 10/613", "H01M10/659", "F04D13/06"],
        }
    )
    return {"publications": publications, "inventors": inventors, "classifications": classes}


def main(folder: str = "out/embedding") -> None:
    """Classify, count and write the co-inventor graph."""
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    patents = pnav.PatentSet.from_tables(own_tables())
    patents = pnav.clean.resolve_inventors(patents)
    print(pnav.classify.memberships(patents)[["publication_id", "industry", "weight"]])
    print(pnav.indicators.activity(patents))
    graph = pnav.network.inventors(patents)
    pnav.network.export(graph, out / "inventors.gexf")
    print(f"{len(graph)} people, {graph.number_of_edges()} ties")


if __name__ == "__main__":
    main()
