"""Joint ventures: what one party files and two groups hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav._memo import shared
from patentnav.clean import chinese
from patentnav.facts.owners import holders, owners, party_ids

if TYPE_CHECKING:
    from patentnav.facts.owners import OwnerLevel
    from patentnav.patentset import PatentSet


@shared
def ventures(patents: PatentSet, owner: OwnerLevel = "group") -> pd.DataFrame:
    """Publications of joint ventures with the owners that hold these besides the one they are counted with.

    Parameters
    ----------
    patents
        The set.
    owner
        ``party`` or ``group``.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, owner`` (whom it is counted with), ``other`` (another owner of the set that
        holds the venture); both ids as of :func:`owners`. Ventures are known by the beginning of their
        name (``[joint_ventures]`` of ``data/names/organisations-zh.toml``), their holders by theirs.

    Raises
    ------
    MissingTableError
        The set carries no parties.
    """
    held = holders(patents)
    name = held["name"].fillna(held["name_raw"])
    rows = pd.DataFrame(
        {"publication_id": held["publication_id"], "owner": party_ids(held, owner), "name": name}
    )
    parents = {one: chinese.venture_of(str(one)) for one in rows["name"].dropna().unique()}
    rows = rows[rows["name"].map(lambda one: bool(parents.get(one)))].dropna()
    known = owners(patents, owner, which="all").drop_duplicates("owner")
    called = dict(zip(known["owner"], known["name"], strict=True))
    of_label: dict[str, list[str]] = {}
    for label in {label for found in parents.values() for label in found}:
        of_label[label] = [
            key for key, said in called.items()
            if label in str(said) and not chinese.venture_of(str(said))
        ]  # fmt: skip
    found = [
        (publication, own, other)
        for publication, own, one in rows.itertuples(index=False)
        for label in parents[one]
        for other in of_label[label]
        if other != own
    ]
    table = pd.DataFrame(found, columns=["publication_id", "owner", "other"], dtype="str")
    return table.drop_duplicates(ignore_index=True)
