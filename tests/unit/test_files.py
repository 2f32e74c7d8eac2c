"""Whatever happens in the middle, a file or folder is the whole old or the whole new one."""

import errno
import io
import os
import stat
import sys
import threading
import time
from pathlib import Path

import pytest

from patentnav import _files
from patentnav.errors import ArgumentError, FileError

unix = pytest.mark.skipif(sys.platform == "win32", reason="links and modes of Unix")


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def full(stream):
    stream.write(b"half")
    raise OSError(errno.ENOSPC, "No space left on device")


def no_foreign(folder):
    return []


def filled(*pairs):
    def fill(place):
        for name, content in pairs:
            (place / name).write_bytes(content)

    return fill


def test_a_file_is_written_and_replaced(tmp_path):
    file = tmp_path / "a.bin"
    assert _files.write_file(file, b"one") == file
    _files.write_file(file, lambda stream: stream.write(b"two"))
    assert file.read_bytes() == b"two"
    assert names(tmp_path) == ["a.bin"]


def test_a_full_disk_leaves_the_old_file_and_says_why(tmp_path):
    file = tmp_path / "a.bin"
    file.write_bytes(b"old")
    with pytest.raises(
        FileError, match=r'a\.bin" cannot be written: no space .* unchanged'
    ) as told:
        _files.write_file(file, full)
    assert told.value.errno == errno.ENOSPC
    assert file.read_bytes() == b"old"
    assert names(tmp_path) == ["a.bin"]


def test_an_error_of_another_kind_passes_and_leaves_nothing(tmp_path):
    def broken(stream):
        stream.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _files.write_file(tmp_path / "a.bin", broken)
    assert names(tmp_path) == []


@unix
def test_links_are_followed_and_modes_kept(tmp_path):
    real = tmp_path / "real.bin"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link = tmp_path / "link.bin"
    link.symlink_to(real)
    _files.write_file(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    before = os.umask(0o027)
    try:
        fresh = _files.write_file(tmp_path / "fresh.bin", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE(fresh.stat().st_mode) == 0o640


@pytest.mark.parametrize("target", ["none/a.bin", "."])
def test_wrong_targets_of_a_file(tmp_path, target):
    with pytest.raises(ArgumentError, match=r"does not exist|is a folder"):
        _files.write_file(tmp_path / target, b"")
    assert names(tmp_path) == []


def test_names_as_long_as_the_system_allows(tmp_path):
    longest = tmp_path / ("\u5355" * 80 + ".bin")
    _files.write_file(longest, b"x")
    assert longest.read_bytes() == b"x"
    with pytest.raises(FileError, match="too long"):
        _files.write_file(tmp_path / ("x" * 300), b"x")
    assert names(tmp_path) == [longest.name]


def test_several_files_change_together_or_not_at_all(tmp_path):
    folder = tmp_path / "figures"
    written = _files.write_files(folder, {"b": b"1", "a": b"2"})
    assert [p.name for p in written] == ["b", "a"]
    (folder / "mine.txt").write_text("kept")
    (folder / "z").mkdir()
    with pytest.raises(ArgumentError):  # z is a folder; by then b and a are filled
        _files.write_files(folder, {"b": b"3", "a": b"4", "z": b""})
    assert (folder / "b").read_bytes() == b"1"
    assert names(folder) == ["a", "b", "mine.txt", "z"]


def test_a_folder_is_replaced_whole(tmp_path):
    folder = tmp_path / "above" / "set"
    _files.write_folder(folder, filled(("a", b"1"), ("b", b"1")), no_foreign)
    _files.write_folder(folder, filled(("a", b"2")), no_foreign)
    assert names(folder) == ["a"]
    assert (folder / "a").read_bytes() == b"2"
    assert names(folder.parent) == ["set"]


def test_a_folder_that_cannot_be_filled_leaves_the_old_one(tmp_path):
    folder = tmp_path / "set"
    _files.write_folder(folder, filled(("a", b"1")), no_foreign)

    def fill(place):
        (place / "a").write_bytes(b"2")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(FileError, match="no space is left"):
        _files.write_folder(folder, fill, no_foreign)
    assert (folder / "a").read_bytes() == b"1"
    assert names(tmp_path) == ["set"]


def test_files_of_others_are_not_lost(tmp_path):
    (tmp_path / "mine.txt").write_text("kept")
    with pytest.raises(ArgumentError, match=r'holds "mine\.txt", which would be lost'):
        _files.write_folder(tmp_path, filled(), names)
    assert names(tmp_path) == ["mine.txt"]
    with pytest.raises(ArgumentError, match="is a file"):
        _files.write_folder(tmp_path / "mine.txt", filled(), no_foreign)


def test_what_a_file_manager_drops_is_no_file_of_others(tmp_path):
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / ".DS_Store").write_bytes(b"")
    _files.write_folder(folder, filled(("a", b"1")), names)
    assert names(folder) == ["a"]


def test_killed_between_the_renames_the_old_folder_is_still_there(tmp_path):
    folder = tmp_path / "set"
    _files.write_folder(folder, filled(("a", b"1")), no_foreign)
    folder.rename(_files._beside(folder, _files._OLD))
    part = _files._beside(folder, _files._PART)
    part.mkdir()
    assert (_files.standing(folder) / "a").read_bytes() == b"1"
    with pytest.raises(FileError):
        _files.write_folder(folder, lambda place: full(io.BytesIO()), no_foreign)
    assert (folder / "a").read_bytes() == b"1"  # back under its name
    _files.write_folder(folder, filled(("a", b"2")), no_foreign)
    assert (folder / "a").read_bytes() == b"2"


def test_a_folder_removed_on_purpose_does_not_come_back(tmp_path):
    folder = tmp_path / "set"
    left = _files._beside(folder, _files._OLD)  # by a writer killed after its renames
    left.mkdir()
    assert _files.standing(folder) == folder


def test_only_old_parts_of_the_same_target_are_removed(tmp_path):
    target, other = tmp_path / "a.bin", tmp_path / "b.bin"
    old, young, foreign = (_files._beside(t, _files._PART) for t in (target, target, other))
    for part in (old, young, foreign):
        part.write_bytes(b"")
    for part in (old, foreign):
        os.utime(part, (time.time() - 7200,) * 2)
    _files.write_file(target, b"x")
    assert names(tmp_path) == sorted(["a.bin", young.name, foreign.name])


def test_of_many_writers_at_once_one_wins_whole(tmp_path):
    folder, errors = tmp_path / "set", []

    def write(mark):
        try:
            for _ in range(10):
                pairs = [(name, mark) for name in "abc"]
                _files.write_folder(folder, filled(*pairs), no_foreign)
        except (OSError, ArgumentError) as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(m,)) for m in (b"1", b"2", b"3", b"4")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len({p.read_bytes() for p in folder.iterdir()}) == 1
    assert names(folder) == ["a", "b", "c"]
    assert names(tmp_path) == ["set"]


@unix
def test_no_permission_is_told(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may do all")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(FileError, match="no permission"):
            _files.write_file(tmp_path / "a.bin", b"")
    finally:
        tmp_path.chmod(0o700)


def test_names_that_are_no_utf8_are_printable():
    raw = "\u6d4e\u5357.csv".encode("gb18030")
    assert _files.printable(os.fsdecode(raw)) == "\u6d4e\u5357.csv"
    assert _files.printable(Path("\u6d4e\u5357.csv")) == "\u6d4e\u5357.csv"
    _files.printable(os.fsdecode(b"\xff\x00a")).encode()


def test_a_name_that_is_too_long_names_nothing(tmp_path):
    long = tmp_path / ("x" * 300)
    assert not _files.is_file(long)
    assert not _files.is_dir(long / "in")
    assert _files.is_dir(tmp_path)


@unix
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() == 0, reason="root may see all")
def test_a_folder_that_may_not_be_looked_into_is_told(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    with pytest.raises(FileError, match="no permission"):
        _files.is_file(closed / "a")
