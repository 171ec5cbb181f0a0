"""What no field can hold is refused with its field named, and whatever is accepted gives figures:
never NaN, never a warning.
"""

import datetime as dt
import io
import json
import math
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from funnel_sim.chance.simulation import simulate
from funnel_sim.cli import main
from funnel_sim.errors import InputError, shorten
from funnel_sim.model.economics import evaluate
from funnel_sim.output.exports import file_name
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario import files, links
from funnel_sim.scenario.fields import LARGEST, SMALLEST, Unit
from funnel_sim.scenario.paths import field_paths, may_vary, spec_of
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import LANGS
from tests.conftest import neutral

NAMES = [card.id for card in preset_cards()]
HUGE = int("1" + "0" * 400)
START = preset("shopify-us-beauty").replace(
    {"options": [{"id": "quote"}], "kpis": [{"id": "gmv", "metric": "gmv", "target": 1.0}]}
)
NUMBERS = [
    path
    for path, spec in field_paths(START)
    if spec.unit is not Unit.TEXT and not isinstance(START.get(path), (bool, str))
]
LISTS_OF_NUMBERS = ["plan.season", "plan.budget_plan", "customers.age_orders", "history.seen_gmv"]


def refusal(changes, start=START):
    with pytest.raises(InputError) as caught:
        start.replace(changes)
    for lang in LANGS:
        for sentence in caught.value.sentences(lang):
            assert "\n" not in sentence and len(sentence) < 600
            sentence.encode()
    return {one.where: one.rule for one in caught.value.problems}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("path", NUMBERS)
def test_a_number_of_400_digits_is_refused_by_every_field(path):
    value = [HUGE] if isinstance(START.get(path), list) else HUGE
    for sign in (1, -1):
        assert any(
            where.startswith(path)
            for where in refusal({path: [sign * HUGE] if isinstance(value, list) else sign * HUGE})
        )


@pytest.mark.parametrize("path", LISTS_OF_NUMBERS)
def test_a_number_of_400_digits_in_a_list_is_refused(path):
    assert any(where.startswith(path) for where in refusal({path: [1.0, HUGE]}))


@pytest.mark.parametrize("part", ["low", "likely", "high"])
def test_a_number_of_400_digits_in_a_range_is_refused(part):
    value = {"dist": "pert", "low": 20, "likely": 25, "high": 30} | {part: HUGE}
    assert any(where.startswith("product.price") for where in refusal({"product.price": value}))


@pytest.mark.parametrize("digits", [13, 400, 4_000, 4_301, 100_000])
@pytest.mark.parametrize(
    "path", ["plan.start_month", "product.price", "plan.season", "commission.tiers", "fx_rate"]
)
def test_a_long_number_in_a_file_ends_with_one_line_that_names_the_field(tmp_path, digits, path):
    number = "1" + "0" * digits
    value = {
        "plan.season": f"[{number}]",
        "commission.tiers": f'[{{"upto": null, "rate": {number}}}]',
    }.get(path, number)
    file = tmp_path / "mine.json"
    file.write_text(
        f'{{"funnel_sim": 1, "preset": "amazon-de-kitchen", "changes": {{"{path}": {value}}}}}'
    )
    err = io.StringIO()
    assert main(["evaluate", str(file)], io.StringIO(), err) == 2
    assert (
        all(path in line for line in err.getvalue().splitlines())
        and err.getvalue().count("\n") <= 2
    )


@pytest.mark.parametrize("version", ["1" + "0" * 400, "1" + "0" * 5_000, "1e999", "-1", "1.0"])
def test_a_hostile_schema_version_is_refused(version):
    with pytest.raises(InputError) as caught:
        files.from_bytes(f'{{"funnel_sim": {version}, "preset": "amazon-de-kitchen"}}'.encode())
    assert all(len(line) < 300 for line in caught.value.sentences("en"))


TEXTS = [
    "name",
    "preset",
    "platform",
    "market",
    "category",
    "channels.ads.name",
    "options.quote.name",
    "channels.ads.id",
    "currency",
    "options.quote.decided_by",
    "kpis.gmv.metric",
]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("path", TEXTS)
@pytest.mark.parametrize("mark", ["\ud800", "\x00", "\x1b", "\n", "\u0085", "\ufffe"])
def test_a_character_that_is_none_is_refused_in_every_text(path, mark, tmp_path):
    told = refusal({path: f"a{mark}b"})
    assert list(told.values()) == ["unreadable"] and next(iter(told)).endswith(
        path.rpartition(".")[2]
    )
    file = tmp_path / "mine.json"
    file.write_text(
        json.dumps({"funnel_sim": 1, "scenario": START.plain() | {"name": f"a{mark}b"}})
    )  # as an escape, as JSON may
    err = io.StringIO()
    assert main(["evaluate", str(file)], io.StringIO(), err) == 2
    err.getvalue().encode()


def test_texts_in_lists_and_keys_are_looked_at_too():
    assert refusal({"fixed.one_off": [{"name": "\ud800", "amount": 1.0}]}) == {
        "fixed.one_off.1.name": "unreadable"
    }
    with pytest.raises(InputError):
        START.replace({"prod\ud800uct.price": 1.0})
    with pytest.raises(InputError) as caught:
        Scenario.read(START.plain() | {"\ud800": 1})
    caught.value.sentences("zh")[0].encode()
    with pytest.raises(InputError):
        links.decode("\ud800" * 20)


def test_readable_text_of_any_script_is_kept():
    for text in ("厨房 Küche", "קפה", "👩‍👩‍👧", "𠮷野家", "a\u00a0b", "ﷺ"):
        assert START.replace({"name": text}).name == text


def test_deep_nesting_is_refused():
    deep: list = []
    for _ in range(300):
        deep = [deep]
    assert list(refusal({"plan.season": deep}).values())


@pytest.mark.parametrize(
    ("path", "least"),
    [
        ("product.price", 1e-6),
        ("channels.ads.cpc", 1e-6),
        ("channels.ads.cpm", 1e-6),
        ("fx_rate", 1e-6),
        ("effect.effect_cpc", 1e-6),
        ("effect.effect_aov", 1e-6),
        ("conversion.payment_success_rate", 1e-9),
        ("product.units_per_order", 1e-6),
        ("customers.sbg_alpha", 1e-6),
        ("channels.ads.reference_budget", 1e-6),
    ],
)
def test_a_positive_field_takes_its_smallest_amount_and_nothing_below(path, least):
    assert START.replace({path: least, "conversion.cvr": 1e-9, "conversion.add_to_cart_rate": None})
    for value in (least * 0.99, 1e-300, 5e-324):
        assert (
            refusal({path: value, "conversion.cvr": 1e-9, "conversion.add_to_cart_rate": None})[
                path
            ]
            == "at_least"
        )
    assert refusal({path: 0.0})[path] == "above"


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        ("product.unit_cost", 0.9e-6, "small"),
        ("product.unit_cost", 1e-6, None),
        ("product.unit_cost", 0.0, None),
        ("conversion.cvr", 1e-300, "small"),
        ("product.discount_rate", 1 - 1e-12, "at_most"),
        ("product.discount_rate", 1 - 1e-9, None),
        ("options.quote.effect", -1 + 1e-12, "at_least"),
        ("channels.ads.elasticity", 1 - 1e-16, "at_most"),
        ("product.price", 1e308, "at_most"),
        ("kpis.gmv.target", -1e308, "at_least"),
        ("kpis.gmv.target", 1e-300, "small"),
        ("plan.season", [1e-300] + [12 / 11] * 11, "small"),
    ],
)
def test_numbers_beside_zero_and_beside_an_open_end(path, value, rule):
    changes = (
        {path: value}
        | ({"channels.ads.reference_budget": 1.0} if "elasticity" in path else {})
        | ({"conversion.add_to_cart_rate": None} if "cvr" in path else {})
    )
    if rule is None:
        assert START.replace(changes)
    else:
        assert list(refusal(changes).values()) == [rule]


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ({"dist": "lognormal", "median": 20.0, "sigma": 10.1}, "range_wide"),
        ({"dist": "lognormal", "median": 20.0, "sigma": 10.0}, None),
        ({"dist": "normal", "mean": 20.0, "sd": 1e300}, "range_wide"),
        ({"dist": "sample", "values": [20.0, 1e-300, 30.0]}, "at_least"),
        ({"dist": "uniform", "low": 1e-300, "high": 30.0}, "at_least"),
        ({"dist": "lognormal", "median": 1e-300, "sigma": 0.1}, "at_least"),
    ],
)
def test_the_numbers_inside_a_range_are_held_to_the_same(value, rule):
    if rule is None:
        assert START.replace({"product.price": value})
    else:
        assert list(refusal({"product.price": value}).values()) == [rule]


# ---- whatever is accepted gives figures ----------------------------------------------------------


def anything(path):
    """Return values over the whole of what a field may hold, its ends and their neighbours
    first.
    """
    spec, now = spec_of(path), START.get(path)
    low, high = spec.domain
    if isinstance(now, int):
        return st.integers(max(int(low), -(10**9)), min(int(high), 10**9))
    edges = st.sampled_from(
        [low, high, max(low, spec.smallest), high - spec.smallest, min(high, max(low, 1.0))]
    )
    spread = st.floats(math.log(SMALLEST[spec.unit]), math.log(LARGEST)).map(
        lambda x: min(high, max(low, math.exp(x)))
    )
    plain = edges | spread
    return (
        plain
        | st.tuples(plain, plain).map(
            lambda ends: {"dist": "uniform", "low": min(ends), "high": max(ends)}
        )
        if may_vary(path)
        else plain
    )


WILD = st.lists(
    st.sampled_from(
        [
            p
            for p in NUMBERS
            if not p.startswith(("history", "verdicts", "chance.seed", "chance.paths"))
        ]
    ),
    min_size=1,
    max_size=5,
    unique=True,
).flatmap(lambda paths: st.fixed_dictionaries({path: anything(path) for path in paths}))


@settings(
    max_examples=250, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(WILD)
def test_whatever_is_accepted_gives_finite_figures_or_none(changes):
    try:
        scenario = START.replace(changes)
    except InputError:
        assume(False)
        return
    with warnings.catch_warnings(), np.errstate(over="raise", divide="raise", invalid="raise"):
        warnings.simplefilter("error")
        result = evaluate(scenario)
        profit = simulate(scenario, ["profit"], paths=256).of("profit")
    for figures in (result.steady, result.horizon, *result.channels.values()):
        assert all(value is None or math.isfinite(value) for value in figures.values())
    assert all(value is None or np.isfinite(value).all() for value in result.monthly.values())
    assert np.isfinite(profit).all()


# ---- names of files ------------------------------------------------------------------------------

NASTY = [
    "/../../outside",
    "..",
    ".",
    "....",
    "CON",
    "nul",
    "a\\b",
    "C:\\x",
    "x" * 200,
    "厨" * 200,
    "/etc/passwd",
    "~",
    "a/../../b",
    '*?<>|"',
    " ",
    "-",
    "\u202egnp.exe",
    "a\u2215b",
    "\uff0f\uff0e\uff0e",
]


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("field", ["name", "preset"])
def test_files_stay_in_their_folder_whatever_the_names_hold(tmp_path, name, field):
    given_ = neutral(
        {
            "preset": "",
            field: name,
            "platform": name,
            "market": name,
            "category": name,
            "channels.orders.name": name,
        }
    )
    file, out = tmp_path / "mine.json", tmp_path / "a" / "b"
    file.write_text(files.to_text(given_))
    told, err = io.StringIO(), io.StringIO()
    assert main(["files", str(file), "--out", str(out), "--format", "file"], told, err) == 0, (
        err.getvalue()
    )
    [made] = [path for path in tmp_path.rglob("*") if path.is_file() and path != file]
    assert (
        made.parent == out and made.name.startswith("funnel-sim-") and len(made.name.encode()) < 255
    )
    assert files.load(made) == given_


@given(st.text(max_size=200))
def test_a_file_name_is_one_plain_name(text):
    assume(not any(ord(one) < 32 for one in text))
    try:
        scenario = neutral({"name": text})
    except InputError:
        assume(False)
        return
    name = file_name(scenario)
    assert not set(name) & set('/\\:*?"<>|\0\n\r\t .') and name.encode() == name.encode()[:220]


def test_a_shown_value_is_one_line_that_can_be_written():
    for value in (
        "\ud800" * 500,
        "a\nb\x00\u202e",
        HUGE,
        10**9_000,
        [HUGE],
        {"a": "\ud800"},
        float("nan"),
        "x" * 10**6,
    ):
        text = shorten(value)
        text.encode()
        assert text.isprintable() and len(text) < 400


def ways_in(day):
    """Return how a day comes in: typed in a scenario, changed, given on the command line, asked of
    a preset.
    """
    return (
        lambda: Scenario.read(START.plain() | {"as_of": day}),
        lambda: START.replace({"as_of": day}),
        lambda: files.read_date(day),
        lambda: preset("amazon-de-kitchen", dt.date.fromisoformat(day)),
    )


@pytest.mark.parametrize("day", ["0001-01-01", "1989-12-31", "2200-01-01", "9999-12-31"])
@pytest.mark.parametrize("way", range(4))
def test_a_day_in_no_year_with_figures_is_refused_wherever_it_comes_in(day, way):
    with pytest.raises(InputError) as caught:
        ways_in(day)[way]()
    assert [(one.where, one.rule) for one in caught.value.problems] == [("as_of", "date_far")]
    (sentence,) = caught.value.sentences("en")
    assert "as_of" in sentence and sentence.endswith(
        f": {day} — must lie between the years 1990 and 2199"
    )


@pytest.mark.parametrize(("day", "ways"), [("1990-01-01", 3), ("2199-12-31", 4)])
def test_the_first_and_the_last_day_with_figures_are_taken(day, ways):
    """No preset knows 1990, which it says in words of its own."""
    for way in ways_in(day)[:ways]:
        assert way()


def test_a_link_is_made_of_every_day_that_a_scenario_may_have():
    """31 December 2199: its first month is January 2200, the plan's year ends in January 2201, and
    both are days of the calendar.
    """
    last = START.replace({"as_of": "2199-12-31"})
    assert links.decode(links.encode(last)).scenario == last
