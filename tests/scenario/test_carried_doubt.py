"""What weak evidence does to the ranges of a carried product, worked out by hand."""

import math

import pytest

from funnel_sim.reference.benchmark_doubt import between_markets, between_sources
from funnel_sim.reference.provenance import DATA_DATE, Provenance
from funnel_sim.scenario.carried import carry
from funnel_sim.scenario.carried_doubt import doubt_of, fall_of, grade_of, widened, worst
from funnel_sim.scenario.carried_field import CarriedField
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import is_range, point_value

US = "amazon-us-kitchen"
CVR, CPC = "conversion.cvr", "channels.ads.cpc"
Z = 1.2815515655446004


def source(*, weak):
    return Provenance("benchmark", None, "2026", "secondary", weak, "https://a.example", "")


def told(path=CPC, kind="moved", weak=False, why=None):
    return CarriedField(path, kind, 1.0, sources=(source(weak=weak),), why=why)


@pytest.mark.parametrize(
    ("field", "grade", "doubt"),
    [
        (told(), "compared", 0.0),
        (told(weak=True), "weak", between_sources("clicks")),
        (told(CVR, weak=True), "weak", between_sources("sales")),
        (told(kind="own", why="same_benchmark"), "none", between_markets("clicks")),
        (told(CVR, "own", why="no_benchmark"), "none", between_markets("sales")),
        (told(kind="own", why="converted"), "own", 0.0),
        (told(kind="target", weak=True), "weak", 0.0),  # the example has a range of its own
        (told("product.price", weak=True), "weak", 0.0),  # no figure of benchmarks
    ],
)
def test_the_grade_of_a_figure_and_what_it_adds_to_its_range(field, grade, doubt):
    assert grade_of(field) == grade and doubt_of(field) == doubt


def test_how_far_sources_differ_by_hand():
    """Amazon ads in the US at 0.98, 1.18 and 1.00 USD a click: ln −0.0202, 0.1655, 0, squares about
    their mean 0.0484 of 0.0208; TikTok ads at 1.25 and 0.80: ± 0.2231, squares 0.0996. Together
    0.1204 to three degrees of freedom: the root of 0.0401. No other market has two sources.
    """
    one = [math.log(value) for value in (0.98, 1.18, 1.00)]
    two = [math.log(value) for value in (1.25, 0.80)]
    squares = sum(sum((x - sum(some) / len(some)) ** 2 for x in some) for some in (one, two))
    assert between_sources("clicks") == pytest.approx(math.sqrt(squares / 3), rel=1e-3)
    assert between_markets("clicks") > between_sources("clicks")
    assert between_markets("sales") >= between_sources("sales")


def test_variances_of_logarithms_add_and_the_likely_value_stays():
    """A factor of 2 to each side and a doubt of 0.26: ln 2 = 0.6931, 1.2816 × 0.26 = 0.3332, the
    root of the sum of squares 0.7691, a factor of 2.158.
    """
    range_ = {"dist": "logpert", "low": 0.05, "likely": 0.1, "high": 0.2, "meaning": "p80"}
    found = widened(CVR, range_, 0.26)
    assert found["likely"] == 0.1
    assert (found["low"], found["high"]) == (0.04634, 0.2158)
    assert widened(CVR, range_ | {"high": 0.9}, 2.0)["high"] == 1.0  # no rate above 100 %


def test_a_number_becomes_a_range_and_counts_stay():
    found = widened(CPC, 2.0, 0.5)
    assert found["low"] == pytest.approx(2 / math.exp(0.5 * Z), rel=1e-3)
    assert found["high"] == pytest.approx(2 * math.exp(0.5 * Z), rel=1e-3)
    counted = {"dist": "beta", "successes": 3, "trials": 40}
    assert widened(CVR, counted, 0.5) == counted
    assert widened(CPC, 0.0, 0.5) == 0.0
    wide = widened(CVR, {"dist": "lognormal", "median": 0.1, "sigma": 0.3}, 0.4)
    assert wide["sigma"] == 0.5  # 3, 4, 5


def test_a_price_above_the_level_lowers_the_low_end_only():
    """Twice the level at an elasticity of 2.6: 2 to the −2.6 is 0.1649 of the likely rate."""
    fall = fall_of(told(CVR), 2.0, DATA_DATE)
    assert fall == pytest.approx(2.6 * math.log(2))
    found = widened(CVR, 0.1, 0.0, fall)
    assert found["low"] == pytest.approx(0.1 * 2**-2.6, rel=1e-3) and found["high"] == 0.1
    assert fall_of(told(CVR), 0.8, DATA_DATE) == 0.0 == fall_of(told(CPC), 2.0, DATA_DATE)


def test_the_weakest_grade_is_the_places():
    assert worst({"clicks": "compared", "sales": "none"}) == "none" and worst({}) == "own"


def test_a_carried_product_has_the_wider_ranges_and_the_same_likely_values():
    mine = preset(US).replace({CVR: 0.12, CPC: 1.18})
    there = carry(mine, "amazon-de-kitchen")
    rate = there.scenario.conversion.cvr
    assert is_range(rate) and point_value(rate) == pytest.approx(0.12)
    told_ = there.fields[CVR]
    assert told_.doubt == between_sources("sales") and told_.value["low"] == rate.low < 0.12
    assert carry(mine, US).scenario.conversion.cvr == 0.12  # it stays where it is


@pytest.mark.parametrize(("price", "dear"), [(60.0, True), (20.0, False)])
def test_only_a_price_above_the_level_of_the_place_is_dear(price, dear):
    mine = preset(US).replace({"product.price": price})
    found = carry(mine, "shopee-th").fields[CVR]
    assert (found.dear > 1) is dear
