"""The simulation: the point calculation where nothing is uncertain, path by path equal to it where
something is, and its laws.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.simulation import SIMULATED, blocks, simulate
from funnel_sim.chance.streams import plan_of
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.model.ledger import LINE_KEYS
from funnel_sim.output.words.tables import GLOSSARY
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import is_range, point_value
from tests.conftest import neutral

NAMES = [card.id for card in preset_cards()]
KEYS = [key for key in (*GLOSSARY, *LINE_KEYS) if key in SIMULATED]
QUIET = {"chance.month_noise": False, "chance.counting": False}


def without_chance(name, width=None):
    """Return a preset with plain numbers (or, by `width`, ranges of no width) and no noise."""
    scenario = preset(name)
    changes = dict(QUIET)
    for path, value in scenario.quantities():
        if is_range(value):
            point = point_value(value)
            changes[path] = (
                point
                if width is None
                else {"dist": width, "low": point, "likely": point, "high": point}
            )
    return scenario.replace(changes)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [None, "pert"])
def test_ranges_of_no_width_give_the_point_calculation_to_the_last_digit(name, width):
    scenario = without_chance(name, width)
    point = evaluate(scenario)
    result = simulate(scenario, KEYS, month=["profit", "paid_orders"], end=["profit"], paths=256)
    for key in KEYS:
        values = result.of(key)
        if point.horizon[key] is None:  # no such figure, or an infinite one
            assert not np.isfinite(values).any(), key
        else:
            assert (values == point.horizon[key]).all(), key
    for key in ("profit", "paid_orders"):
        assert (result.of(key, "month") == point.monthly[key][:, None]).all()
    assert (result.of("profit", "end") == point.monthly["profit"][-1]).all()


@pytest.mark.parametrize(
    "name",
    [
        "amazon-de-kitchen",
        "shopify-us-beauty",
        "tiktok-us-beauty" if "tiktok-us-beauty" in NAMES else NAMES[-1],
    ],
)
def test_each_path_is_the_point_calculation_of_what_it_drew(name):
    scenario = preset(name).replace(QUIET)
    result = simulate(scenario, KEYS, paths=256, keep_inputs=True)
    for path in (0, 100, 255):
        alone = evaluate(
            scenario.replace(
                {place: float(values[path]) for place, values in result.inputs.items()}
            )
        )
        for key in KEYS:
            found, expected = result.of(key)[path], alone.horizon[key]
            assert (not np.isfinite(found) and expected is None) or found == expected, key


def test_what_is_asked_for_does_not_change_what_is_found():
    scenario = preset("shopify-us-beauty")
    every = simulate(scenario, KEYS, month=["profit", "roas"], end=["roas"], paths=512)
    for key in (
        "profit",
        "roas",
        "ltv_cac",
        "payback_months",
        "inventory_days",
        "cogs",
        "acos",
        "aov",
        "storage",
    ):
        alone = simulate(scenario, [key], paths=512).of(key)
        assert np.array_equal(alone, every.of(key), equal_nan=True), key
    assert np.array_equal(
        simulate(scenario, [], end=["roas"], paths=512).of("roas", "end"),
        every.of("roas", "month")[-1],
    )


def test_lines_add_up_in_every_draw_and_months_to_the_total():
    result = simulate(
        preset("amazon-us-beauty"), ["profit", *LINE_KEYS], month=["profit"], paths=512
    )
    assert np.sum([result.of(key) for key in LINE_KEYS], axis=0) == pytest.approx(
        result.of("profit"), rel=1e-9, abs=1e-6
    )
    assert result.of("profit", "month").sum(axis=0) == pytest.approx(
        result.of("profit"), rel=1e-9, abs=1e-6
    )


def test_only_what_was_asked_is_kept():
    small = simulate(preset(NAMES[0]), ["profit"], paths=1024)
    assert [values.nbytes for values in small.drawn.values()] == [1024 * 8] and not small.inputs
    more = simulate(preset(NAMES[0]), ["profit"], month=["profit"], paths=1024, keep_inputs=True)
    assert sum(values.nbytes for values in more.drawn.values()) == 13 * 1024 * 8


def test_a_horizon_of_more_months_leaves_the_first_ones_as_they_were():
    short, long = (
        simulate(
            preset("amazon-de-kitchen").replace({"plan.horizon_months": n}),
            month=["profit"],
            paths=512,
        )
        for n in (6, 24)
    )
    assert (short.of("profit", "month") == long.of("profit", "month")[:6]).all()


def test_a_new_range_leaves_the_others_draws_as_they_were():
    scenario = preset("amazon-de-kitchen").replace({"product.unit_cost": 42.0})
    more = scenario.replace(
        {"product.unit_cost": {"dist": "pert", "low": 38.0, "likely": 42.0, "high": 50.0}}
    )
    before, after = (simulate(s, paths=512, keep_inputs=True) for s in (scenario, more))
    for path, values in before.inputs.items():
        assert (after.inputs[path] == values).all()
    assert (before.of("profit") != after.of("profit")).all()


def test_seed_and_plan_decide_the_draws():
    scenario = preset("amazon-de-kitchen")
    a, b, c = (
        simulate(scenario, paths=512),
        simulate(scenario, paths=512, seed=1),
        simulate(scenario, paths=512, seed=2),
    )
    assert scenario.chance.seed == 1 and (a.of("profit") == b.of("profit")).all()
    assert (a.of("profit") != c.of("profit")).mean() > 0.99


def test_progress_is_told_and_can_stop():
    told = []
    simulate(preset(NAMES[0]), paths=32_768, progress=told.append)
    assert told == sorted(told) and told[-1] == 1.0 and len(told) >= 16

    class EnoughError(Exception):
        pass

    def stop(share):
        if share > 0.5:
            raise EnoughError

    with pytest.raises(EnoughError):
        simulate(preset(NAMES[0]), paths=32_768, progress=stop)


def test_an_unknown_figure_is_refused():
    with pytest.raises(InputError, match="did you mean: profit"):
        simulate(preset(NAMES[0]), ["happiness"])


def test_nothing_uncertain_is_known_as_such():
    assert Sources(without_chance(NAMES[0])).certain
    assert not Sources(preset(NAMES[0])).certain


# ---- laws
# ------------------------------------------------------------------------------------------------


@settings(max_examples=15)
@given(
    st.sampled_from(
        ["product.price", "conversion.cvr", "fulfilment.return_rate", "channels.ads.cpc"]
    ),
    st.floats(0.05, 0.3),
    st.floats(1.1, 2.5),
    st.sampled_from(["pert", "triangular", "uniform"]),
)
def test_a_wider_range_never_narrows_the_interval_of_a_monotone_result(path, width, more, kind):
    scenario = without_chance("amazon-de-kitchen")
    point = point_value(scenario.get(path))

    def interval(part):
        ends = {"dist": kind, "low": point * (1 - part), "high": point * (1 + part)} | (
            {} if kind == "uniform" else {"likely": point}
        )
        profit = simulate(scenario.replace({path: ends}), paths=1024).of("profit")
        return np.quantile(profit, [0.05, 0.95])

    (low, high), (wider_low, wider_high) = interval(width), interval(width * more)
    assert wider_low <= low + 1e-6 and wider_high >= high - 1e-6


@settings(max_examples=15)
@given(
    st.sampled_from(NAMES),
    st.sampled_from(["fixed.staff_monthly", "product.unit_cost", "fulfilment.fulfilment_per_unit"]),
    st.floats(0.1, 20),
)
def test_more_cost_is_no_more_profit_in_any_future(name, path, more):
    scenario = preset(name).replace({path: point_value(preset(name).get(path))})
    dearer = scenario.replace({path: scenario.get(path) + more})
    before, after = (simulate(s, paths=256).of("profit") for s in (scenario, dearer))
    assert (after <= before + 1e-6).all()


def test_the_error_of_the_mean_is_far_smaller_than_of_plain_draws():
    """Nine ranges, no noise: against the spread of the mean of 1,024 plain draws, sd / √1024."""
    paths = [
        "product.price",
        "product.unit_cost",
        "conversion.cvr",
        "channels.ads.cpc",
        "channels.ads.budget",
        "fulfilment.return_rate",
        "product.inbound_freight",
        "fulfilment.fulfilment_per_unit",
        "channels.organic.impressions",
    ]
    scenario = without_chance("amazon-de-kitchen")
    ranges = {
        p: {
            "dist": "pert",
            "low": 0.8 * point_value(scenario.get(p)),
            "likely": point_value(scenario.get(p)),
            "high": 1.3 * point_value(scenario.get(p)),
        }
        for p in paths
    }
    scenario = scenario.replace(ranges)
    profit = simulate(scenario, paths=16_384).of("profit").reshape(16, 1024)
    error = profit.mean(axis=1).std(ddof=1)
    assert profit.std() / np.sqrt(1024) > 20 * error


@pytest.mark.slow
def test_the_stated_error_covers_on_many_seeds():
    """Gross sales = 12 × 100 × price × rate; price uniform 50–150, rate uniform 0.2–0.8: mean 1200
    × 100 × 0.5 = 60,000.
    """
    scenario = neutral(
        {
            "product.price": {"dist": "uniform", "low": 50.0, "high": 150.0},
            "conversion.cvr": {"dist": "uniform", "low": 0.2, "high": 0.8},
        }
    )
    covered, inside = 0, 0
    # P(price · rate < 40) by integration: rate from 0.2 to 0.8 of P(price < 40 / rate), where 40 /
    # rate lies between 50 and 150
    rates = np.linspace(0.2, 0.8, 2_000_001)
    share = float(np.clip((40 / rates - 50) / 100, 0, 1).mean())
    seeds = 250  # each scrambles anew, which is nearly all of its time
    for seed in range(seeds):
        result = simulate(scenario, ["gross_sales"], paths=512, seed=seed)
        found = result.estimate("gross_sales").mean
        covered += abs(found.value - 60_000) <= found.margin
        met = (result.of("gross_sales") < 1200 * 40).reshape(16, -1).mean(axis=1)
        inside += (
            abs(met.mean() - share) <= 2.1314 * met.std(ddof=1) / 4
        )  # Student's t with 15 degrees of freedom
    assert 0.93 <= covered / seeds <= 0.97
    assert 0.93 <= inside / seeds <= 0.97


def test_a_million_paths_are_planned_in_blocks():
    plan = plan_of(1_048_576, 1)
    assert (plan.replicates, plan.points) == (16, 65_536)


@pytest.mark.parametrize(
    ("months", "stores", "size"), [(12, 2, 2048), (12, 11, 256), (36, 4, 256), (36, 11, 64)]
)
def test_blocks_are_smaller_where_many_stores_are_held_at_once(months, stores, size):
    """The futures are the same ones, in the same order, whatever the size.

    2 × 12 months of 2,048 paths fit (49,152 months). 11 stores × 12 months leave room for 372
    paths: 256 is the next power of two below; 4 × 36 leave 341, 11 × 36 leave 124, so 64. Until 0.7
    six times as many were held, and 500 MB exceeded.
    """
    store = preset("amazon-de-kitchen").replace({"plan.horizon_months": months})
    plan, sources = plan_of(4096, 1), Sources(store)
    found = list(blocks(sources, plan, stores))
    assert [(where.start, where.stop) for where, _, _ in found] == [
        (start, start + size) for start in range(0, 4096, size)
    ]
    plain = list(blocks(sources, plan))
    for path in sources.inputs:
        cut, whole = (
            np.concatenate([draws.given[path] for _, draws, _ in some]) for some in (found, plain)
        )
        assert (cut == whole).all()
