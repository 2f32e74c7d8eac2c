"""What stands behind products, firms and teams: patents in force by a user's own lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts
from patentnav.counting import unit_ids
from patentnav.errors import ArgumentError, MissingColumnError, MissingTableError

if TYPE_CHECKING:
    from collections.abc import Collection

    from patentnav.facts import OwnerLevel
    from patentnav.patentset import PatentSet

INTENSIVE_YEARS = 5
_DAYS = 365.2425


def product_groups(patents: PatentSet, products: pd.DataFrame) -> pd.DataFrame:
    """Patents behind every product of a user's list, by office.

    Parameters
    ----------
    patents
        The set.
    products
        One row per product: ``product_id, product``, and any of ``publication_ids`` (blank-separated),
        ``keywords`` (semicolon-separated; all words of one must occur in title or abstract),
        ``technology_classes`` (symbols by their beginning, blank-separated), ``markets`` (offices,
        blank-separated), ``revenue_share`` (0 to 1).

    Returns
    -------
    pandas.DataFrame
        One row per product and office (its markets, or where it has patents): ``product_id, product,
        office, applications, in_force, pending, life_years`` (median of those in force), ``revenue_share``,
        ``uncovered`` (the product's market without an application in force there, boolean), ``reason``:
        ``listed, keywords, classes`` (how they were found), ``uncovered``. ``attrs``: ``unknown_ids``: listed
        publications that the set does not hold.

    Raises
    ------
    MissingColumnError
        A column is absent, or none says how the patents are found.
    ArgumentError
        A product is listed twice.

    Notes
    -----
    Which patent covers which product is said by the list; keywords and classes only propose.
    Refuted by: a comparison of claims with the product.
    """
    for column in ("product_id", "product"):
        if column not in products:
            msg = f'The list of products has no column "{column}".'
            raise MissingColumnError(msg)
    ways = [c for c in ("publication_ids", "keywords", "technology_classes") if c in products]
    if not ways:
        msg = "The list says of no product which patents are behind it: publication_ids, keywords or technology_classes."  # fmt: skip
        raise MissingColumnError(msg)
    if products["product_id"].duplicated().any():
        twice = products.loc[products["product_id"].duplicated(), "product_id"].iloc[0]
        msg = f'The product "{twice}" is listed twice.'
        raise ArgumentError(msg)
    publications = patents.publications
    words = _texts(patents) if "keywords" in products else pd.Series(dtype="str")
    now = facts.moment(patents)
    life = (facts.expiry_dates(patents) - now).dt.days / _DAYS
    rows, unknown = [], []
    for entry in products.to_dict("records"):
        found, how, missing = _behind(patents, words, entry)
        unknown.extend(missing)
        chosen = publications.loc[publications.index.isin(found)]
        chosen = chosen.assign(application=unit_ids(patents, "application").reindex(chosen.index))
        markets = _split(entry.get("markets"))
        for office in sorted({*markets, *chosen["authority"].dropna()} - {"WO"}):
            here = chosen[chosen["authority"] == office]
            force = here[here["legal_status"] == "in_force"]
            bare = office in markets and force.empty
            rows.append(
                {
                    "product_id": entry["product_id"], "product": entry["product"], "office": office,
                    "applications": here["application"].nunique(),
                    "in_force": force["application"].nunique(),
                    "pending": here.loc[here["legal_status"] == "pending", "application"].nunique(),
                    "life_years": life.reindex(force.index).median() if len(force) else None,
                    "revenue_share": entry.get("revenue_share"), "uncovered": bare,
                    "reason": "; ".join([*how, *(["uncovered"] if bare else [])]),
                }
            )  # fmt: skip
    columns = ["product_id", "product", "office", "applications", "in_force", "pending", "life_years",
               "revenue_share", "uncovered", "reason"]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns).astype(
        {"life_years": "float64", "revenue_share": "float64"}
    )
    table.attrs = {"unknown_ids": sorted(set(unknown))}
    return table


def _split(value: Any, by: str | None = None) -> list[str]:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return []
    return [part.strip() for part in str(value).split(by) if part.strip()]


def _texts(patents: PatentSet) -> pd.Series:
    title = patents.publications["title"].fillna("")
    if not patents.has("texts"):
        return title.str.casefold()
    texts = patents.texts
    body = (
        texts[texts["field"].isin(["title", "abstract"])]
        .groupby("publication_id")["text"]
        .agg(" ".join)
    )
    return (title + " " + body.reindex(title.index).fillna("")).str.casefold()


def _behind(
    patents: PatentSet, words: pd.Series, entry: dict[Any, Any]
) -> tuple[set[str], list[str], list[str]]:
    """Publications behind a product, the ways by which some were found, and ids not in the set."""
    known = patents.publications.index
    listed = _split(entry.get("publication_ids"))
    inside = {p for p in listed if p in known}
    by_word: set[str] = set()
    for phrase in _split(entry.get("keywords"), ";"):
        hit = pd.Series(data=True, index=words.index)
        for word in phrase.casefold().split():
            hit &= words.str.contains(word, regex=False)
        by_word |= set(words.index[hit])
    by_class: set[str] = set()
    if classes := tuple(_split(entry.get("technology_classes"))):
        table = patents.classifications
        by_class = set(
            table.loc[table["symbol"].str.startswith(classes).fillna(False), "publication_id"]
        )
    ways = {"listed": inside, "keywords": by_word, "classes": by_class}
    return inside | by_word | by_class, [k for k, v in ways.items() if v], [p for p in listed if p not in inside]  # fmt: skip


def patent_intensive(
    patents: PatentSet, enterprises: pd.DataFrame, *, as_of: Any = None, owner: OwnerLevel = "party"
) -> pd.DataFrame:
    """Firms of a user's list by inventions granted in five years per thousand employees.

    Parameters
    ----------
    patents
        A set with resolved parties.
    enterprises
        ``name``, and any of ``owner`` (id of the owner that the firm is, where it was matched
        otherwise; by any spelling of its name when the column is not there), ``employees`` (people),
        ``revenue`` (any unit of money, the same for all).
    as_of
        Day from which is counted; the last day the set knows of when omitted.
    owner
        ``party`` or ``group``.

    Returns
    -------
    pandas.DataFrame
        One row per firm of the list, the most intensive first: ``name, owner`` (NA where no owner of the
        set is called so: it does not follow that it has no patents), ``granted`` (inventions granted in the
        last five years), ``in_force`` (inventions), ``per_thousand`` (granted per 1,000 employees),
        ``per_revenue`` (in force per unit of revenue), ``intensive`` (above the mean of all listed firms
        whose employees are known: all their inventions by all their employees), ``reason``: keys joined by
        ``; `` (``above_mean, below_mean, not_matched, employees_untold``). ``attrs``: ``mean``.

    Raises
    ------
    MissingTableError
        The set carries no parties.
    MissingColumnError
        The list has no names.
    ArgumentError
        A number of employees or a revenue is negative.

    Notes
    -----
    The measure of the national catalogue of patent-intensive industries (National Bureau of Statistics,
    Classification of Patent-intensive Industries 2019: inventions granted in five years by the yearly
    mean of employees, against the mean of all industries), used here on firms, where it is an analogy.
    Refuted by: patents held by a subsidiary or a person, former names, employees of another year.
    """
    if "name" not in enterprises:
        msg = 'The list of enterprises has no column "name".'
        raise MissingColumnError(msg)
    for column in ("employees", "revenue"):
        if column in enterprises and (enterprises[column] < 0).any():
            msg = f'The list of enterprises has a negative number in "{column}".'
            raise ArgumentError(msg)
    now = facts.moment(patents, as_of)
    rows = facts.owners(patents, owner, which="all", inventors=False)
    publications = patents.publications
    ids = unit_ids(patents, "application")
    grant = facts.grant_dates(patents)
    invention = publications["patent_type"] == "invention"
    lately = invention & grant.between(now - pd.DateOffset(years=INTENSIVE_YEARS), now)
    force = invention & (publications["legal_status"] == "in_force")
    rows = rows.assign(unit=ids.reindex(rows["publication_id"]).to_numpy())

    def count(mask: pd.Series) -> pd.Series:
        chosen = rows[mask.reindex(rows["publication_id"]).fillna(False).to_numpy(dtype=bool)]
        return chosen.groupby("owner")["unit"].nunique()

    table = pd.DataFrame({"name": enterprises["name"].astype("str").to_numpy()})
    if "owner" in enterprises:
        table["owner"] = enterprises["owner"].astype("str").to_numpy()
    else:
        table["owner"] = table["name"].map(_spellings(patents, owner))
    for name, mask in (("granted", lately), ("in_force", force)):
        found = count(mask).reindex(table["owner"]).to_numpy()
        table[name] = pd.Series(found).astype("Int64")
        table[name] = table[name].mask(table[name].isna() & table["owner"].notna(), 0)
    people = _numbers(enterprises, "employees")
    money = _numbers(enterprises, "revenue")
    table["per_thousand"] = 1000 * table["granted"].astype("float64") / people.where(people > 0)
    table["per_revenue"] = table["in_force"].astype("float64") / money.where(money > 0)
    known = table["per_thousand"].notna()
    staff = float(people[known].sum())
    mean = 1000 * float(table.loc[known, "granted"].sum()) / staff if staff else float("nan")
    table["intensive"] = (table["per_thousand"] > mean).astype("boolean").mask(~known)
    above = table["intensive"].fillna(False).astype(bool)
    table["reason"] = [
        "not_matched"
        if pd.isna(o)
        else "employees_untold"
        if not k
        else "above_mean"
        if a
        else "below_mean"
        for o, k, a in zip(table["owner"], known, above, strict=True)
    ]
    table = table.sort_values(["per_thousand", "name"], ascending=[False, True], ignore_index=True)
    table.attrs = {"mean": mean, "now": now}
    return table


def _numbers(table: pd.DataFrame, column: str) -> pd.Series:
    if column not in table:
        return pd.Series(float("nan"), index=range(len(table)))
    return table[column].astype("float64").reset_index(drop=True)


def _spellings(patents: PatentSet, owner: OwnerLevel) -> pd.Series:
    """Owner by any spelling of its name."""
    parties = patents.parties.assign(owner=facts.party_ids(patents.parties, owner))
    long = pd.concat(
        [parties[["owner"]].assign(name=parties[c]) for c in ("name", "name_raw", "name_standard")]
    )
    long = long.dropna().drop_duplicates()
    once = long[~long["name"].duplicated(keep=False)]
    return once.set_index("name")["owner"]


def team_assets(
    patents: PatentSet, people: Collection[str], *, owner: OwnerLevel = "group"
) -> pd.DataFrame:
    """What a team has made, by who holds it: what stays behind when people move.

    Parameters
    ----------
    patents
        A set with resolved inventors.
    people
        Ids of the team's members (``inventor_id``).
    owner
        ``party`` or ``group``.

    Returns
    -------
    pandas.DataFrame
        One row per owner of applications that name any of them as inventor, most first: ``owner, name,
        applications, in_force, pending, ended`` (applications; those of unknown state in none),
        ``share`` (of the team's applications), ``members`` (of the team named), ``life_years`` (median of
        those in force), ``last_filed`` (day), ``reason``: ``holds_most, shared_with_others``.

    Raises
    ------
    MissingTableError
        The set carries no inventors or no parties.
    ArgumentError
        Nobody is given, or none of the ids occurs.

    Notes
    -----
    Counts of a team, not a judgement of a person; namesakes that were taken for one person count
    together. Refuted by: an assignment on record; a person who is another.
    """
    if not patents.has("inventors", "inventor_id"):
        msg = "A team needs inventors with ids. Call clean.resolve_inventors(patents) first."
        raise MissingTableError(msg)
    wanted = set(people)
    named = patents.inventors[patents.inventors["inventor_id"].isin(wanted)]
    if named.empty:
        msg = (
            "None of the given ids is an inventor of the set. Take them from inventors.inventor_id."
        )
        raise ArgumentError(msg)
    publications = patents.publications
    now = facts.moment(patents)
    ids = unit_ids(patents, "application")
    life = (facts.expiry_dates(patents) - now).dt.days / _DAYS
    rows = facts.owners(patents, owner, which="all", inventors=False)
    rows = rows[rows["publication_id"].isin(named["publication_id"])]
    own = rows["publication_id"]
    rows = rows.assign(
        unit=ids.reindex(own).to_numpy(), status=publications["legal_status"].reindex(own).to_numpy(),
        filed=publications["application_date"].reindex(own).to_numpy(), life=life.reindex(own).to_numpy(),
    )  # fmt: skip
    best = rows["status"].map({"in_force": 0, "pending": 1, **dict.fromkeys(facts.DEAD, 2)})
    rows = rows.assign(best=best).sort_values(
        ["owner", "unit", "best", "publication_id"], na_position="last"
    )
    one = rows.drop_duplicates(["owner", "unit"])
    groups = one.groupby("owner")
    total = one["unit"].nunique()
    team = named[["publication_id", "inventor_id"]].merge(
        rows[["publication_id", "owner"]], on="publication_id"
    )
    table = pd.DataFrame({"name": groups["name"].first(), "applications": groups.size()})
    for place, state in enumerate(("in_force", "pending", "ended")):
        table[state] = (
            one[one["best"] == place].groupby("owner").size().reindex(table.index, fill_value=0)
        )
    table["share"] = table["applications"] / total
    table["members"] = (
        team.groupby("owner")["inventor_id"].nunique().reindex(table.index, fill_value=0)
    )
    table["life_years"] = (
        one[one["best"] == 0].groupby("owner")["life"].median().reindex(table.index)
    )
    table["last_filed"] = groups["filed"].max()
    shared = one.groupby("unit")["owner"].transform("nunique") > 1
    together = shared.groupby(one["owner"]).any()
    table = table.reset_index().sort_values(["applications", "owner"], ascending=[False, True], ignore_index=True)  # fmt: skip
    most = table["applications"] == table["applications"].max()
    table["reason"] = [
        "; ".join(
            k
            for k, holds in (("holds_most", m), ("shared_with_others", bool(together[o])))
            if holds
        )
        for m, o in zip(most, table["owner"], strict=True)
    ]
    return table
