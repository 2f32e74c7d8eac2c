"""What the vendor says who stands behind a name, as evidence, and where it disagrees with ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import _resources
from patentnav.counting import most_frequent
from patentnav.errors import MissingColumnError

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet


def vendor_labels(patents: PatentSet, called: pd.Series) -> pd.Series:
    """Standardised name that a vendor gives each name most often.

    The standardised name beside a party counts; where a vendor names an ultimate parent instead and
    the publication has a single applicant, that parent does.

    Parameters
    ----------
    patents
        A set with ``parties``.
    called
        Name used for each row of ``parties``.

    Returns
    -------
    pandas.Series
        Label by name; names without one are left out.
    """
    parties = patents.parties
    standard = parties["name_standard"].reset_index(drop=True)
    parent = _parents(patents).reindex(parties["publication_id"]).reset_index(drop=True)
    alone = ~parties["publication_id"].duplicated(keep=False).reset_index(drop=True)
    label = standard.where(standard.notna(), parent.where(alone))
    frame = pd.DataFrame({"called": called.to_numpy(), "label": label}).dropna()
    if frame.empty:
        return pd.Series(dtype="str")
    totals = frame.value_counts().reset_index()
    best = totals.sort_values(["called", "count", "label"], ascending=[True, False, True])
    return best.drop_duplicates("called").set_index("called")["label"]


def _parents(patents: PatentSet) -> pd.Series:
    if not patents.has("vendor_values"):
        return pd.Series(dtype="str")
    values = patents.vendor_values
    rows = values[
        values["name"].isin(_resources.load_toml("names", "vendor-parents")["columns"])
    ].sort_values(["publication_id", "name"])
    return rows.drop_duplicates("publication_id").set_index("publication_id")["value"]


def vendor_disagreements(patents: PatentSet) -> pd.DataFrame:
    """Where the vendor's standardised names and the groups found here differ, for somebody to judge.

    Parameters
    ----------
    patents
        A set with resolved parties (:func:`patentnav.clean.resolve_parties`) and standardised names
        of a vendor.

    Returns
    -------
    pandas.DataFrame
        ``kind, vendor_name, group, name, publications``, sorted by kind and falling number of
        publications. ``kind`` is ``split_here`` (the vendor has one name for several groups) or
        ``joined_here`` (one group has several names of the vendor); ``group`` is the most frequent
        name of the group, ``name`` the most frequent name in the group under the vendor's name.
        Vendors leave rare names alone: most rows of ``joined_here`` are names that the vendor did not
        look at.

    Raises
    ------
    MissingColumnError
        The set has no standardised names, or its parties are not resolved.

    Examples
    --------
    >>> import pandas as pd, patentnav as pnav
    >>> parties = pd.DataFrame({
    ...     "publication_id": ["CN1A", "CN2A"], "role": "applicant", "position": 1,
    ...     "name_raw": ["Waymo LLC", "Google LLC"], "name_standard": "ALPHABET INC"})
    >>> patents = pnav.PatentSet.from_tables({
    ...     "publications": pd.DataFrame(index=["CN1A", "CN2A"]), "parties": parties})
    >>> len(vendor_disagreements(pnav.clean.resolve_parties(patents)))  # the vendor's name was taken
    0
    """
    if not patents.has("parties", "group_id") or not patents.has("parties", "name_standard"):
        msg = (
            "Vendor's names are compared with resolved parties: the set needs name_standard of a "
            "vendor (incoPat, Patentics, Derwent) and clean.resolve_parties(…) first."
        )
        raise MissingColumnError(msg)
    parties = patents.parties
    label = vendor_labels(patents, parties["name_raw"].astype("str"))
    rows = parties[["publication_id", "group_id", "name"]].assign(
        vendor_name=parties["name_raw"].map(label).astype("str")
    )
    rows = rows.dropna(subset=["vendor_name", "group_id"])
    groups = most_frequent(rows.assign(owner=rows["group_id"]), "owner", "name")
    keys = ["vendor_name", "group_id"]
    table = rows.groupby(keys)["publication_id"].nunique().rename("publications").reset_index()
    usual = rows.groupby([*keys, "name"]).size().rename("n").reset_index()
    usual = usual.sort_values([*keys, "n", "name"], ascending=[True, True, False, True])
    table = table.merge(usual.drop_duplicates(keys)[[*keys, "name"]], on=keys)
    table["group"] = table["group_id"].map(groups)
    parts = [
        table[table[by].duplicated(keep=False)].assign(kind=kind)
        for by, kind in (("group_id", "joined_here"), ("vendor_name", "split_here"))
    ]
    found = pd.concat(parts, ignore_index=True)
    what = found["group_id"].where(found["kind"] == "joined_here", found["vendor_name"])
    found["all"] = found.groupby(["kind", what])["publications"].transform("sum")
    found = found.assign(what=what).sort_values(
        ["kind", "all", "what", "publications", "vendor_name", "name"],
        ascending=[True, False, True, False, True, True], ignore_index=True,
    )  # fmt: skip
    return found[["kind", "vendor_name", "group", "name", "publications"]]
