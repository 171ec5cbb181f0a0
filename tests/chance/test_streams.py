"""Streams of chance: they belong to (seed, name), fill the unit interval evenly, and are the same
everywhere.
"""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from funnel_sim.chance.streams import (
    DIMENSIONS,
    MOST,
    SamplingPlan,
    _own_stream,
    normals_by_month,
    places,
    plan_of,
    uniforms,
)
from funnel_sim.errors import InputError
from funnel_sim.scenario.paths import SECTIONS, field_paths, may_vary
from tests.conftest import neutral

NAMES = ["product.price", "conversion.cvr", "channels.google.cpc", "shocks.fire.happens"]


def _one(replicate):
    return range(replicate, replicate + 1)


@pytest.mark.parametrize("name", NAMES)
def test_another_input_changes_nobody_elses_draws(name):
    plan = plan_of(1024, 7)
    alone = uniforms(plan, _one(3), [name])[name]
    among = uniforms(plan, _one(3), [*reversed(NAMES), "tax.duty_rate", "channels.new.budget"])[
        name
    ]
    assert (alone == among).all()


@pytest.mark.parametrize("name", NAMES)
def test_each_stream_is_even_and_belongs_to_seed_replicate_and_name(name):
    plan = plan_of(16 * 1024, 1)
    drawn = uniforms(plan, _one(0), [name])[name]
    assert drawn.min() > 0 and drawn.max() < 1
    assert (
        np.sort(np.floor(drawn * 1024)) == np.arange(1024)
    ).all()  # one point in each of 1,024 equal strata
    for other in (
        uniforms(SamplingPlan(2, 16, 1024), _one(0), [name]),
        uniforms(plan, _one(1), [name]),
    ):
        assert (
            not np.isclose(drawn, other[name], atol=1e-4).any()
            or (drawn != other[name]).mean() > 0.95
        )
    assert (
        abs(
            np.corrcoef(
                drawn, uniforms(SamplingPlan(1, 16, 1024, second=True), _one(0), [name])[name]
            )[0, 1]
        )
        < 0.12
    )


def test_points_of_two_inputs_fill_the_square_evenly():
    plan = plan_of(16 * 1024, 1)
    drawn = uniforms(plan, _one(0), ["conversion.cvr", "channels.ads.cpc"])
    square = np.stack(list(drawn.values())).T
    plain = np.random.default_rng(5).random((1024, 2))
    assert stats.qmc.discrepancy(square) < stats.qmc.discrepancy(plain) / 20


def test_two_sets_of_draws_are_independent():
    plan = plan_of(16 * 1024, 1)
    other = SamplingPlan(1, 16, 1024, second=True)
    for name in ("conversion.cvr", "channels.google.cpc"):
        a = np.concatenate([uniforms(plan, _one(r), [name])[name] for r in range(16)])
        b = np.concatenate([uniforms(other, _one(r), [name])[name] for r in range(16)])
        table = np.histogram2d(a, b, bins=8, range=[[0, 1], [0, 1]])[0]
        assert stats.chisquare(table.ravel()).pvalue > 0.001


def test_long_replicates_begin_like_remembered_ones():
    """4,096 points come from memory, 8,192 in chunks: the first points are the same sequence."""
    kept, long = SamplingPlan(3, 16, 4096), SamplingPlan(3, 16, 8192)
    name = "product.price"
    assert (
        uniforms(kept, _one(2), [name])[name] == uniforms(long, _one(2), [name])[name][:4096]
    ).all()


def test_more_months_leave_the_first_ones_as_they_are():
    plan = plan_of(1024, 4)
    for name in ("months.demand", "months.count.ads"):
        assert (
            normals_by_month(plan, _one(0), name, 12)
            == normals_by_month(plan, _one(0), name, 36)[:12]
        ).all()


def test_every_input_outside_the_channels_has_its_place():
    known = places()
    ranged = {
        path
        for path, _ in field_paths(neutral())
        if path.split(".")[0] in (*SECTIONS, "fx_rate") and may_vary(path)
    }
    assert ranged <= set(known)
    assert len(known) <= DIMENSIONS


@pytest.mark.parametrize(
    ("paths", "found"), [(256, 256), (300, 304), (10_000, 10_240), (16_384, 16_384), (MOST, MOST)]
)
def test_paths_are_rounded_up_to_whole_replicates(paths, found):
    plan = plan_of(paths, 1)
    assert plan.paths == found and plan.replicates >= 16
    assert plan.points & (plan.points - 1) == 0  # a power of two, as Sobol points want it


@pytest.mark.parametrize("paths", [0, 255, MOST + 1])
def test_too_few_and_too_many_paths_are_refused(paths):
    with pytest.raises(InputError, match="must lie between 256 and 1048576"):
        plan_of(paths, 1)


CODE = """
from concurrent.futures import ThreadPoolExecutor
import sys
from dataclasses import replace
from funnel_sim.scenario.presets import preset
from funnel_sim.chance.simulation import simulate
def run(name):
    drawn = simulate(preset(name), ["profit", "roas"], paths=2048)
    return drawn.of("profit").tobytes().hex()[:64]
names = ["amazon-de-kitchen", "shopify-us-beauty", "amazon-us-toys"]
with ThreadPoolExecutor(int(sys.argv[1])) as pool:
    print("".join(pool.map(run, names)))
"""


@pytest.mark.slow
def test_any_number_of_processes_and_threads_gives_the_same_digits():
    runs = {
        subprocess.run(
            [sys.executable, "-c", CODE, threads], capture_output=True, text=True, check=True
        ).stdout
        for threads in ("1", "3")
    }
    assert len(runs) == 1 and len(runs.pop()) > 100


def test_the_second_set_of_a_name_without_a_place_is_a_stream_of_its_own():
    """It is the stream named after it, and the first set is not touched by there being one."""
    plan = plan_of(1024, 7)
    second = replace(plan, second=True)
    first = _own_stream(plan, _one(2), "months.count.somebody")
    other = _own_stream(second, _one(2), "months.count.somebody")
    assert (other == _own_stream(plan, _one(2), "months.count.somebody/second")).all()
    assert first.shape == other.shape and not (first == other).any()
