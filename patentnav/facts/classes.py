"""What field: the main class of a publication and its subclasses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav._memo import shared
from patentnav.normalize import symbols

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

FEWEST = 50  # publications with a class, of which one has a second where further ones are told


def main_symbols(patents: PatentSet) -> pd.Series:
    """Main IPC symbol of every publication that has one: the marked one, else the first."""
    classes = patents.classifications
    ipc = classes[classes["scheme"] == "IPC"]
    rank = ipc["position"].fillna(10_000).astype("int64") - 20_000 * ipc["is_first"].fillna(False)
    first = rank.groupby(ipc["publication_id"]).idxmin()
    return pd.Series(ipc.loc[first, "symbol"].to_numpy(), index=pd.Index(first.index), dtype="str")


@shared
def subclasses(patents: PatentSet) -> pd.DataFrame:
    """Distinct IPC subclasses per publication: ``publication_id, subclass``, in order of id."""
    classes = patents.classifications
    ipc = classes.loc[classes["scheme"] == "IPC", ["publication_id", "symbol"]]
    code, names = pd.factorize(ipc["symbol"])
    kinds = symbols.level(pd.Series(names, dtype="str"), "subclass")
    pairs = pd.DataFrame({"publication_id": ipc["publication_id"], "subclass": kinds.array[code]})
    return pairs.dropna(subset="subclass").drop_duplicates(ignore_index=True)


@shared
def main_class_only(patents: PatentSet) -> bool:
    """Whether every publication has one class at most, so that further classes are not known.

    Of ``FEWEST`` publications or more with a class at least one has a second where these are told.

    Returns
    -------
    bool
        False where there are no classes, or too few publications to tell.
    """
    if not patents.has("classifications"):
        return False
    table = patents.classifications
    scheme = "IPC" if (table["scheme"] == "IPC").any() else "CPC"
    rows = table.loc[table["scheme"] == scheme, ["publication_id", "symbol"]].dropna()
    return len(rows) >= FEWEST and bool(rows.drop_duplicates()["publication_id"].is_unique)
