"""Every row of docs/reference/files.md: what a writer leaves and a reader says when it goes wrong."""

import contextlib
import os
import re
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import pytest

import patentnav as pnav
from patentnav import config_context
from patentnav.cli import shell
from patentnav.errors import FileError, PatentnavError
from patentnav.project import load as load_project
from patentnav.project import run as run_project
from patentnav.study import Study

resource = pytest.importorskip("resource", reason="limits of Unix")
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/files.md").read_text(encoding="utf-8")
ROOM = 700  # bytes that a full disk still has for each file


def rows(heading):
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("|")]
    return [re.sub("`", "", cell) for cell in cells[2:]]


@pytest.fixture(scope="module")
def both():
    return [pnav.datasets.city(n=n).patents for n in (40, 60)]


@pytest.fixture(scope="module")
def reports(both):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = [pnav.report.build(p, lang="en") for p in both]
        for one in made:
            _ = one.pictures
    return made


def project_of(patents, place):
    folder = place / f"inputs-{len(patents)}"
    if not folder.exists():
        folder.mkdir()
        pnav.datasets.write_export(patents, folder / "in.xlsx", "incopat")
        (folder / "project.toml").write_text(
            '[project]\nlang = ["en"]\n[input]\nfiles = ["in.xlsx"]\n'
            '[report]\nformats = ["xlsx"]\n[output]\nfolder = "../out"\n',
            encoding="utf-8",
        )
    return folder / "project.toml"


def cached(patents, place):
    with config_context(cache_dir=place / "cache"):
        return Study(patents).courses


# Writes the one or the other result into a folder; True: a run of several files.
WRITERS = {
    "PatentSet.save": lambda f, i, place: f["sets"][i].save(place / "x.pnav"),
    "Report.save": lambda f, i, place: f["reports"][i].save(place / "x.docx"),
    "Report.save (slides)": lambda f, i, place: f["reports"][i].save(place / "x.pptx"),
    "Report.save_figures": lambda f, i, place: f["reports"][i].save_figures(place),
    "clean.write_review": lambda f, i, place: pnav.clean.write_review(
        f["sets"][i].parties, place / "x.xlsx"
    ),
    "datasets.write_export": lambda f, i, place: pnav.datasets.write_export(
        f["sets"][i], place / "x.xlsx", "incopat"
    ),
    "indicators.Baseline.save": lambda f, i, place: pnav.indicators.Baseline.of(
        f["sets"][i], ["backward_citations"], name="x"
    ).save(place / "x.parquet"),
    "io.write_tagged": lambda f, i, place: pnav.io.write_tagged(f["sets"][i], place / "x.txt"),
    "network.export": lambda f, i, place: pnav.network.export(
        pnav.network.inventors(f["sets"][i]), place / "x.gexf"
    ),
    "network.export (.txt)": lambda f, i, place: pnav.network.export(
        pnav.network.inventors(f["sets"][i]), place / "x.txt"
    ),
    "project.run": lambda f, i, place: run_project(project_of(f["sets"][i], place.parent)),
    "patentnav classify, score (tables)": lambda f, i, place: shell.write_table(
        place / "x.csv", f["sets"][i].parties, "x"
    ),
    "the cache of studies": lambda f, i, place: cached(f["sets"][i], place),
}
SINGLE = [n for n in WRITERS if n not in {"project.run", "the cache of studies"}]


@pytest.fixture
def given(both, reports):
    return {"sets": both, "reports": reports}


def state(place):
    return {
        str(p.relative_to(place)): p.read_bytes() for p in sorted(place.rglob("*")) if p.is_file()
    }


@pytest.fixture
def place(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@contextlib.contextmanager
def full_disk():
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_every_writer_of_the_table_has_a_test():
    assert rows("Writers") == list(WRITERS)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", [n for n in WRITERS if n != "the cache of studies"])
def test_a_full_disk_leaves_what_was_there_and_says_why(name, given, place):
    write = WRITERS[name]
    write(given, 0, place)
    project_of(given["sets"][1], place.parent)
    before = state(place)
    with full_disk(), pytest.raises(FileError, match=r"cannot be written: .*unchanged"):
        write(given, 1, place)
    assert state(place) == before


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", SINGLE)
def test_stopped_in_the_middle_leaves_what_was_there(name, given, place, monkeypatch):
    write = WRITERS[name]
    write(given, 0, place)
    before = state(place)

    def stopped(_handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        write(given, 1, place)
    assert state(place) == before


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", ["PatentSet.save", "Report.save", "clean.write_review"])
def test_two_at_once_leave_one_whole_result(name, given, place):
    write, results = WRITERS[name], []
    for i in (0, 1):
        write(given, i, place)
        results.append(state(place))
    assert results[0] != results[1]
    threads = [threading.Thread(target=write, args=(given, i, place)) for i in (0, 1) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert state(place) in results


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_full_disk_keeps_no_entry_of_the_cache_and_the_result(given, place, caplog):
    with full_disk():
        found = cached(given["sets"][1], place)
    assert "not kept in the cache" in caplog.text
    assert not [n for n in state(place) if not n.endswith(".part")]
    assert found.equals(cached(given["sets"][1], place))


def test_killed_writers_leave_the_whole_old_or_the_whole_new():
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/fuzz/kills.py"), "--kills", "8", "--only", "sets"],
        capture_output=True, text=True, check=False, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(Path(pnav.__file__).parents[1])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "of 8 kills" in done.stdout


def with_template(path):
    report = pnav.report.Report("t", "", "en", (), ())
    return report.save(path.with_name("saved.pptx"), template=path)


READERS = {
    "read": (pnav.read, "x.xlsx"),
    "io.explain": (pnav.io.explain, "x.csv"),
    "load": (pnav.load, "x.pnav/set.json"),
    "clean.read_decisions": (pnav.clean.read_decisions, "x.xlsx"),
    "indicators.Baseline.load": (pnav.indicators.Baseline.load, "x.parquet"),
    "taxonomy.load": (pnav.taxonomy.load, "x.xlsx"),
    "valuation.load": (pnav.valuation.load, "x.toml"),
    "population.read": (pnav.population.read, "x.pnav/set.json"),
    "project.load": (load_project, "x.toml"),
    "templates of Report.save": (with_template, "x.potx"),
}


def test_every_reader_of_the_table_has_a_test():
    assert rows("Readers") == list(READERS)


@pytest.fixture
def damaged(request, tmp_path):
    reader, name = READERS[request.param]
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"PK\x03\x04\xff\x00\xfe" * 9)
    return reader, tmp_path / name.split("/")[0], file


@pytest.mark.parametrize("damaged", READERS, indirect=True)
def test_a_damaged_file_is_named(damaged):
    reader, path, _ = damaged
    with pytest.raises(PatentnavError, match=r"x\."):
        reader(path)


@pytest.mark.parametrize("damaged", READERS, indirect=True)
def test_a_missing_file_is_named(damaged):
    reader, path, file = damaged
    file.unlink()
    if path.is_dir():
        path.rmdir()
    with pytest.raises(PatentnavError, match=r"x\."):
        reader(path)


@pytest.mark.parametrize("damaged", [n for n in READERS if n != "population.read"], indirect=True)
def test_a_file_without_permission_is_named(damaged, monkeypatch):
    reader, path, file = damaged
    usual = Path.open

    def denied(self, *args, **kwargs):
        if self.name == file.name:
            raise PermissionError(13, "Permission denied")
        return usual(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(FileError, match="no permission"):
        reader(path)
