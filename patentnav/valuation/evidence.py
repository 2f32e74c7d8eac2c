"""Events and counts of an application that its sources tell, with what is not told kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav.counting import unit_ids

if TYPE_CHECKING:
    from collections.abc import Collection

    from patentnav.patentset import PatentSet

# Number of a granted invention by its kind. Letters after those of the office tell the kind of right
# (TWI, BRPI), but of Japan the era: what was published as examined then was not granted yet.
GRANT_NUMBER = r"^(?:JP|(?!JP)[A-Z]{2,4})\d+[BC]\d?$"


def of_application(patents: PatentSet, has: pd.Series) -> pd.Series:
    """Spread a truth over the documents of an application; NA where no source tells such a thing.

    Parameters
    ----------
    patents
        The set.
    has
        bool, in the order of the publications.

    Returns
    -------
    pandas.Series
        boolean: True where any document of the application has it, False where its source tells it
        of others, NA where its source tells it of none.
    """
    source = patents.publications["source_file"].fillna("")
    told = has.groupby(source).transform("any")
    of_unit = has.groupby(unit_ids(patents, "application")).transform("any")
    return of_unit.astype("boolean").where(told | of_unit)


def happened(patents: PatentSet, categories: Collection[str]) -> pd.Series:
    """Whether the application has an event of these categories; NA where its source lists none."""
    index = patents.publications.index
    if not patents.has("legal_events"):
        return pd.Series(pd.NA, index=index, dtype="boolean")
    events = patents.legal_events
    concerned = events.loc[events["category"].isin(categories), "publication_id"]
    return of_application(patents, pd.Series(index.isin(concerned), index=index))
