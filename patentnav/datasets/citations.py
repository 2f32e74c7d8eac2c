"""Citations of the invented city: only of what was public before, mostly of one's own field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.datasets import numbers, vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OUTSIDE, _OTHER_FIELD = 0.3, 0.12
_CATEGORIES = np.array(["X", "Y", "A"], dtype=object)


def cite(
    applications: pd.DataFrame, publications: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """The citations table.

    Examiners cite in the grant (and some first) documents, applicants in the first. A cited
    document was published before the citing application was filed; documents of high latent
    quality and young ones are cited more; 30 % lie outside the set.
    """
    citing, origin = _citing(applications, publications, rng)
    own = publications["application"].to_numpy()
    limit = applications["date"].to_numpy().astype("datetime64[D]")[own[citing]]
    outside = rng.random(len(citing)) < _OUTSIDE
    cited = _inside(applications, publications, citing, limit, rng)
    ids = publications["publication_id"].to_numpy(dtype=object)
    dates = publications["publication_date"].to_numpy().astype("datetime64[D]")
    known = cited >= 0
    cited_id, cited_date = ids[cited], dates[cited].copy()
    rows = np.flatnonzero(outside)
    cited_date[rows] = limit[rows] - rng.integers(30, 4000, len(rows))
    cited_id[rows] = _foreign(cited_date[rows], rng)
    category = pd.Series(rng.choice(_CATEGORIES, len(citing)))
    frame = pd.DataFrame(
        {
            "citing_id": ids[citing], "cited_id": cited_id, "cited_kind": "patent",
            "category": category.where(origin == "examiner"),
            "origin": origin, "citing_date": dates[citing], "cited_date": cited_date,
        }
    )  # fmt: skip
    frame = frame[known | outside]
    frame = frame[~(outside[frame.index] & frame["cited_id"].isin(ids).to_numpy())]
    frame = frame.drop_duplicates(["citing_id", "cited_id"])
    return pd.concat([frame, _literature(applications, publications, rng)], ignore_index=True)


def _citing(
    applications: pd.DataFrame, publications: pd.DataFrame, rng: np.random.Generator
) -> tuple[NDArray, NDArray]:
    """Row of the citing publication and origin of every citation."""
    invention = (applications["patent_type"] == "invention").to_numpy()
    own = publications["application"].to_numpy()
    role = publications["role"].to_numpy()
    examined = (role == "grant") | (
        (role == "first") & invention[own] & (rng.random(len(own)) < 0.15)
    )
    mean_examiner = np.where(examined, 3.4, np.where(role == "us", 5.0, 0.0))
    mean_applicant = np.where((role != "grant") & invention[own], 0.7, 0.0)
    rows, origins = [], []
    for name, mean in (("examiner", mean_examiner), ("applicant", mean_applicant)):
        count = rng.poisson(mean)
        rows.append(np.repeat(np.arange(len(own)), count))
        origins.append(np.full(int(count.sum()), name, dtype=object))
    return np.concatenate(rows), np.concatenate(origins)


def _inside(
    applications: pd.DataFrame, publications: pd.DataFrame, citing: NDArray, limit: NDArray,
    rng: np.random.Generator,
) -> NDArray:  # fmt: skip
    """Row of a cited publication of the set published before ``limit``; -1 where there is none."""
    own = publications["application"].to_numpy()
    technology = applications["technology"].to_numpy()[own]
    wanted = technology[citing]
    stranger = rng.random(len(citing)) < _OTHER_FIELD
    wanted = np.where(stranger, technology[rng.integers(0, len(own), len(citing))], wanted)
    first = (publications["role"] == "first").to_numpy()
    dates = publications["publication_date"].to_numpy().astype("datetime64[D]")
    years = numbers.fractional_years(dates)
    weight = applications["quality"].to_numpy()[own] ** 1.5 * np.exp(0.12 * (years - 2006))
    draw = rng.random(len(citing))
    result = np.full(len(citing), -1)
    for one in np.unique(wanted):
        pool = np.flatnonzero(first & (technology == one))
        pool = pool[np.argsort(dates[pool], kind="stable")]
        total = weight[pool].cumsum()
        at = np.flatnonzero(wanted == one)
        before = np.searchsorted(dates[pool], limit[at], "left")
        at, before = at[before > 0], before[before > 0]
        place = np.searchsorted(total, draw[at] * total[before - 1], "right")
        result[at] = pool[np.minimum(place, before - 1)]
    return result


def _foreign(dates: NDArray, rng: np.random.Generator) -> NDArray:
    """Documents outside the set: US, JP, EP, WO."""
    office = rng.choice(np.array(["US", "JP", "EP", "WO"], dtype=object), len(dates))
    result = np.empty(len(dates), dtype=object)
    for one in ("US", "JP", "EP", "WO"):
        at = np.flatnonzero(office == one)
        if one == "WO":
            result[at] = numbers.wo_publications(dates[at])
        else:
            result[at] = numbers.foreign_publications(one, dates[at], rng)
    return result


def _literature(
    applications: pd.DataFrame, publications: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    own = publications["application"].to_numpy()
    role = publications["role"].to_numpy()
    count = rng.poisson(np.where(role == "grant", 0.5, np.where(role == "us", 1.0, 0.0)))
    rows = np.repeat(np.arange(len(own)), count)
    forms = vocabulary.table("wording")["literature"]["forms"]
    people = vocabulary.table("people")
    surnames = [line.split()[0] for line in people["surnames"].strip().splitlines()]
    given = [line.split()[0] for line in people["given"].strip().splitlines()]
    years = numbers.fractional_years(applications["date"].to_numpy().astype("datetime64[D]"))
    technology = applications["technology"].to_numpy()
    texts = []
    for row, u in zip(rows, rng.random((len(rows), 10)).tolist(), strict=True):
        words = vocabulary.technologies()[technology[own[row]]]
        texts.append(
            forms[int(u[0] * len(forms))].format(
                a1=surnames[int(u[1] * len(surnames))] + given[int(u[2] * len(given))],
                a2=surnames[int(u[3] * len(surnames))] + given[int(u[4] * len(given))],
                topic=words.objects[int(u[5] * len(words.objects))][0],
                means=words.means[int(u[6] * len(words.means))][0],
                year=int(years[own[row]] - 1 - u[7] * 8),
                vol=int(10 + u[7] * 50), issue=int(1 + u[8] * 12), page=int(1 + u[9] * 900),
            )
        )  # fmt: skip
    dates = publications["publication_date"].to_numpy()
    return pd.DataFrame(
        {
            "citing_id": publications["publication_id"].to_numpy()[rows], "cited_id": None,
            "cited_kind": "literature", "cited_text": texts, "origin": "examiner",
            "citing_date": dates[rows],
        }
    ).drop_duplicates(["citing_id", "cited_text"])  # fmt: skip
