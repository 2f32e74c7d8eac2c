"""Whether a PCT application stands behind a publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav.facts import pct_evidence
from patentnav.indicators.registry import indicator, measured

if TYPE_CHECKING:
    import pandas as pd

    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet


@indicator(
    unit="yes or no",
    better="higher",
    source="WIPO PCT; numbering of CN applications",
    known_at="publication",
)
def pct_application(patents: PatentSet, *, unit: Unit | None = None) -> pd.Series:
    """Whether a PCT application stands behind the publication, whoever filed it.

    Returns
    -------
    pandas.Series
        boolean, indexed by ``publication_id``; NA where the source tells nothing of PCT. See
        :func:`pct_evidence`.
    """
    evidence = pct_evidence(patents, unit)
    return measured(
        evidence["pct"].rename("pct_application"),
        {
            "its source tells nothing of PCT": evidence["reason"] == "untold",
        },
    )
