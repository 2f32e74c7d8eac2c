"""The main job on the bundled synthetic city: publications in, navigation report out.

Run by `make demo`; writes to out/. The city and its patents are invented.
"""

from pathlib import Path

import patentnav as pnav

OUT = Path("out")


def main() -> None:
    """Make the city, write its report and say where."""
    OUT.mkdir(exist_ok=True)
    city = pnav.datasets.city(n=5000, random_state=0)
    report = pnav.report.build(city.patents, outline="industry", lang="zh", taxonomy="jinan-ten")
    files = [report.save(OUT / f"report.{form}") for form in ("docx", "html", "xlsx")]
    figures = report.save_figures(OUT / "figures")
    print("Navigation report of a synthetic city (invented data):")
    for file in files:
        print(f"  {file}")
    print(f"  {len(figures)} figures in {OUT / 'figures'}")


if __name__ == "__main__":
    main()
