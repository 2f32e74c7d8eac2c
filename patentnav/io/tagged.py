"""Sets as tagged text of the Web of Science, the form that CiteSpace and bibliometrix import.

The tags are those of Clarivate's list of field tags for the Core Collection. Neither program reads
what patent databases export, apart from a few fields of one of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _files, schema
from patentnav.patentset import checked

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.patentset import PatentSet

_HEAD = "FN Clarivate Analytics Web of Science\nVR 1.0\n"
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
# Tag, and whether its values stand on lines of their own (else they are joined by a semicolon).
_TAGS = {
    "PT": False, "AU": True, "AF": True, "CA": False, "TI": False, "SO": False, "LA": False,
    "DT": False, "DE": False, "AB": False, "C1": True, "CR": True, "NR": False, "TC": False,
    "PD": False, "PY": False, "PN": False, "WC": False, "UT": False,
}  # fmt: skip
_LANGUAGES = {"zh": "Chinese", "en": "English", "ja": "Japanese", "ko": "Korean", "de": "German",
              "fr": "French", "ru": "Russian", "es": "Spanish"}  # fmt: skip


def write_tagged(patents: PatentSet, path: str | Path) -> Path:
    """Write a set as tagged text of the Web of Science, for CiteSpace and bibliometrix.

    One record per publication, sorted by id. What the tags hold: inventors (``AU``, ``AF``),
    applicants (``CA``, and ``C1`` with their country), title, abstract, IPC and CPC subclasses as
    keywords (``DE``) and categories (``WC``), the office as the source (``SO``), publication year,
    patents cited as *applicant, year, number* (``CR``; the first two where the set holds the cited
    publication), citations received from inside the set (``TC``), the number (``PN``, ``UT``).

    Parameters
    ----------
    patents
        The set.
    path
        File to write, usually ``download_….txt`` (CiteSpace takes files whose names begin so).

    Returns
    -------
    pathlib.Path
        The file, UTF-8 with a byte order mark, as the Web of Science writes it.

    Raises
    ------
    FileError
        The disk is full, there is no permission and the like; what was there before is untouched.
    """
    checked(patents, "write_tagged")
    publications = patents.publications.sort_index()
    columns = pd.DataFrame(_fields(patents, publications), index=publications.index)
    written = [_HEAD]
    for row in columns.to_dict("records"):
        lines = [_lines(tag, row.get(tag), apart=apart) for tag, apart in _TAGS.items()]
        written.append("".join(lines) + "ER\n\n")
    return _files.write_file(_files.as_path(path), ("".join(written) + "EF\n").encode("utf-8-sig"))


def _lines(tag: str, value: Any, *, apart: bool) -> str:
    """A field as lines; nothing where it is empty."""
    values = value if isinstance(value, list) else [value]
    texts = [re.sub(r"\s+", " ", str(one)).strip() for one in values if not pd.isna(one)]
    texts = [text for text in texts if text]
    if not texts:
        return ""
    body = "\n   ".join(texts) if apart else "; ".join(texts)
    return f"{tag} {body}\n"


def _table(patents: PatentSet, name: str) -> pd.DataFrame:
    """A table of the set, empty where the set does not carry it."""
    return getattr(patents, name) if patents.has(name) else schema.empty(name)


def _fields(patents: PatentSet, publications: pd.DataFrame) -> dict[str, pd.Series]:
    """Values of every tag, by publication."""
    ids = publications.index.to_series()
    names = _listed(
        _table(patents, "inventors").sort_values("position"), "publication_id", "name_raw"
    )
    parties = _table(patents, "parties")
    applicants = parties[parties["role"] == "applicant"].sort_values("position")
    said = applicants["name"].fillna(applicants["name_raw"])
    applicants = applicants.assign(
        said=said, place=said + applicants["country"].map(_after).fillna("")
    )
    symbols = _table(patents, "classifications").sort_values("position")
    symbols = symbols[symbols["scheme"].isin(["IPC", "CPC"])]
    subclasses = _listed(
        symbols.assign(subclass=symbols["symbol"].str[:4]).drop_duplicates(
            ["publication_id", "subclass"]
        ),
        "publication_id",
        "subclass",
    )
    texts = _table(patents, "texts")
    abstracts = texts[texts["field"] == "abstract"]
    # The text in the language of the publication first, a translation where there is no other.
    abstracts = abstracts.sort_values(["is_translation", "language"]).drop_duplicates(
        "publication_id"
    )
    dates = publications["publication_date"]
    cited = _cited(patents, publications, applicants)
    received = cited.groupby("cited_id")["citing_id"].nunique()
    return {
        "PT": pd.Series("P", publications.index),
        "AU": names,
        "AF": names,
        "CA": _listed(applicants, "publication_id", "said"),
        "TI": publications["title"],
        "SO": "PATENTS OF " + publications["authority"].astype("str"),
        "LA": publications["language"].map(_LANGUAGES),
        "DT": pd.Series("Patent", publications.index),
        "DE": subclasses,
        "AB": abstracts.set_index("publication_id")["text"],
        "C1": _listed(applicants, "publication_id", "place"),
        "CR": _listed(cited, "citing_id", "reference"),
        "NR": cited.groupby("citing_id")["cited_id"].nunique(),
        # No citation table at all: not known, which is not zero.
        "TC": ids.map(received).fillna(0).astype(int) if patents.has("citations") else ids.map({}),
        "PD": dates.dt.month.map(lambda m: _MONTHS[int(m) - 1], na_action="ignore"),
        "PY": dates.dt.year.astype("Int64"),
        "PN": ids,
        "WC": subclasses,
        "UT": "PATENT:" + ids,
    }


def _cited(
    patents: PatentSet, publications: pd.DataFrame, applicants: pd.DataFrame
) -> pd.DataFrame:
    """Patents cited, each once per citing publication, with the words of the reference."""
    rows = _table(patents, "citations")[["citing_id", "cited_id"]].dropna().drop_duplicates()
    rows = rows.sort_values(["citing_id", "cited_id"])
    first = applicants.drop_duplicates("publication_id").set_index("publication_id")["said"]
    year = publications["publication_date"].dt.year.astype("Int64").astype("string")
    owner = rows["cited_id"].map(first).fillna("Anonymous").str.replace(",", " ")
    return rows.assign(
        reference=owner + ", " + rows["cited_id"].map(year).fillna("") + ", " + rows["cited_id"]
    )


def _listed(rows: pd.DataFrame, by: str, column: str) -> pd.Series:
    """Values of every publication as a list."""
    return rows.dropna(subset=[column]).groupby(by)[column].agg(list)


def _after(country: Any) -> Any:
    """A country as it stands after a name."""
    return country if pd.isna(country) else f", {country}"
