"""The program itself: how fast it answers, how it ends, and that nobody ever sees a traceback."""

import os
import signal
import subprocess
import sys
import time

import pytest

from workbench.commands import align_command
from workbench.services import script_service


def test_the_help_imports_nothing_heavy():
    """What takes the time is imports: none of these may come before a command runs."""
    heavy = ("pandas", "numpy", "torch", "streamlit", "sqlalchemy", "sentence_transformers", "lxml", "docx")
    code = (
        "import sys\nfrom workbench.commands.program import run\ncode = run(['--help'])\n"
        f"print(code, [name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "0 []"
    assert "align" in done.stdout


def test_the_help_is_quick():
    """At most one and a half times what `import pandas` takes; processor time, the best of a few runs."""

    def best(arguments):
        return min(spent(arguments) for _ in range(3))

    assert best(["-m", "workbench", "--help"]) <= 1.5 * best(["-c", "import pandas"])


def spent(arguments):
    before = os.times()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def test_importing_the_public_names_loads_nothing_before_it_is_used():
    code = "import sys, workbench; dir(workbench); print([m for m in sys.modules if m.startswith('workbench.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_public_name_is_an_attribute_error():
    import workbench

    with pytest.raises(AttributeError, match="nothing_like_it"):
        workbench.nothing_like_it  # noqa: B018


def test_a_fault_of_the_program_is_one_sentence_and_a_log(workbench, home, tmp_path, monkeypatch):
    def fault(*_arguments, **_options):
        raise RuntimeError("the inner workings")

    (tmp_path / "fr.txt").write_text("Bonjour à tous.\n", encoding="utf-8")
    monkeypatch.setattr(script_service, "align_files", fault)
    done = workbench("align", tmp_path / "fr.txt", tmp_path / "fr.txt")
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
    assert "inner workings" not in done.err
    log = next((home / "logs").glob("fault-*.log"))
    assert str(log) in done.err
    assert "the inner workings" in log.read_text(encoding="utf-8")


def test_the_version_and_a_group_without_a_command(workbench):
    assert workbench("--version").out.startswith("workbench ")
    assert "concordance" in workbench("memory").out + workbench("memory").err


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("WORKBENCH_DATABASE_URL", "nonsense", "WORKBENCH_DATABASE_URL"),
        ("WORKBENCH_DATABASE_URL", "postgresql+psycopg://localhost:1/none", ""),
        ("WORKBENCH_HOME", os.devnull, "WORKBENCH_HOME"),
    ],
)
def test_a_wrong_setting_is_told(workbench, monkeypatch, variable, value, said):
    monkeypatch.setenv(variable, value)
    done = workbench("memory", "stats")
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert "should not" not in done.err, done.err


def test_a_reader_that_has_seen_enough_is_no_error(home):
    """`workbench … | head -1` ends quietly."""
    command = f"{sys.executable} -m workbench memory --help | head -1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_ctrl_c_ends_with_one_word(home, tmp_path):
    """The interrupt reaches a command that is at work."""
    (tmp_path / "big.fr.txt").write_text("Les villes coopèrent et le pont est neuf. " * 200_000, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", "text", "segments", tmp_path / "big.fr.txt"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    if process.returncode == 0:
        pytest.skip("this machine had finished before the interrupt")
    assert process.returncode == 130
    assert err.strip() == "Stopped."


def test_an_output_that_cannot_be_written_is_told(workbench, tmp_path):
    for name, text in (("fr", "L’eau de la rivière.\n"), ("es", "El agua del río.\n")):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    files = (tmp_path / "fr.txt", tmp_path / "es.txt", "--segmented")
    (tmp_path / "file").write_text("", encoding="utf-8")
    for target in (tmp_path, tmp_path / "file" / "below.csv"):
        done = workbench("align", *files, "-o", target)
        assert done.code == 2, done.err
        assert str(target) in done.err
        assert "Traceback" not in done.err


def test_the_formats_of_endings_are_formats():
    assert set(align_command.ENDINGS.values()) <= set(script_service.FORMATS)
