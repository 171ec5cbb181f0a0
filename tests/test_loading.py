"""What is loaded, and when: a command that needs no simulation does not wait for the libraries of
one.
"""

import subprocess
import sys
from pathlib import Path

import pytest

import funnel_sim

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("scipy", "pandas", "altair", "streamlit")
RUN = """
import sys
from funnel_sim.cli import main
try:
    code = main({arguments!r}, out=open({out!r}, "w", encoding="utf-8"))
except SystemExit as end:
    code = end.code
print(code, *sorted({{name.split(".")[0] for name in sys.modules}} & {{*{heavy!r}}}))
"""


def loaded(tmp_path, *arguments, heavy=HEAVY):
    """Return the exit code of a command in a fresh process, and which of the heavy packages it
    loaded.
    """
    code = RUN.format(arguments=list(arguments), out=str(tmp_path / "out.txt"), heavy=heavy)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    first, *names = done.stdout.splitlines()[-1].split()
    return first, names


@pytest.mark.parametrize(
    "arguments", [("--help",), ("presets",), ("presets", "--json"), ("--version",)]
)
def test_lists_and_help_load_no_library_at_all(tmp_path, arguments):
    assert loaded(tmp_path, *arguments, heavy=(*HEAVY, "numpy", "pydantic", "babel")) == ("0", [])


@pytest.mark.parametrize(
    "arguments",
    [
        ("preset", "amazon-de-kitchen"),
        ("schema",),
        ("parameters", "--due", "--json"),
        ("serve", "--help"),
    ],
)
def test_what_only_prints_loads_neither_scipy_nor_pandas(tmp_path, arguments):
    assert loaded(tmp_path, *arguments) == ("0", [])


def test_what_computes_loads_what_it_computes_with(tmp_path):
    """The check above can fail: it sees SciPy where SciPy is loaded; tables of a file are read by
    the commands that take one.
    """
    assert loaded(tmp_path, "evaluate", "/no/such/file") == ("2", ["scipy"])
    assert loaded(tmp_path, "ltv", "/no/such/file") == ("2", ["pandas", "scipy"])


def test_dask_is_loaded_by_nothing_but_its_own_option(tmp_path):
    file = tmp_path / "items.csv"
    file.write_text("Name,Base\na,amazon-de-kitchen\n", "utf-8")
    command, dask = ("portfolio", str(file), "--json"), ("dask", "distributed")
    assert loaded(tmp_path, *command, "--paths", "256", heavy=dask) == ("0", [])
    assert loaded(tmp_path, *command, "--scheduler", "nowhere", heavy=dask) == ("2", [*dask])


def test_every_public_name_is_where_the_package_says():
    for name in funnel_sim.__all__:
        assert getattr(funnel_sim, name) is not None
        assert name in dir(funnel_sim)
    assert set(funnel_sim.__all__) - {"__version__"} == set(funnel_sim._HOMES)
    with pytest.raises(AttributeError, match="no attribute 'evaluat'"):
        _ = funnel_sim.evaluat
