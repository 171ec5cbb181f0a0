"""The odds of a sum: common draws, own draws, digits that no order, cut or process moves."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from funnel_sim.chance import workers
from funnel_sim.chance.portfolio import PortfolioJob, RowSources, simulate_portfolio
from funnel_sim.chance.simulation import simulate
from funnel_sim.chance.streams import plan_of
from funnel_sim.errors import InputError
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.moved_ranges import along
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import is_range, point_value

PATHS = 512
KITCHEN = preset("amazon-de-kitchen")
ELSEWHERE = preset("tiktok-us-beauty")


def certain(store, **changes):
    """Return a store in which nothing is drawn, with a plan of three months."""
    points = {p: point_value(v) for p, v in store.quantities() if is_range(v)}
    quiet = {"chance.month_noise": False, "chance.counting": False, "chance.fx_walk": False}
    fixed = {"shocks": [], "plan.horizon_months": 3} | quiet
    return store.replace(points | fixed | {k.replace("__", "."): v for k, v in changes.items()})


def of(bases, rows, **options):
    return Portfolio(
        tuple(PortfolioRow(name, base, **more) for name, base, more in rows),
        DATA_DATE,
        bases=bases,
        **options,
    )


def draws(portfolio, shared=0.0, paths=PATHS):
    job = PortfolioJob(portfolio, plan_of(paths, 1), shared)
    return [job.row(index) for index in range(len(portfolio.rows))]


def mixed(*, reverse=False):
    rows = [
        PortfolioRow(
            f"r{n:02}",
            ("amazon-de-kitchen", "tiktok-us-beauty")[n % 2],
            {"product.price": 20.0 + n},
        )
        for n in range(7)
    ]
    return Portfolio(tuple(rows[::-1] if reverse else rows), DATA_DATE)


@pytest.fixture(scope="module")
def whole():
    return simulate_portfolio(mixed(), PATHS)


def same(one, other):
    """Hold two simulations to every digit, rows by name."""
    assert one.total.tolist() == other.total.tolist()
    assert {t: {w: v.tolist() for w, v in some.items()} for t, some in one.by_tag.items()} == {
        t: {w: v.tolist() for w, v in some.items()} for t, some in other.by_tag.items()
    }

    def rows(found):
        parts = zip(found.portfolio.rows, found.mean, found.loss, found.percentiles, strict=True)
        return {row.name: (m, p, q.tolist()) for row, m, p, q in parts}

    assert rows(one) == rows(other)


def test_the_sum_is_that_of_the_rows_in_every_future(whole):
    """Each row in whole cents, added up."""
    job = PortfolioJob(whole.portfolio, whole.plan, whole.shared)
    rows = [job.row(index) for index in range(7)]
    cents = sum(np.rint(one * 100).astype(np.int64) for one in rows)
    assert whole.total.tolist() == (cents / 100).tolist()
    assert sum(whole.by_tag["market"].values()) == pytest.approx(whole.total)
    assert whole.loss[3] == (rows[3] < 0).mean() and whole.mean[3] == pytest.approx(rows[3].mean())


@pytest.mark.parametrize("size", [1, 3, 16])
def test_no_digit_depends_on_cut_or_order(whole, size):
    same(whole, simulate_portfolio(mixed(reverse=size > 1), PATHS, rows_a_block=size))


@pytest.mark.slow
def test_two_processes_give_the_digits_of_one(whole):
    same(whole, simulate_portfolio(mixed(), PATHS, workers_used=2, rows_a_block=2))


def test_another_row_leaves_the_draws_of_the_others(whole):
    more = Portfolio((*mixed().rows, PortfolioRow("zz", "amazon-us-kitchen")), DATA_DATE)
    found = simulate_portfolio(more, PATHS)
    assert found.mean[:7].tolist() == whole.mean.tolist()


def test_one_row_is_drawn_like_its_scenario():
    """Other streams, the same distribution: means within four standard errors of each other."""
    row = Portfolio((PortfolioRow("a", "amazon-de-kitchen"),), DATA_DATE, "EUR")
    one, other = (
        simulate_portfolio(row, 4096).estimate(),
        simulate(KITCHEN, paths=4096).estimate("profit"),
    )
    error = float(np.hypot(one.mean.error, other.mean.error))
    assert abs(one.mean.value - other.mean.value) < 4 * error
    assert one.sd.value == pytest.approx(other.sd.value, rel=0.1)


def test_a_number_of_a_row_is_drawn_as_in_the_scenario_in_which_it_was_typed():
    """To the last digit: the row's own streams, the base's range around the row's price. An exact
    number is a range of no width, and nothing else is drawn here.
    """
    path = "product.price"
    store = certain(KITCHEN).replace({path: KITCHEN.product.price})
    typed = store.replace({path: along(path, store.product.price, 27.25)})
    exact = {"dist": "uniform", "low": 27.25, "high": 27.25}
    own = {"changes": {path: 27.25}}
    [row] = draws(of({"s": store}, [("a", "s", own)]))
    [scenario] = draws(of({"s": typed}, [("a", "s", {})]))
    [fixed] = draws(of({"s": store}, [("a", "s", {"changes": {path: exact}})]))
    assert row.tolist() == scenario.tolist() and row.std() > 0
    assert len(set(fixed.tolist())) == 1


def test_a_rate_of_exchange_is_drawn_once_for_all_in_its_currencies():
    """Nothing but the rate is drawn: two rows in euros at the same range move together to the last
    digit, one in dollars does not.
    """
    wide = {"dist": "uniform", "low": 7.0, "high": 9.0}
    euro, dollar = certain(KITCHEN, fx_rate=wide), certain(ELSEWHERE, fx_rate=wide)
    one, two, third = draws(
        of({"e": euro, "d": dollar}, [("a", "e", {}), ("b", "e", {}), ("c", "d", {})])
    )
    assert one.std() > 0 and one.tolist() == two.tolist()
    assert abs(np.corrcoef(one, third)[0, 1]) < 0.15


def test_what_is_shared_stays_shared_where_it_moves_with_something_own():
    """The click price moves with the exchange rate, rank 0.7: the rate is one for both rows, the
    click prices follow it and differ.
    """
    wide = {"dist": "uniform", "low": 7.0, "high": 9.0}
    dear = {"dist": "uniform", "low": 0.5, "high": 1.0}
    pair = [{"a": "channels.ads.cpc", "b": "fx_rate", "rank": 0.7}]
    store = certain(KITCHEN, fx_rate=wide, channels__ads__cpc=dear, chance__correlations=pair)
    places = {"market": "", "platform": "", "category": "", "group": ""}
    plan = plan_of(4096, 1)
    one, two = (
        RowSources(store, name, places).draw(plan, range(plan.replicates)).given for name in "ab"
    )
    assert one["fx_rate"].tolist() == two["fx_rate"].tolist()
    assert one["channels.ads.cpc"].tolist() != two["channels.ads.cpc"].tolist()
    for drawn in (one, two):
        ranks = [drawn[path].argsort().argsort() for path in ("fx_rate", "channels.ads.cpc")]
        assert np.corrcoef(*ranks)[0, 1] == pytest.approx(0.7, abs=0.03)


def event(effect, **more):
    return {
        "id": "x",
        "name": "",
        "effect": effect,
        "probability": 0.5,
        "size": 0.1,
        "month_from": 1,
        "month_to": 1,
        **more,
    }


@pytest.mark.parametrize(
    ("effect", "together"), [("commission", True), ("suspended", True), ("stockout", False)]
)
def test_an_event_of_a_platform_hits_its_rows_together(effect, together):
    store = certain(KITCHEN).replace({"shocks": [event(effect)]})
    one, two, other = draws(
        of({"s": store}, [("a", "s", {}), ("b", "s", {}), ("c", "s", {"platform": "eBay"})])
    )
    assert len(set(one.tolist())) == 2  # it happens or not
    assert (one.tolist() == two.tolist()) is together
    assert one.tolist() != other.tolist()


@pytest.mark.parametrize(("effect", "tag"), [("tariff", "market"), ("demand", "category")])
def test_events_of_a_market_and_of_a_category(effect, tag):
    store = certain(KITCHEN).replace({"shocks": [event(effect)]})
    one, two, other = draws(
        of({"s": store}, [("a", "s", {}), ("b", "s", {}), ("c", "s", {tag: "elsewhere"})])
    )
    assert one.tolist() == two.tolist() != other.tolist()


def test_the_share_of_demand_in_common_moves_rows_together_and_no_row_alone():
    store = certain(KITCHEN).replace({"chance.month_noise": True})
    rows = of({"s": store}, [("a", "s", {}), ("b", "s", {}), ("c", "s", {"category": "x"})])
    spread = {}
    for share in (0.0, 0.5, 1.0):
        one, two, other = draws(rows, share, 4096)
        assert np.corrcoef(one, two)[0, 1] == pytest.approx(share, abs=0.06)
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.06
        spread[share] = one.std()
    assert spread[0.5] == pytest.approx(spread[0.0], rel=0.06)
    assert spread[1.0] == pytest.approx(spread[0.0], rel=0.06)


def test_the_odds_of_a_sum_are_not_the_sum_of_odds():
    """Two equal rows, each by itself in a loss in half of the futures: where the gain of one makes
    good the loss of the other, both have to be hit for the sum to be a loss, in a quarter; else one
    suffices, in three quarters. Adding the odds would say 100 %.
    """
    store = certain(KITCHEN).replace({"shocks": [event("stockout", size=1.0, length=3.0)]})
    hit, fine = sorted(set(np.rint(draws(of({"s": store}, [("a", "s", {})]))[0]).tolist()))
    assert hit < 0 < fine
    found = simulate_portfolio(of({"s": store}, [("a", "s", {}), ("b", "s", {})]), 4096)
    assert found.loss.tolist() == pytest.approx([0.5, 0.5], abs=0.03)
    both = 0.25 if hit + fine >= 0 else 0.75
    assert found.estimate().loss.value == pytest.approx(both, abs=0.03)


def test_at_home_each_month_counts_at_its_own_rate():
    """Totals in CNY: the futures of the scenario at home, at today's rate."""
    store = certain(KITCHEN, shown_in="home", chance__fx_walk=True)
    [found] = draws(of({"s": store}, [("a", "s", {})]))
    assert found.mean() == pytest.approx(
        simulate(store, paths=PATHS).of("profit").mean() * store.fx_rate, rel=0.01
    )


@pytest.mark.parametrize(
    "options", [{"shared": 1.5}, {"shared": -0.1}, {"workers_used": 0}, {"paths": 3}]
)
def test_what_cannot_be_is_refused(options):
    with pytest.raises(InputError):
        simulate_portfolio(mixed(), **({"paths": 256} | options))


# ---- work in blocks ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Squares:
    """Squares of numbers; notes what was done, and dies once at number `dies`."""

    folder: Path
    dies: int = -1

    def block(self, number):
        mark = self.folder / f"died-{number}"
        if number == self.dies and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        with (self.folder / f"done-{number}").open("a") as file:
            file.write("x")
        return {"square": np.array([number**2])}

    def times(self, number):
        file = self.folder / f"done-{number}"
        return len(file.read_text()) if file.exists() else 0


def collect(job, *args):
    return {number: int(found["square"][0]) for number, found in workers.done(job, 6, *args)}


@pytest.mark.slow
def test_a_worker_that_is_killed_changes_nothing(tmp_path):
    job = Squares(tmp_path, dies=3)
    assert collect(job, 2) == {n: n**2 for n in range(6)}
    assert (tmp_path / "died-3").exists()


@pytest.mark.slow
def test_workers_that_keep_dying_are_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "_TRIES", 1)
    with pytest.raises(InputError, match="without finishing"):
        collect(Squares(tmp_path, dies=0), 2)


def test_finished_blocks_are_not_done_again(tmp_path):
    job, kept = Squares(tmp_path), tmp_path / "kept"
    begun = workers.done(job, 6, 1, kept)
    assert [next(begun)[0] for _ in range(3)] == [0, 1, 2]
    begun.close()  # cancelled after three
    (kept / "1.npz").write_bytes(b"half a file")
    assert collect(job, 1, kept) == {n: n**2 for n in range(6)}
    assert [job.times(n) for n in range(6)] == [1, 2, 1, 1, 1, 1]


def test_a_simulation_that_was_stopped_goes_on(tmp_path, whole):
    def stop(share):
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate_portfolio(mixed(), PATHS, rows_a_block=2, kept=tmp_path, progress=stop)
    [folder] = tmp_path.iterdir()
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    assert len(before) == 3
    shares = []
    same(
        whole,
        simulate_portfolio(mixed(), PATHS, rows_a_block=2, kept=tmp_path, progress=shares.append),
    )
    assert shares == [0.25, 0.5, 0.75, 1.0]
    assert before.items() <= {f.name: f.stat().st_mtime_ns for f in folder.iterdir()}.items()
    simulate_portfolio(mixed(), PATHS, 2, kept=tmp_path)  # another seed keeps its own
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.slow
def test_a_refusal_comes_back_from_a_worker(tmp_path):
    with pytest.raises(InputError, match="must be from 1"):
        collect(Squares(tmp_path), 999)
    with pytest.raises(InputError, match=r"product\.price"):
        collect(Refuses(), 2)


@dataclass(frozen=True)
class Refuses:
    """Refuses every block."""

    def block(self, number):
        preset("amazon-de-kitchen").replace({"product.price": -1.0})
        return {"square": np.array([number])}


def test_numbers_that_are_exact_are_counted_and_narrow_the_odds():
    """Price has a range at the base and is drawn, the budget has none; the conversion stays the
    base's range either way.
    """
    base = certain(KITCHEN, product__price={"dist": "uniform", "low": 20.0, "high": 40.0})
    budget = next(f"channels.{one.id}.budget" for one in base.channels if one.budget)
    rows = [("a", "s", {"changes": {"product.price": 27.0, budget: 900.0}}), ("b", "s", {})]
    loose = of({"s": base}, rows)
    found, exact = (simulate_portfolio(one, PATHS) for one in (loose, loose.with_exact(True)))
    assert loose.numbers == 2
    assert found.drawn.tolist() == [1, 0] and exact.drawn.tolist() == [0, 0]
    low, _, high = exact.percentiles[0]
    assert low == high  # all else of this store is certain: one number
    assert found.percentiles[0][0] < low < found.percentiles[0][2]
    assert exact.percentiles[1].tolist() == found.percentiles[1].tolist()


def test_a_block_that_is_stopped_while_it_is_written_leaves_nothing(tmp_path, monkeypatch):
    """Ctrl+C in the middle of a file: neither the block nor a part of it stays."""

    def stopped(stream, **_):
        stream.write(b"half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(workers.np, "savez", stopped)
    with pytest.raises(KeyboardInterrupt):
        simulate_portfolio(mixed(), PATHS, kept=tmp_path)
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []
