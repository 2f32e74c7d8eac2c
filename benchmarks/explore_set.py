"""A set of any size with technologies and places, for measuring how fluent a map is."""

from __future__ import annotations

import numpy as np
import pandas as pd

import patentnav as pnav
from patentnav.cluster import Technologies

WORDS = "无人机电池管理系统碳化硅单晶生长量子密钥分发图像识别方法装置控制热交换涂层传感器"


def made(n: int, k: int = 60, seed: int = 0) -> tuple[pnav.PatentSet, Technologies]:
    """``n`` publications in ``k`` technologies, with titles, applicants, dates and states."""
    rng = np.random.default_rng(seed)
    ids = pd.Index([f"CN{110000000 + i}A" for i in range(n)], name="publication_id")
    letters = np.array(list(WORDS))
    titles = ["".join(row) for row in letters[rng.integers(0, len(letters), (n, 24))]]
    days = pd.to_datetime("2004-01-01") + pd.to_timedelta(rng.integers(0, 7300, n), "D")
    status = np.array(["in_force", "pending", "expired", "ceased", "refused"])
    publications = pd.DataFrame(
        {"title": titles, "application_id": [f"CN2020{10000000 + i}" for i in range(n)],
         "application_date": days, "legal_status": status[rng.integers(0, 5, n)],
         "claim_count": rng.integers(1, 30, n), "authority": "CN"}, index=ids,
    )  # fmt: skip
    firm = (rng.pareto(1.0, n) * 10).astype(int) % 4000
    parties = pd.DataFrame(
        {
            "publication_id": ids,
            "name_raw": [f"第{f}科技有限公司" for f in firm],
            "role": "applicant",
        }
    )
    patents = pnav.PatentSet.from_tables({"publications": publications, "parties": parties})
    size = 1 / (np.arange(k) + 4)
    group = np.sort(rng.choice(k, n, p=size / size.sum()))
    angle = np.arange(k) * 2.39996
    centre = np.sqrt(np.arange(k) / k)[:, None] * np.c_[np.cos(angle), np.sin(angle)]
    layout = centre[group] + rng.normal(0, 0.035, (n, 2))
    keys = pd.Index([f"T{i + 1:02d}" for i in range(k)], name="technology")
    names = pd.Series(["".join(letters[rng.integers(0, len(letters), 7)]) for _ in range(k)], keys)
    nothing = pd.DataFrame()
    return patents, Technologies(
        labels=pd.Series(keys[group], ids, name="technology", dtype="str"), names=names,
        areas=pd.Series("A1", keys), area_names=pd.Series({"A1": "all"}), terms=nothing,
        layout=pd.DataFrame(layout, ids, columns=["x", "y"]), representatives=nothing,
        quality=nothing, evidence=nothing, typicality=pd.Series(1.0, ids),
    )  # fmt: skip
