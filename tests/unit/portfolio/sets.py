"""Small sets whose portfolios are worked by hand."""

from __future__ import annotations

import pandas as pd

from patentnav import PatentSet

DAY = "2025-12-31"


def build(rows, *, priorities=(), families=()):
    """A set from rows of plain entries: id, owner (``A|B`` together), ipc and publication columns."""
    frame = pd.DataFrame(
        [
            {
                "publication_id": row["id"],
                "authority": row.get("authority", "CN"),
                "patent_type": row.get("type", "invention"),
                "publication_date": row.get("published", "2025-06-01"),
                "application_date": row.get("filed", "2020-01-01"),
                "earliest_priority_date": row.get("priority", "2020-01-01"),
                "pct_publication_id": row.get("pct"),
                "legal_status": row.get("status", "pending"),
                "granted": row.get("granted"),
                "application_id": row.get("application"),
            }
            for row in rows
        ]
    )
    tables = {
        "publications": frame,
        "classifications": pd.DataFrame(
            [
                {"publication_id": row["id"], "scheme": "IPC", "symbol": symbol}
                for row in rows
                for symbol in row.get("ipc", "G06N3/08").split("|")
            ]
        ),
        "parties": pd.DataFrame(
            [
                {"publication_id": row["id"], "role": "applicant", "position": place,
                 "name_raw": name, "country": row.get("country", "CN")}
                for row in rows
                for place, name in enumerate(row.get("owner", "Alpha Ltd").split("|"), 1)
            ]
        ),
    }  # fmt: skip
    if priorities:
        tables["priorities"] = pd.DataFrame(
            priorities, columns=["publication_id", "priority_number", "authority", "date"]
        )
    if families:
        tables["families"] = pd.DataFrame(
            families, columns=["scheme", "family_id", "publication_id"]
        )
    return PatentSet.from_tables(tables)


def holding(owner, technology, size, pct, start, **more):
    """Rows of one owner in one technology, the first of them with a PCT application."""
    return [
        {"id": f"CN{start + i}A", "owner": owner, "technology": technology,
         "pct": f"WO2020{start + i:06d}" if i < pct else None, **more}
        for i in range(size)
    ]  # fmt: skip


def labels(rows):
    """Technologies of rows, as a Series."""
    return pd.Series({row["id"]: row["technology"] for row in rows}, name="technology")
