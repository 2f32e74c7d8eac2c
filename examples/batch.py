"""Batch: one report per industry from a folder of exports.

python examples/batch.py exports/ reports/        (without arguments: on a synthetic city)
"""

import sys
from pathlib import Path

import patentnav as pnav

SMALLEST = 30  # publications; below it a report would judge from thin data


def main(exports: str | None = None, folder: str = "out/batch") -> None:
    """Write ``<industry>.docx`` and ``<industry>.xlsx`` for every industry with enough patents."""
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    if exports is None:
        patents = pnav.datasets.city(n=1500, random_state=1).patents
    else:
        patents = pnav.read(exports, errors="collect")
        print(patents.intake.to_string(index=False))

    industry = pnav.classify.industries(patents)
    print(f"{industry.isna().sum()} of {len(patents)} publications are in none of the industries")
    for name, count in industry.value_counts().items():
        if count < SMALLEST:
            continue
        report = pnav.report.build(patents.filter(industry == name), industry=name, lang="zh")
        for form in ("docx", "xlsx"):
            print(report.save(out / f"{name}.{form}"))


if __name__ == "__main__":
    main(*sys.argv[1:])
