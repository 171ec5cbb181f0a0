"""Blocks on a Dask cluster: the digits of one process, whoever is killed; one sentence where none
is there, or one of no use.
"""

import io
import os
import signal
import sys
import types

import distributed
import pytest

from funnel_sim.chance import cluster
from funnel_sim.chance.portfolio import simulate_portfolio
from funnel_sim.cli import main
from funnel_sim.errors import InputError
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_files import portfolio_text

PATHS = 256
PORTFOLIO = Portfolio(
    tuple(
        PortfolioRow(f"r{n:02}", "amazon-de-kitchen", {"product.price": 20.0 + n})
        for n in range(24)
    ),
    DATA_DATE,
)
NOWHERE = "tcp://127.0.0.1:9"


@pytest.fixture(scope="module")
def running():
    """A scheduler here with two worker processes."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as found:
        yield found


@pytest.fixture(scope="module")
def whole():
    return simulate_portfolio(PORTFOLIO, PATHS)


def simulated(running, **options):
    address = running.scheduler_address
    return simulate_portfolio(PORTFOLIO, PATHS, scheduler=address, rows_a_block=2, **options)


def same(one, other):
    assert one.total.tolist() == other.total.tolist()
    assert one.mean.tolist() == other.mean.tolist()
    assert one.loss.tolist() == other.loss.tolist()
    assert one.percentiles.tolist() == other.percentiles.tolist()
    for tag, words in one.by_tag.items():
        assert {w: v.tolist() for w, v in words.items()} == {
            w: v.tolist() for w, v in other.by_tag[tag].items()
        }


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    return main([*map(str, arguments)], out, err), out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path):
    place = tmp_path / "items.json"
    place.write_text(portfolio_text(PORTFOLIO), "utf-8")
    return place


@pytest.mark.slow
def test_the_command_answers_as_one_process_does(running, file):
    options = ("portfolio", file, "--json", "--paths", PATHS)
    assert run(*options, "--scheduler", running.scheduler_address) == run(*options)


@pytest.mark.slow
def test_a_worker_that_is_killed_changes_nothing(running, whole):
    """Half-way one of the two goes, with the blocks that it had."""
    killed = []

    def kill(share):
        if share >= 0.5 and not killed:
            killed.append(next(iter(running.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    same(whole, simulated(running, progress=kill))
    assert killed


@pytest.mark.slow
def test_a_simulation_that_was_stopped_goes_on_elsewhere(running, whole, tmp_path):
    """Stopped on the cluster, finished in this process."""

    def stop(share):
        if share > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulated(running, kept=tmp_path, progress=stop)
    [folder] = tmp_path.iterdir()
    before = {one.name: one.stat().st_mtime_ns for one in folder.iterdir()}
    assert len(before) == 4  # of twelve blocks: the first above 30 %
    same(whole, simulate_portfolio(PORTFOLIO, PATHS, rows_a_block=2, kept=tmp_path))
    assert before.items() <= {one.name: one.stat().st_mtime_ns for one in folder.iterdir()}.items()


def test_another_version_on_a_worker_is_refused(running, monkeypatch):
    monkeypatch.setattr(cluster, "_versions", lambda: "model 1, NumPy 1.0")
    with pytest.raises(InputError, match=r"another version .*here \(model 1, NumPy 1\.0\)"):
        simulated(running)


def test_a_worker_without_this_program_is_refused(running, monkeypatch):
    """What it is asked for lies in a module that is here only."""
    here = types.ModuleType("only_here")
    exec("def versions(): return ''", here.__dict__)
    monkeypatch.setitem(sys.modules, "only_here", here)
    monkeypatch.setattr(cluster, "_versions", here.versions)
    with pytest.raises(InputError, match="missing on the scheduler or on a worker"):
        simulated(running)


def test_a_scheduler_without_workers_is_told(monkeypatch):
    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=None, silence_logs=50) as empty,
        pytest.raises(InputError, match="no worker for 1 s; start one with: dask worker"),
    ):
        simulated(empty)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--scheduler", NOWHERE], "no scheduler answered there within 1 s"),
        (["--scheduler", "localhost"], "is no address of a scheduler"),
        (["--scheduler", "http://localhost:80"], "is no address of a scheduler"),
        (["--scheduler", NOWHERE, "--workers", "2"], "--workers: 2 — is for processes on this"),
    ],
)
def test_a_scheduler_that_is_not_there_is_one_sentence_and_exit_code_2(
    file, monkeypatch, options, told
):
    monkeypatch.setattr(cluster, "_CONNECT", 1)
    code, out, err = run("portfolio", file, *options)
    assert (code, out) == (2, "") and told in err and err.count("\n") == 1


@pytest.mark.slow
def test_without_the_extra_the_installation_is_told(file, monkeypatch):
    monkeypatch.delitem(sys.modules, "funnel_sim.chance.cluster")
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, out, err = run("portfolio", file, "--scheduler", NOWHERE)
    assert (code, out) == (2, "") and err.count("\n") == 1
    assert 'pip install "funnel-sim[dask]"' in err
