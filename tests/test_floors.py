"""The floors of the house: the core imports no Streamlit, reads no clock, prints nothing, has no
global chance, holds no figure.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORE = [p for p in (ROOT / "funnel_sim").rglob("*.py") if "ui" not in p.parts]
FORBIDDEN_CALLS = {
    "print",
    "input",
    "now",
    "today",
    "utcnow",
    "time",
    "monotonic",
    "perf_counter",
    "basicConfig",
}


@pytest.mark.parametrize("path", CORE, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_core_reads_no_clock_prints_nothing_and_rolls_no_dice(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a.name for a in node.names] + [getattr(node, "module", "") or ""]
            assert not any(
                n.split(".")[0] in ("streamlit", "time", "random", "locale") for n in names
            ), ast.dump(node)
        if isinstance(node, ast.Call):
            name = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            called = ast.unparse(node.func)
            if called.startswith(
                "np.random."
            ):  # only a generator with a seed of its own, never the global state
                assert called == "np.random.default_rng" and node.args, (
                    f"{path}:{node.lineno} calls {called}"
                )
            assert name not in FORBIDDEN_CALLS, f"{path}:{node.lineno} calls {name}"


def test_imports_go_downward_only():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_the_core_runs_without_streamlit():
    code = (
        "import sys; sys.modules['streamlit'] = None; import funnel_sim.cli as c;"
        " sys.exit(c.main(['presets']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_project_does_not_lean_on_its_surroundings():
    for path in [
        *ROOT.rglob("*.py"),
        *ROOT.rglob("*.md"),
        *ROOT.rglob("*.toml"),
        ROOT / "Makefile",
        ROOT / ".ci" / "run",
    ]:
        if ".venv" in path.parts or path == Path(__file__).resolve():
            continue
        text = path.read_text("utf-8")
        assert "../shared" not in text and "/work/" not in text, path


def test_the_same_scenario_gives_the_same_digits_in_another_process():
    code = (
        "from funnel_sim import evaluate, preset;"
        " print(repr(evaluate(preset('shopify-us-beauty')).horizon['profit']))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }
    assert len(runs) == 1
