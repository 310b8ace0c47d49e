"""`workbench backup` and `workbench restore`."""

import os
import zipfile

from tests.commands.conftest import FRENCH


def test_a_restored_workspace_is_the_one_that_was_backed_up(workbench, home, tmp_path):
    (tmp_path / "fr.md").write_text(FRENCH, encoding="utf-8")
    assert workbench("text", "add", tmp_path / "fr.md", "--slug", "first").code == 0
    saved = tmp_path / "kept" / "workspace.zip"
    assert workbench("backup", saved).code == 0
    assert workbench("text", "rename", "first", "second").code == 0
    done = workbench("restore", saved, "--yes")
    assert done.code == 0, done.err
    assert workbench("text", "segments", "first", "fr").out.startswith("0\tLe réseau\n")
    before = list((home / "backups").glob("before-restore-*.zip"))
    assert len(before) == 1
    assert workbench("restore", before[0], "--yes").code == 0
    assert workbench("text", "segments", "second", "fr").code == 0


def test_a_damaged_database_is_moved_aside_and_replaced(workbench, home, tmp_path):
    saved = tmp_path / "workspace.zip"
    assert workbench("backup", saved).code == 0
    for path in home.glob("workbench.db*"):
        path.unlink()
    (home / "workbench.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert workbench("text", "list").code == 2
    done = workbench("restore", saved, "--yes")
    assert done.code == 0, done.err
    assert list((home / "backups").glob("damaged-*.db"))
    assert workbench("text", "list").code == 0


def test_what_is_no_backup_is_refused_and_changes_nothing(workbench, tmp_path):
    (tmp_path / "text.zip").write_bytes(b"no archive")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with zipfile.ZipFile(tmp_path / "false.zip", "w") as archive:
        archive.writestr("workbench.db", "no database")
    for name in ("text.zip", "other.zip", "false.zip", "gone.zip"):
        done = workbench("restore", tmp_path / name, "--yes")
        assert done.code == 2, name
        assert name in done.err
        assert "Traceback" not in done.err
    assert workbench("text", "list").code == 0


def test_nothing_is_replaced_without_a_yes_where_nobody_can_be_asked(workbench, tmp_path):
    saved = tmp_path / "workspace.zip"
    assert workbench("backup", saved).code == 0
    done = workbench("restore", saved)
    assert done.code == 2
    assert "--yes" in done.err


def test_what_a_killed_backup_left_is_swept_by_a_later_one(workbench, tmp_path):
    saved = tmp_path / "kept" / "workspace.zip"
    left, running = (saved.parent / f".workspace.zip.{name}" for name in ("killed", "running"))
    for folder in (left, running):
        folder.mkdir(parents=True)
        (folder / "workbench.db").write_bytes(b"a copy")
    long_ago = left.stat().st_mtime - 24 * 3600
    os.utime(left, (long_ago, long_ago))
    assert workbench("backup", saved).code == 0
    assert not left.exists()
    assert running.exists()
