"""Cost of a baseline against the size of the population, in DuckDB.

    python benchmarks/population.py                  10^5 and 10^6 publications
    python benchmarks/population.py --sizes 10000000

Generated tables (three classes and 1.5 citations per publication), written to a temporary folder.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import duckdb

from patentnav import population
from patentnav.taxonomy import load

NAMES = ["claim_count", "patent_scope", "family_size", "grant_lag", "backward_citations",
         "citations_received", "forward_citations"]  # fmt: skip


def write(folder: Path, n: int) -> None:
    """Tables of ``n`` publications, one in three of them a second publication of its application."""
    symbols = sorted({p for node in load("wipo-35").nodes for r in load("wipo-35").rules(node)
                      for p in r.include if len(p) == 4})  # fmt: skip
    connection = duckdb.connect()
    connection.execute("set memory_limit='2GB'")
    connection.execute(f"set temp_directory='{folder}'")
    connection.execute("create table symbols as select unnest($1) as symbol", [symbols])
    connection.execute(
        "create table numbered as select row_number() over () - 1 as place, symbol from symbols"
    )
    count = len(symbols)
    queries = {
        "publications": f"""
            select case i % 3 when 2 then format('CN{{}}B', 100000000 + i - 1)
                              else format('CN{{}}A', 100000000 + i) end as publication_id,
                   format('CN{{}}', 200000000 + i - (i % 3 = 2)::int) as application_id,
                   'CN' as authority, 'title' as title,
                   date '2000-01-01' + (i * 9000 // {n})::int as application_date,
                   date '2000-01-01' + (i * 9000 // {n} + 500 + 300 * (i % 3 = 2)::int)::int
                       as publication_date,
                   i % 3 = 2 as granted,
                   case when i % 3 = 2 then date '2000-01-01' + (i * 9000 // {n} + 800)::int end
                       as grant_date,
                   (5 + hash(i) % 15)::bigint as claim_count,
                   (1 + hash(i, 7) % 5)::bigint as family_country_count
            from range({n}) t(i)""",
        "classifications": f"""
            select case i % 3 when 2 then format('CN{{}}B', 100000000 + i - 1)
                              else format('CN{{}}A', 100000000 + i) end as publication_id,
                   'IPC' as scheme, format('{{}}{{}}/{{}}', s.symbol, 1 + hash(i, k) % 40, 10 + hash(k, i) % 20)
                       as symbol, k::bigint as position, k = 1 as is_first
            from range({n}) t(i), range(1, 4) u(k)
            join numbered s on s.place = hash(t.i, u.k, 3) % {count}""",
        "citations": f"""
            select format('CN{{}}A', 100000000 + a - (a % 3 = 2)::int) as citing_id,
                   format('CN{{}}A', 100000000 + b - (b % 3 = 2)::int) as cited_id,
                   null::date as citing_date
            from (select i as a, (i * (hash(i, k) % 1000) // 1000)::bigint as b
                  from range({n}) t(i), range(3) u(k) where hash(k, i) % 2 = 0) e""",
    }  # fmt: skip
    for name, query in queries.items():
        connection.execute(f"copy ({query}) to '{folder / name}.parquet' (format parquet)")
    connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    for n in parser.parse_args().sizes:
        with tempfile.TemporaryDirectory() as where:
            folder = Path(where)
            write(folder, n)
            size = sum(file.stat().st_size for file in folder.glob("*.parquet")) / 1e6
            before, worked = time.perf_counter(), time.process_time()
            made = population.baseline(population.read(folder, memory="2500MB"), NAMES)
            took, worked = time.perf_counter() - before, time.process_time() - worked
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
            print(f"{n:>12,} publications {size:8.0f} MB  {took:7.1f} s ({worked:.1f} s of CPU)  "
                  f"peak {peak:.2f} GB  {len(made.distributions):,} rows")  # fmt: skip


if __name__ == "__main__":
    main()
