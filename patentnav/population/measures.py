"""Indicators and cohorts of a population as Ibis expressions, defined as in ``indicators``."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import taxonomy
from patentnav.counting import FAMILY_SCHEMES
from patentnav.normalize.symbols import canonical_symbols
from patentnav.taxonomy.match import SymbolMatcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from patentnav.population.warehouse import Population

FIELDS = "wipo-35"
_STEM = r"^([A-Z]{2}[0-9]+)[A-Z][0-9]?$"
_LATE = 10_000  # place of a class without position


def claims_of(population: Population, symbols: Any, tree: taxonomy.Taxonomy, nodes: Any) -> Any:
    """Nodes of the distinct symbols of a column: the rules run once per symbol, not per row."""
    spelled = population.run(symbols.as_table().distinct()).iloc[:, 0].dropna().astype("str")
    canonical = canonical_symbols(spelled)
    claims = SymbolMatcher(tree, nodes).claims(canonical)
    pairs = pd.DataFrame({"written": spelled, "symbol": canonical})
    return pairs.merge(claims, on="symbol").sort_values(["written", "node"], kind="stable")


def units(population: Population, unit: str) -> Any:
    """``publication_id, unit`` of every publication."""
    table = population.table("publications")
    own = table.publication_id
    if unit == "application" and population.has("publications", "application_id"):
        own = table.application_id.fill_null(table.publication_id)
    return table.select("publication_id", unit=own)


def cohorts(population: Population, by: tuple[str, ...], unit: str) -> Any:
    """Cohort of the latest publication of every unit: ``publication_id`` and the columns ``by``."""
    table = population.table("publications")
    when = table.publication_date.strftime("%Y%m%d").fill_null("0")
    keyed = table.join(units(population, unit), "publication_id").select(
        "unit", last=when + "|" + table.publication_id
    )
    last = keyed.group_by("unit").agg(last=keyed["last"].max())
    chosen = last.select(publication_id=last["last"].re_extract(r"^[0-9]*\|(.*)$", 1))
    members = table.semi_join(chosen, "publication_id")
    columns = {
        "year": lambda t: t.application_date.year().cast("int64"),
        "authority": lambda t: t.authority,
        "patent_type": lambda t: t.patent_type,
    }
    made = members.select(
        "publication_id", **{name: columns[name](members) for name in by if name != "field"}
    )
    return made.join(_fields(population), "publication_id") if "field" in by else made


def _fields(population: Population) -> Any:
    """WIPO field of the main IPC symbol of every publication that has one."""
    classes = population.table("classifications")
    ipc = classes.filter(classes.scheme == "IPC")
    rank = ipc.position.fill_null(_LATE) if "position" in ipc.columns else _LATE
    if "is_first" in ipc.columns:
        rank = rank - ipc.is_first.fill_null(False).cast("int64") * 2 * _LATE
    ipc = ipc.select("publication_id", "symbol", rank=rank)
    main = ipc.group_by("publication_id").agg(symbol=ipc.symbol.argmin(ipc["rank"]))
    tree = taxonomy.load(FIELDS)
    leaves = [node for node in tree.nodes if not tree.below(node)]
    claims = claims_of(population, main.symbol, tree, leaves)
    # Where several fields claim a symbol, the first in the order of the table wins.
    order = {node: i for i, node in enumerate(leaves)}
    claims = claims.iloc[claims["node"].map(order).argsort(kind="stable")]
    known = claims.drop_duplicates("written")[["written", "node"]]
    fields = population.lookup(known.rename(columns={"written": "symbol", "node": "field"}))
    return main.join(fields, "symbol").select("publication_id", "field")


# Indicators: ``publication_id, value``, without the publications where it is not known.


def _claim_count(population: Population, _unit: str) -> Any:
    table = population.table("publications")
    return table.select("publication_id", value=table.claim_count)


def _patent_scope(population: Population, _unit: str) -> Any:
    classes = population.table("classifications")
    subclass = classes.symbol.re_extract(r"^([A-HY][0-9]{2}[A-Z])", 1).nullif("")
    ipc = classes.filter(classes.scheme == "IPC").select("publication_id", subclass=subclass)
    ipc = ipc.filter(ipc.subclass.notnull())
    return ipc.group_by("publication_id").agg(value=ipc.subclass.nunique())


def _family_size(population: Population, _unit: str) -> Any:
    table = population.table("publications")
    stated = (
        table.family_country_count
        if population.has("publications", "family_country_count")
        else _null_integer()
    )
    if "families" not in population.tables:
        return table.select("publication_id", value=stated)
    families = population.table("families")
    present = {*population.run(families.select("scheme").distinct())["scheme"]}
    scheme = next((s for s in FAMILY_SCHEMES if s in present), FAMILY_SCHEMES[0])
    members = families.filter(families.scheme == scheme).select("family_id", "publication_id")
    known = members.left_join(table.select("publication_id", "authority"), "publication_id")
    office = known.authority.fill_null(known.publication_id.substr(0, 2))
    offices = known.select("family_id", office=office.nullif("WO"))
    sizes = offices.group_by("family_id").agg(size=offices.office.nunique())
    own = members.join(sizes, "family_id")
    own = own.group_by("publication_id").agg(size=own["size"].max())
    merged = table.select("publication_id", stated=stated).left_join(own, "publication_id")
    return merged.select("publication_id", value=merged["size"].fill_null(merged.stated))


def _null_integer() -> Any:
    import ibis

    return ibis.null("int64")


def _grant_lag(population: Population, _unit: str) -> Any:
    table = population.table("publications")
    granted = table.grant_date
    if population.has("publications", "granted"):
        granted = granted.fill_null(table.granted.ifelse(table.publication_date, None))
    dated = table.select("publication_id", "application_date", granted=granted)
    dated = dated.join(units(population, "application"), "publication_id")
    first = dated.group_by("unit").agg(first=dated.granted.min())
    both = dated.join(first, "unit")
    lag = both["first"].delta(both.application_date, unit="day")
    return both.select("publication_id", value=lag).filter(lambda t: t.value >= 0)


def _npl_citations(population: Population, _unit: str) -> Any:
    table = population.table("publications")
    stated = (
        table.npl_citation_count
        if population.has("publications", "npl_citation_count")
        else _null_integer()
    )
    counted = table.select("publication_id", stated=stated)
    if not population.has("citations", "cited_text"):
        return counted.select("publication_id", value=counted.stated)
    citations = population.table("citations")
    literature = citations.filter(_is_literature(citations))
    listed = literature.group_by(publication_id=literature.citing_id).agg(n=literature.count())
    merged = counted.left_join(listed, "publication_id")
    told = listed.count().as_scalar() > 0
    number = told.ifelse(merged.n.fill_null(0), None)
    return merged.select("publication_id", value=merged.stated.fill_null(number))


def _is_literature(citations: Any) -> Any:
    if "cited_kind" in citations.columns:
        return citations.cited_kind == "literature"
    return citations.cited_id.isnull()


def links(population: Population, unit: str) -> Any:
    """Distinct citations between units, computed once for all measures (see :func:`_links`)."""
    return population.once(f"links between {unit}s", lambda: _links(population, unit))


def _links(population: Population, unit: str) -> Any:
    """``citing, cited, day`` of distinct citations; no unit cites itself.

    Documents outside the population are known by their number without the kind code; so is a
    document that the population holds in another kind, where that names one unit only.
    """
    citations = population.table("citations")
    citations = citations.filter(~_is_literature(citations) & citations.cited_id.notnull())
    own = units(population, unit)
    stems = own.select("unit", stem=_stem(own.publication_id))
    stems = stems.group_by("stem").agg(low=stems.unit.min(), high=stems.unit.max())
    stems = stems.filter(stems.low == stems.high)
    stems = stems.select("stem", of_stem=stems.low)
    published = _published(population, own)
    date = citations.citing_date if "citing_date" in citations.columns else None
    ends = citations.select("citing_id", "cited_id", **({} if date is None else {"stated": date}))
    for end in ("citing", "cited"):
        ends = _resolved(ends, end, own, stems)
    ends = ends.filter(ends.citing != ends.cited)
    dated = ends.left_join(published, ends.citing == published.unit)
    day = dated.published if date is None else dated.stated.fill_null(dated.published)
    dated = dated.select("citing", "cited", day=day)
    return dated.group_by("citing", "cited").agg(day=dated.day.min())


def _resolved(ends: Any, end: str, own: Any, stems: Any) -> Any:
    """Add the unit of one end: by its id, by its number without kind, or as a foreign number."""
    kept = [*ends.columns]
    ends = ends.mutate(number=_stem(ends[f"{end}_id"]))
    exact = own.select(number_and_kind="publication_id", exact="unit")
    ends = ends.left_join(exact, ends[f"{end}_id"] == exact.number_and_kind)
    ends = ends.left_join(stems, ends.number == stems.stem)
    unit = ends.exact.fill_null(ends.of_stem).fill_null("~" + ends.number)
    return ends.select(*kept, **{end: unit})


def _stem(column: Any) -> Any:
    return column.re_extract(_STEM, 1).nullif("").fill_null(column)


def _published(population: Population, own: Any) -> Any:
    """Earliest publication date of every unit."""
    table = population.table("publications").select("publication_id", "publication_date")
    dated = table.join(own, "publication_id")
    return dated.group_by("unit").agg(published=dated.publication_date.min())


def _forward(population: Population, unit: str, years: int | None) -> Any:
    """Citations received; with a window, known where it is closed and every citation dated."""
    import ibis

    found = links(population, unit)
    own = units(population, unit)
    if years is None:
        counts = found.group_by(unit=found.cited).agg(n=found.count())
        merged = own.left_join(counts, "unit")
        return merged.select("publication_id", value=merged.n.fill_null(0))
    last = population.run(found.agg(last=found.day.max()))["last"].iloc[0]
    published = _published(population, own)
    published = published.mutate(
        until=(published.published + ibis.interval(years=years)).cast("date")
    )
    if pd.isna(last):
        return own.select("publication_id", value=_null_integer())
    closed = published.filter(published.until <= ibis.date(pd.Timestamp(last).date()))
    cited = found.join(closed, found.cited == closed.unit)
    counts = cited.group_by("unit").agg(
        n=(cited.day <= cited.until).cast("int64").sum(),
        undated=cited.day.isnull().cast("int64").sum(),
    )
    merged = (
        closed.select("unit")
        .left_join(counts, "unit")
        .select("unit", n=lambda t: t.n.fill_null(0), undated=lambda t: t.undated.fill_null(0))
    )
    merged = merged.filter(merged.undated == 0)
    known = own.join(merged, "unit")
    return known.select("publication_id", value=known.n)


def _backward_citations(population: Population, unit: str) -> Any:
    found = links(population, unit)
    counts = found.group_by(unit=found.citing).agg(n=found.count())
    merged = units(population, unit).left_join(counts, "unit")
    return merged.select("publication_id", value=merged.n.fill_null(0))


Needs = tuple[str, tuple[str, ...]]
MEASURES: dict[str, tuple[Callable[[Population, str], Any], tuple[Needs, ...]]] = {
    "claim_count": (_claim_count, (("publications", ("claim_count",)),)),
    "patent_scope": (_patent_scope, (("classifications", ("symbol",)),)),
    "family_size": (_family_size, ()),
    "grant_lag": (_grant_lag, (("publications", ("application_date", "grant_date")),)),
    "npl_citations": (_npl_citations, ()),
    "backward_citations": (_backward_citations, (("citations", ("cited_id",)),)),
    "citations_received": (
        functools.partial(_forward, years=None),
        (("citations", ("cited_id",)),),
    ),
    "forward_citations": (functools.partial(_forward, years=5), (("citations", ("cited_id",)),)),
    "forward_citations_7": (functools.partial(_forward, years=7), (("citations", ("cited_id",)),)),
}
