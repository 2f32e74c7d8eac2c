"""The firm whose operation is studied, its rivals and products; the project that is assessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import planning
from patentnav.errors import ArgumentError, UnavailableError, UnknownNameError
from patentnav.facts import holders, party_ids, ventures
from patentnav.study.gaps import gap
from patentnav.valuation import core

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentnav.facts import OwnerLevel
    from patentnav.patentset import PatentSet
    from patentnav.study.steps import Later

ACTIVE = 3  # publications of a firm from which a technology is one of its own
NEAREST = 50  # publications to which a project is compared
ALONE = 0.8  # part of the units that one firm has, from which a search was for it alone
RIVALS = 5  # of those found, the largest in the firm's technologies


def _known(patents: PatentSet, owner_level: OwnerLevel, names: pd.Series, asked: str) -> str:
    """Id of an owner by its id, name or a spelling of it."""
    if asked in names.index:
        return asked
    called = names.index[names == asked]
    if len(called):
        return str(called[0])
    held = holders(patents)
    spelled = party_ids(held, owner_level)[(held["name"] == asked) | (held["name_raw"] == asked)]
    found = sorted(set(spelled.dropna()) & set(names.index))
    if not found:
        raise UnknownNameError("firm of the set", asked, names.dropna().unique())
    return str(found[0])


def firm(
    *,
    patents: PatentSet,
    owner_level: OwnerLevel,
    firms: pd.DataFrame,
    owner_names: pd.Series,
    owner_types: pd.Series,
    unit_ids: pd.Series,
    applicant: str,
    given_firm: str,
) -> str:
    """Id of the firm that is studied: the one asked for, else the largest enterprise.

    Raises
    ------
    ArgumentError
        The study is restricted to one applicant, beside whom nobody can be seen.
    UnknownNameError
        The set has no such firm.
    """
    if applicant:
        msg = (
            f'applicant="{applicant}" leaves out all other owners, and with them rivals, barriers '
            f'and leads. Give firm="{applicant}" instead: it is looked at among all.'
        )
        raise ArgumentError(msg)
    if given_firm:
        return _known(patents, owner_level, owner_names, given_firm)
    sizes = _sizes(firms, unit_ids)
    kinds = owner_types.reindex(sizes.index)
    likely = sizes[(kinds.isna() | (kinds == "enterprise")).fillna(True).astype(bool)]
    if sizes.empty:
        raise gap("missing.firm.nobody")
    return str((likely if len(likely) else sizes).index[0])


def _sizes(rows: pd.DataFrame, unit_ids: pd.Series) -> pd.Series:
    """Units by owner, largest first, equals by id."""
    keyed = rows.assign(unit_id=unit_ids.reindex(rows["publication_id"]).to_numpy())
    counts = keyed.groupby("owner", sort=True)["unit_id"].nunique()
    return counts.sort_values(ascending=False, kind="stable")


def firm_ids(owners: pd.DataFrame, firm: str) -> pd.Index:
    """Publications of the firm."""
    found: pd.Index = pd.Index(
        sorted(owners.loc[owners["owner"] == firm, "publication_id"].unique())
    )
    return found


def firm_alone(firm_ids: pd.Index, unit_ids: pd.Series) -> bool:
    """Whether nearly all of the set is the firm's own, so that the search shows nobody else."""
    return bool(unit_ids.reindex(firm_ids).nunique() > ALONE * unit_ids.nunique())


def firm_technologies(
    technology_of: Later[pd.DataFrame], remainders: Later[frozenset[str]], firm_ids: pd.Index
) -> tuple[str, ...]:
    """Technologies in which the firm has ``ACTIVE`` publications, most first; none where none can be told.

    Where it has so many in none, all in which it has any.
    """
    try:
        rows = technology_of()
    except UnavailableError:
        return ()
    own = rows[rows["publication_id"].isin(firm_ids) & ~rows["technology"].isin(remainders())]
    counts = own["technology"].value_counts().sort_index()
    if (counts >= ACTIVE).any():
        counts = counts[counts >= ACTIVE]
    return tuple(str(t) for t in counts.sort_values(ascending=False, kind="stable").index)


def living_firms(firms: pd.DataFrame, alive_owners: frozenset[str]) -> pd.DataFrame:
    """Owners that are no persons, file still and have not lost most of their rights."""
    return firms[firms["owner"].isin(alive_owners)]


def rivals(
    *,
    patents: PatentSet,
    owner_level: OwnerLevel,
    living_firms: pd.DataFrame,
    owner_names: pd.Series,
    owner_types: pd.Series,
    owners: pd.DataFrame,
    unit_ids: pd.Series,
    technology_of: Later[pd.DataFrame],
    firm: str,
    firm_alone: bool,
    firm_technologies: tuple[str, ...],
    given_rivals: Sequence[str],
) -> tuple[str, ...]:
    """Ids of the rivals: those given, else the largest living enterprises in the firm's technologies.

    Owners of unknown type are taken for enterprises; who owns something together with the firm is a
    partner and no rival, and who files no more, or has lost most of its rights, is none any more.
    Where no technologies can be told, the largest of the set.

    Raises
    ------
    UnknownNameError
        The set has no such owner.
    """
    if given_rivals:
        asked = [given_rivals] if isinstance(given_rivals, str) else given_rivals
        found = [_known(patents, owner_level, owner_names, name) for name in asked]
        return tuple(dict.fromkeys(o for o in found if o != firm))
    if firm_alone:
        raise gap("missing.firm.alone", firm=str(owner_names[firm]))
    keyed = owners.assign(unit_id=unit_ids.reindex(owners["publication_id"]).to_numpy())
    mine = keyed.loc[keyed["owner"] == firm, "unit_id"]
    partners = set(keyed.loc[keyed["unit_id"].isin(mine), "owner"])
    joint = ventures(patents, owner_level)
    partners |= set(joint.loc[joint["owner"] == firm, "other"])
    partners |= set(joint.loc[joint["other"] == firm, "owner"])
    rows = living_firms[~living_firms["owner"].isin(list(partners))]
    if firm_technologies:
        same = technology_of()
        same = same[same["technology"].isin(firm_technologies)]
        rows = rows[rows["publication_id"].isin(same["publication_id"])]
    kinds = owner_types.reindex(rows["owner"])
    likely = (kinds.isna() | (kinds == "enterprise")).fillna(True).astype(bool).to_numpy()
    sizes = _sizes(rows[likely & (rows["owner"] != firm).to_numpy()], unit_ids)
    if sizes.empty:
        raise gap("missing.operation.no_rivals")
    return tuple(str(owner) for owner in sizes.index[:RIVALS])


def firm_names(patents: PatentSet, owner_level: OwnerLevel, firm: str) -> frozenset[str]:
    """All spellings of the firm's name, in small letters."""
    held = holders(patents)
    own = held[(party_ids(held, owner_level) == firm).to_numpy()]
    named = pd.concat([own["name"], own["name_raw"]]).dropna().unique()
    return frozenset(str(name).strip().casefold() for name in [*named, firm])


def products(
    user_tables: dict[str, Any], firm: str, firm_names: frozenset[str], owner_names: pd.Series
) -> pd.DataFrame:
    """Products of the firm in the user table PR; lists of words are tuples, empty where not told.

    Raises
    ------
    UnavailableError
        The table is not given, or names no product of the firm.
    """
    if "PR" not in user_tables or not len(user_tables["PR"].frame):
        raise gap("missing.no_table", user_table="PR")
    rows = user_tables["PR"].frame
    told = rows["owner"].astype("str").str.strip().str.casefold()
    rows = rows[told.isin([*firm_names, str(owner_names.get(firm, firm)).casefold()])]
    if rows.empty:
        raise gap("missing.firm.no_products", firm=str(owner_names.get(firm, firm)))
    rows = _listed(rows, "keywords", "features", "publication_ids", "markets", "rival_products")
    return rows.sort_values("product_id", ignore_index=True)


def _listed(rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    rows = rows.copy()
    for column in columns:
        given = rows[column] if column in rows else [()] * len(rows)
        rows[column] = [tuple(v) if isinstance(v, list | tuple) else () for v in given]
    return rows


def coverage(
    given: PatentSet, patents: PatentSet, firm_ids: pd.Index, products: pd.DataFrame
) -> pd.DataFrame:
    """The firm's rights behind its products by office (:func:`patentnav.planning.product_groups`).

    A listed publication stands for its application, whichever of its publications was kept.
    """
    return _groups(given, patents.filter(firm_ids), patents, products)


def product_groups(
    given: PatentSet, patents: PatentSet, user_tables: dict[str, Any]
) -> pd.DataFrame:
    """Rights behind the products of the user table PR by office, whoever holds them.

    :func:`patentnav.planning.product_groups`; a product that several owners list is one.
    ``attrs["listed"]``: the products.

    Raises
    ------
    UnavailableError
        The table is not given.
    """
    if "PR" not in user_tables or not len(user_tables["PR"].frame):
        raise gap("missing.no_table", user_table="PR")
    rows = _listed(user_tables["PR"].frame, "keywords", "publication_ids", "markets")
    rows = rows.sort_values(["product_id", "owner"]).drop_duplicates("product_id")
    rows = rows.reset_index(drop=True).drop(columns="revenue_share", errors="ignore")
    found = _groups(given, patents, patents, rows)
    found.attrs["listed"] = rows
    return found


def _groups(
    given: PatentSet, own: PatentSet, patents: PatentSet, products: pd.DataFrame
) -> pd.DataFrame:
    told, kept = given.publications["application_id"], patents.publications["application_id"]
    by = pd.Series(kept.index, index=kept.to_numpy())
    by = by[by.index.notna() & ~by.index.duplicated()]
    lost = told[~told.index.isin(kept.index) & told.isin(by.index)].map(by)
    listed = products["publication_ids"].map(lambda ids: tuple(str(lost.get(i, i)) for i in ids))
    products = products.assign(publication_ids=listed)
    rows = pd.DataFrame({"product_id": products["product_id"], "product": products["product"]})
    for column, between in (("keywords", ";"), ("publication_ids", " "), ("markets", " ")):
        rows[column] = products[column].map(between.join)
    if "revenue_share" in products:
        rows["revenue_share"] = products["revenue_share"].astype("float64")
    return planning.product_groups(own, rows)


def project_row(user_tables: dict[str, Any], project: str) -> dict[str, Any]:
    """The project that is assessed, of the user table PJ; lists are tuples.

    Raises
    ------
    UnavailableError
        The table is not given.
    UnknownNameError
        It has no such project.
    """
    if "PJ" not in user_tables or not len(user_tables["PJ"].frame):
        raise gap("missing.no_table", user_table="PJ")
    rows = _listed(user_tables["PJ"].frame, "features", "classes", "markets", "team")
    rows = rows.sort_values("project_id", ignore_index=True)
    if project:
        known = rows["project_id"].astype("str")
        if project not in set(known):
            raise UnknownNameError("project of the table PJ", project, list(known))
        rows = rows[known == project]
    return {str(k): v for k, v in rows.iloc[0].to_dict().items()}


def nearest(patents: PatentSet, project_row: dict[str, Any]) -> pd.DataFrame:
    """The ``NEAREST`` publications whose words and classes are nearest to the project.

    ``publication_id, similarity`` (mean of the two cosines, of the words alone where the project
    names no class), ``words, classes``; those that share nothing are left out.
    """
    return planning.nearest_to(patents, _words(project_row), project_row["classes"], top=NEAREST)


def _words(row: dict[str, Any]) -> str:
    told = [row.get("title"), row.get("text"), *row["features"]]
    return " . ".join(str(t) for t in told if isinstance(t, str))


def project_technologies(
    nearest: pd.DataFrame, technology_of: pd.DataFrame, remainders: frozenset[str]
) -> tuple[str, ...]:
    """Technologies of the nearest publications, most first, those with a tenth of them or more."""
    rows = technology_of[technology_of["publication_id"].isin(nearest["publication_id"])]
    counts = rows.loc[~rows["technology"].isin(remainders), "technology"].value_counts()
    counts = counts[counts >= len(nearest) / 10].sort_index()
    return tuple(str(t) for t in counts.sort_values(ascending=False, kind="stable").index)


def percentile(patents: PatentSet, received: tuple[str, pd.Series | None]) -> pd.Series | None:
    """Standing by citations received among field and year; None where none are known."""
    return None if received[1] is None else core(patents, received[1])["percentile"]


def lacking(  # noqa: PLR0917 (what a step needs)
    patents: PatentSet,
    technology_of: pd.DataFrame,
    remainders: frozenset[str],
    firms: pd.DataFrame,
    firm: str,
    rivals: tuple[str, ...],
    day: pd.Timestamp,
    percentile: pd.Series | None,
) -> pd.DataFrame:
    """What the firm lacks against its rivals (:func:`patentnav.planning.gaps`)."""
    rows = technology_of[~technology_of["technology"].isin(remainders)]
    return planning.gaps(
        patents, rows, firms, applicant=firm, rivals=list(rivals), as_of=day, percentile=percentile
    )
