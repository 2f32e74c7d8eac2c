"""What single tables need after their columns are read: order, doubles, what follows from what.

Every function takes the rows of one file (with ``record``, ``position`` and, where the table hangs
on a publication, ``publication_id``) and returns the rows that stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import _resources
from patentnav.io import transforms
from patentnav.io.language import languages
from patentnav.merge import RECORD, row_groups
from patentnav.normalize import identifiers, names

if TYPE_CHECKING:
    from collections.abc import Callable


def texts(frame: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """Language by script, words and office where the column does not tell."""
    frame = _filled(frame, "text")
    language = _given(frame, "language")
    unknown = (language.isna() | language.eq("auto")).to_numpy()
    if unknown.any():
        part = frame[unknown]
        numbers = ids.take(part[RECORD].to_numpy()).set_axis(part.index)
        found = languages(part["text"], numbers.str.extract(r"^([A-Z]{2})", expand=False))
        language = found if unknown.all() else language.mask(unknown).fillna(found)
    return _once(frame.assign(language=language), "field", "language", "text")


def parties(frame: pd.DataFrame, _ids: pd.Series) -> pd.DataFrame:
    """One row per name and role; a standardised name stands in for a missing raw one."""
    raw = _given(frame, "name_raw")
    for other in ("name_standard", "name"):
        raw = raw.fillna(_given(frame, other)) if raw.isna().any() else raw
    frame = _filled(frame.assign(name_raw=raw), "name_raw")
    frame = _filled(frame.assign(name=_spelled(frame)), "name")
    lists = _lists(frame, "role")
    order = np.lexsort((frame["position"].to_numpy(), lists))
    return _numbered(_without_doubles(frame, order, [lists, frame["name"]]), "role")


def inventors(frame: pd.DataFrame, _ids: pd.Series) -> pd.DataFrame:
    """Names in one spelling."""
    raw = _given(frame, "name_raw").fillna(_given(frame, "name"))
    frame = _filled(frame.assign(name_raw=raw), "name_raw")
    return _filled(frame.assign(name=_spelled(frame)), "name")


def classifications(frame: pd.DataFrame, _ids: pd.Series) -> pd.DataFrame:
    """Main class first, every symbol once per scheme.

    Without a column that tells it, the first of a list is the main class.
    """
    frame = _filled(frame, "symbol")
    design = frame["symbol"].str.match(transforms.LOCARNO, na=False) & frame["scheme"].eq("IPC")
    if design.any():
        plain = frame["symbol"].str.replace(transforms.LOCARNO, r"\1-\2", regex=True)
        frame = frame.assign(
            scheme=frame["scheme"].mask(design, "LOC"), symbol=frame["symbol"].mask(design, plain)
        )
    main = _given(frame, "is_first", "boolean").fillna(False).to_numpy(dtype=bool)
    lists = _lists(frame, "scheme")
    frame = frame.assign(symbol=_whole_symbols(frame, lists, main))
    order = np.lexsort((np.arange(len(frame)), ~main, lists))
    frame = _without_doubles(frame, order, [lists, frame["symbol"]])
    frame = _numbered(frame, "scheme")
    denied = _given(frame, "is_first", "boolean").eq(False).fillna(False).to_numpy(dtype=bool)
    return frame.assign(is_first=(frame["position"] == 1) & ~denied)


def citations(frame: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """Both ends of every citation; nothing cites itself."""
    own = ids.take(frame[RECORD].to_numpy()).set_axis(frame.index)
    forward = frame["_direction"].eq("forward")
    cited, citing = _given(frame, "cited_id"), _given(frame, "citing_id")
    if forward.any():
        cited, citing = cited.where(~forward, own), citing.where(forward, own)
    else:
        citing = own
    text = _given(frame, "cited_text")
    kind = _given(frame, "cited_kind")
    literature = cited.isna()
    if kind.isna().any():
        kind = kind.fillna(transforms.constant("patent", len(frame)).set_axis(frame.index))
        kind = kind.mask(literature, "literature") if literature.any() else kind
    frame = frame.assign(citing_id=citing, cited_id=cited, cited_text=text, cited_kind=kind)
    known = citing.notna() & (cited.notna() | text.notna()) & (citing != cited).fillna(True)
    return frame if known.all() else frame[known]


def priorities(frame: pd.DataFrame, _ids: pd.Series) -> pd.DataFrame:
    """Numbers without office take that of their own column."""
    number, office = _given(frame, "priority_number"), _given(frame, "authority")
    bare = number.str.match(r"^\d", na=False) & office.notna()
    if bare.any():
        spelled = identifiers.application_ids(number[bare], office[bare])
        number = number.mask(bare, spelled.fillna(number[bare]))
    frame = _filled(frame.assign(priority_number=number), "priority_number")
    return _once(frame, "priority_number")


def families(frame: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """Members with the publication itself; the family is called by its smallest member."""
    frame = frame.assign(publication_id=_given(frame, "publication_id"))
    members = _filled(frame, "publication_id")
    own = frame.iloc[_firsts(_lists(frame, "scheme"))]
    own = own.assign(publication_id=ids.take(own[RECORD].to_numpy()).set_axis(own.index))
    whole = _filled(pd.concat([own, members], ignore_index=True), "publication_id")
    lists = _lists(whole, "scheme")
    whole = _without_doubles(
        whole, np.argsort(lists, kind="stable"), [lists, whole["publication_id"]]
    )
    lists = _lists(whole, "scheme")
    number = np.unique(lists, return_inverse=True)[1]
    names_in_order = whole["publication_id"].argsort().to_numpy()
    smallest = names_in_order[_first_of_each(number[names_in_order])]
    family = whole["publication_id"].take(smallest[number]).set_axis(whole.index)
    if "family_id" in whole:
        stated = whole["family_id"].groupby(number).transform("first")
        family = stated.fillna(family)
    return whole.assign(family_id=family)


def vendor_values(frame: pd.DataFrame, _ids: pd.Series) -> pd.DataFrame:
    """Numbers beside the vendor's text."""
    frame = _filled(frame, "value")
    column = transforms.to_arrow(frame["value"])
    number = transforms.by_unique(column, lambda v: pd.to_numeric(v, errors="coerce"))
    return _once(frame.assign(number=number.set_axis(frame.index)), "name")


def legal_events(frame: pd.DataFrame, _ids: pd.Series) -> pd.DataFrame:
    """Category by the words of the event where the column does not tell."""
    text, code = _given(frame, "text"), _given(frame, "code")
    category = _given(frame, "category")
    if category.isna().any():
        column = transforms.to_arrow(text.fillna(code))
        found = transforms.by_unique(column, event_category).set_axis(frame.index)
        category = category.fillna(found)
    frame = frame.assign(text=text, code=code, category=category)
    known = text.notna() | code.notna() | _given(frame, "date").notna()
    known |= _given(frame, "party_to").notna() | _given(frame, "party_from").notna()
    return _once(frame[known].assign(date=_given(frame, "date", "datetime64[us]")[known]),
                 "date", "code", "text")  # fmt: skip


FINISH: dict[str, Callable[[pd.DataFrame, pd.Series], pd.DataFrame]] = {
    "texts": texts, "parties": parties, "inventors": inventors,
    "classifications": classifications, "citations": citations, "priorities": priorities,
    "families": families, "vendor_values": vendor_values, "legal_events": legal_events,
}  # fmt: skip


def event_category(values: pd.Series) -> pd.Series:
    """Category of legal events by the words of their text; missing where no word tells."""
    category = pd.Series(None, index=values.index, dtype="str")
    for rule in _resources.load_csv("vocabularies", "event_category"):
        hit = category.isna() & values.str.contains(
            rule["pattern"], case=False, regex=True, na=False
        )
        category[hit] = rule["value"]
    return category


def complete_types(publications: pd.DataFrame) -> pd.DataFrame:
    """Patent type and grant from office and kind code, where the vendor does not tell."""
    rules = {
        (row["office"], row["kind"]): row for row in _resources.load_csv("vocabularies", "kinds")
    }
    pair = publications["authority"] + " " + publications["kind_code"]
    column = transforms.to_arrow(pair)

    def derived(name: str) -> pd.Series:
        def read(pairs: pd.Series) -> pd.Series:
            found = [_kind_rule(rules, p).get(name) or None for p in pairs]
            return pd.Series(found, index=pairs.index, dtype="str")

        return transforms.by_unique(column, read).set_axis(publications.index)

    kind = derived("patent_type")
    granted = derived("granted").map({"true": True, "false": False}).astype("boolean")
    if "patent_type" in publications:
        kind = publications["patent_type"].fillna(kind)
    if "granted" in publications:
        granted = publications["granted"].fillna(granted)
    return publications.assign(patent_type=kind, granted=granted)


def _kind_rule(rules: dict[tuple[str, str], dict[str, str]], pair: object) -> dict[str, str]:
    if not isinstance(pair, str):
        return {}
    office, kind = pair.split(" ")
    for where in (office, "*"):
        for code in (kind, kind[:1]):
            if (where, code) in rules:
                return rules[where, code]
    return {}


# Rows


def _given(frame: pd.DataFrame, name: str, dtype: str = "str") -> pd.Series:
    """A column, or an empty one where the file has none."""
    return frame[name] if name in frame else pd.Series(None, index=frame.index, dtype=dtype)


def _filled(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The rows in which a column is filled, with a fresh index."""
    known = frame[name].notna()
    return frame.reset_index(drop=True) if known.all() else frame[known].reset_index(drop=True)


def _spelled(frame: pd.DataFrame) -> pd.Series:
    raw = frame["name_raw"]
    spelled = transforms.by_unique(transforms.to_arrow(raw), names.spell_names).set_axis(
        frame.index
    )
    return frame["name"].fillna(spelled) if "name" in frame else spelled


def _lists(frame: pd.DataFrame, name: str) -> np.ndarray:
    """A number for each list: record and role or scheme."""
    codes, unique = pd.factorize(frame[name], sort=True)
    numbers: np.ndarray = frame[RECORD].to_numpy() * (len(unique) + 1) + codes
    return numbers


def _firsts(lists: np.ndarray) -> np.ndarray:
    return np.sort(np.unique(lists, return_index=True)[1])


def _first_of_each(numbers: np.ndarray) -> np.ndarray:
    """Position of the first of each number, by number."""
    return np.unique(numbers, return_index=True)[1]


def _without_doubles(
    frame: pd.DataFrame, order: np.ndarray, key: list[np.ndarray | pd.Series]
) -> pd.DataFrame:
    """Rows in an order, of rows with an equal key the first only."""
    group = row_groups(key) if len(frame) else np.array([], dtype=np.int64)
    kept = order[~pd.Series(group[order]).duplicated().to_numpy()]
    if len(kept) == len(frame) and (kept == np.arange(len(kept))).all():
        return frame
    return frame.take(kept).reset_index(drop=True)


def _once(frame: pd.DataFrame, *key: str) -> pd.DataFrame:
    """Rows of a record that are equal in some columns, once; the order of the rows stays."""
    columns: list[np.ndarray | pd.Series] = [frame[RECORD].to_numpy()]
    columns += [frame[name] for name in key]
    return _without_doubles(frame, np.arange(len(frame)), columns)


def _numbered(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Positions 1, 2, 3 … within each list, whose rows stand together."""
    return frame.assign(position=run_positions(_lists(frame, name)))


def run_positions(numbers: np.ndarray) -> np.ndarray:
    """1, 2, 3 … within each run of equal numbers."""
    if not len(numbers):
        return np.array([], dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, numbers[1:] != numbers[:-1]])
    lengths = np.diff(np.r_[starts, len(numbers)])
    positions: np.ndarray = np.arange(len(numbers)) - np.repeat(starts, lengths) + 1
    return positions


def _whole_symbols(frame: pd.DataFrame, lists: np.ndarray, main: np.ndarray) -> pd.Series:
    """Symbols, with main classes that a vendor cuts short as the first symbol they begin."""
    cut = np.flatnonzero(
        main & ~frame["symbol"].str.contains("/", regex=False).to_numpy(dtype=bool)
    )
    if not len(cut):
        return frame["symbol"]
    short = pd.DataFrame({"list": lists[cut], "row": cut, "short": frame["symbol"].iloc[cut]})
    others = np.flatnonzero(~main)
    whole = pd.DataFrame({"list": lists[others], "whole": frame["symbol"].iloc[others]})
    pairs = short.merge(whole, on="list")
    begins = [w.startswith(s) for s, w in zip(pairs["short"], pairs["whole"], strict=True)]
    found = pairs[np.array(begins, dtype=bool)].drop_duplicates("row")
    result = frame["symbol"].copy()
    result.iloc[found["row"].to_numpy()] = found["whole"].to_numpy()
    return result
