"""Every formula of the workbook, worked out by a spreadsheet, gives what the app gives: every
preset, 200 random scenarios, and after changes in the file.
"""

import io
from typing import Any

import openpyxl
import pytest

from funnel_sim.decisions.kpi import check as kpis
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.output.words.figure_names import name_of
from funnel_sim.output.workbook.book import built, workbook
from funnel_sim.output.workbook.cover import SUMMARY
from funnel_sim.output.workbook.xlsx_file import written
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.paths import SECTIONS, field_paths
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import LANGS, say
from tests.workbook.app import disagreements
from tests.workbook.recalculate import read, recalculated
from tests.workbook.scenarios import scenarios

SEED, RANDOM, PARTS = 20261122, 200, 4
# The baseline is typed: beside an effect the funnel's own is a number of the app and does not
# follow the cells (docs/limits.md, ADR 0036).
RICH = preset("shopify-us-beauty").replace(
    {
        "commission.commission_mode": "marginal",
        "commission.tiers": [{"upto": 20.0, "rate": 0.1}, {"upto": None, "rate": 0.05}],
        "commission.commission_cap": 9.0,
        "fixed.one_off": [
            {"name": "photos", "group": "localisation", "amount": 5000.0, "month": 2}
        ],
        "customers.referral": 0.05,
        "plan.ramp_months": 4.0,
        "plan.ramp_start": 0.4,
        "plan.budget_plan": [0.5, 1.0],
        "effect.effect_aov": 1.1,
        "effect.effect_ramp_months": 3.0,
        "kpis": [
            {"id": "roas", "metric": "roas", "target": 3.0},
            {
                "id": "gmv",
                "metric": "gmv",
                "relative": True,
                "target": 0.4,
                "baseline": 34000.0,
                "window": "total",
                "sales_refunds": "out",
            },
        ],
        "options": [
            {
                "id": "quote",
                "base": 8000.0,
                "share_tiers": [{"upto": 20000.0, "rate": 0.08}, {"upto": None, "rate": 0.05}],
                "floor": 9000.0,
                "total_cap": 90000.0,
            }
        ],
    }
)
CHANGES: dict[str, dict[str, Any]] = {
    "price": {"product.price": 31.5},
    "cpc": {"channels.ads.cpc": 0.83},
    "fx": {"fx_rate": 6.6},
    "tax_in_price": {"product.price_includes_tax": True, "tax.tax_rate": 0.2},
    "interval": {"customers.repeat_interval": 3, "customers.repeat_probability": 0.41},
    "horizon": {"customers.ltv_horizon": 33, "customers.ltv_discount": 0.2},
    "start": {"plan.start_month": 10},
    "ramp": {"plan.ramp_months": 0.0},
    "target": {"kpis.gmv.target": 0.75, "kpis.roas.target": 1.0},
    "quote": {"options.quote.base": 2500.0, "options.quote.total_cap": 30000.0},
    "no_ads": {"channels.ads.budget": 0.0},
    "nobody_buys": {"conversion.cvr": 0.0},
    "loss": {"product.unit_cost": 900.0},
    "referral": {"customers.referral": 0.2},
    "first_order": {"customers.ltv_first_order": False},
}


def _each(part: int) -> dict[str, Scenario]:
    every = {card.id: preset(card.id) for card in preset_cards()} | {
        f"random_{n}": one for n, one in enumerate(scenarios(RANDOM, SEED))
    }
    return {name: every[name] for name in list(every)[part::PARTS]}


def _wrong(files: dict[str, bytes], expected: dict[str, Scenario], folder: Any) -> list[str]:
    out = []
    for name, path in recalculated(files, folder).items():
        cells, errors = read(path)
        out += [f"{name} {one}" for one in [*errors, *disagreements(expected[name], cells)]]
    return out


@pytest.mark.sampled(2)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_spreadsheet_gives_what_the_app_gives(part, tmp_path):
    every = _each(part)
    files = {
        name: written(one, built(one, "en"), "en", cached=False) for name, one in every.items()
    }  # no value but what the spreadsheet works out
    assert not _wrong(files, every, tmp_path)[:20]


def test_a_change_in_the_file_gives_what_the_app_gives_after_the_same_change(tmp_path):
    files, expected = {}, {}
    for name, change in CHANGES.items():
        files[name] = _changed(
            workbook(RICH, "zh"), {_name(path): value for path, value in change.items()}
        )
        expected[name] = RICH.replace(change)
    for number, one in enumerate(scenarios(12, SEED + 1)):
        moved = _moved(one)
        if moved is not None:
            files[f"all_{number}"] = _changed(
                workbook(one, "en"), {_name(path): value for path, value in _flat(moved).items()}
            )
            expected[f"all_{number}"] = one.replace(moved)
    assert len(files) >= len(CHANGES) + 5
    assert not _wrong(files, expected, tmp_path)[:20]


PRICED = {
    "conversion.demand_elasticity": 1.8,
    "conversion.reference_price": 27.0,
    "product.discount_rate": 0.1,
    "product.voucher": 1.5,
    "product.shipping_charged": 4.0,
}
REPRICED: dict[str, dict[str, Any]] = {
    "as_it_is": {},
    "price": {"product.price": 41.0},
    "elasticity": {"conversion.demand_elasticity": 3.1},
    "at_one": {"conversion.demand_elasticity": 1.0},
    "reference": {"conversion.reference_price": 20.0},
    "voucher": {"product.voucher": 6.0, "product.discount_rate": 0.25},
    "nearly_free": {"product.price": 1.0},
}


def test_orders_answer_to_the_price_in_the_file_as_in_the_app(tmp_path):
    """Conversion rates, steps and typed orders, units and sales, by the model's own functions: the
    price is changed in the file.
    """
    typed = {
        "channels.organic.kind": "orders",
        "channels.organic.known_as": "sales",
        "channels.organic.known_sales": 900.0,
    }
    steps = {
        "conversion.cvr": None,
        "conversion.add_to_cart_rate": 0.2,
        "conversion.checkout_rate": 0.4,
    }
    files, expected = {}, {}
    for kind, store in {
        "rates": RICH.replace(PRICED),
        "typed": preset("amazon-de-kitchen").replace(PRICED | typed),
        "steps": preset("amazon-us-kitchen").replace(PRICED | steps),
    }.items():
        made = workbook(store, "en")
        for name, change in REPRICED.items():
            changed = {_name(path): value for path, value in change.items()}
            files[f"{kind}_{name}"] = _changed(made, changed)
            expected[f"{kind}_{name}"] = store.replace(change)
    assert not _wrong(files, expected, tmp_path)[:20]


@pytest.mark.parametrize("lang", LANGS)
def test_the_first_sheet_follows_the_inputs_and_says_when_its_verdicts_are_stale(lang, tmp_path):
    """Six figures of the steady month as the app has them, before and after another price; the
    verdict's text stays, and the line under it says so after the change only.
    """
    scenario = preset("amazon-de-kitchen").replace(
        {"kpis": [{"id": "roas", "metric": "roas", "target": 3.0}]}
    )
    made = workbook(scenario, lang, check=kpis.check(scenario, 1024))
    files = {"as_it_is": made, "changed": _changed(made, {"product_price": 31.5})}
    expected = {"as_it_is": scenario, "changed": scenario.replace({"product.price": 31.5})}
    kept, stale = (say(lang, f"workbook.cover_{key}") for key in ("values", "stale"))
    for name, path in recalculated(files, tmp_path).items():
        cover = openpyxl.load_workbook(path, data_only=True).worksheets[0]
        steady = evaluate(expected[name]).steady
        for row, key in enumerate(SUMMARY, 4):
            assert cover.cell(row, 1).value == name_of(key, lang)
            assert cover.cell(row, 2).value == pytest.approx(steady[key], rel=1e-9)
        texts = {cell.value for line in cover.iter_rows() for cell in line}
        assert (stale in texts, kept in texts) == (name == "changed", name != "changed")


def test_the_first_sheet_has_a_chart_of_the_months():
    scenario = preset("amazon-de-kitchen")
    (chart,) = openpyxl.load_workbook(io.BytesIO(workbook(scenario, "en"))).worksheets[0]._charts
    assert len(chart.series) == 1
    assert scenario.plan.horizon_months == 12 and "$" in chart.series[0].val.numRef.f


def test_an_input_that_does_nothing_is_not_shaded_and_amounts_are_shown_rounded():
    """Every channel has a rate of its own: the store's does nothing. A price of 25.9179439941 is
    shown with two decimals, a click of 0.0625 with four.
    """
    scenario = preset("amazon-de-kitchen").replace(
        {
            "product.price": 25.9179439941,
            "channels.ads.cpc": 0.0625,
            **{f"channels.{one}.channel_cvr": 0.09 for one in ("ads", "organic")},
        }
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook(scenario, "en")))

    def cell(name: str) -> Any:
        ((title, where),) = book.defined_names[name].destinations
        return book[title][where]

    shaded = {name: cell(name).fill.fgColor.rgb for name in ("product_price", "conversion_cvr")}
    assert shaded["product_price"] == "FFFFF2CC" != shaded["conversion_cvr"]
    assert cell("product_price").value == 25.9179439941
    assert cell("product_price").number_format == "[<1]0.00##;#,##0.00"


def _name(path: str) -> str:
    return path.replace(".", "_")


def _changed(content: bytes, values: dict[str, Any]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, value in values.items():
        ((title, where),) = book.defined_names[name].destinations
        book[title][where].value = float(value) if isinstance(value, bool) else value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _flat(changes: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for path, value in changes.items():
        if isinstance(value, list):
            for place, one in enumerate(value, 1):
                held = (
                    {f"{path}.{place}.{k}": v for k, v in one.items()}
                    if isinstance(one, dict)
                    else {f"{path}.{place}": one}
                )
                out |= {k: v for k, v in held.items() if isinstance(v, (int, float))}
        else:
            out[path] = value
    return out


def _moved(scenario: Scenario) -> dict[str, Any] | None:
    """Return every number that formulas read, moved; None where so moved they do not hold together,
    or decide which formulas are written.
    """
    changes: dict[str, Any] = {}
    live = {
        "fx_rate",
        *(
            s
            for s in SECTIONS
            if s not in ("chance", "promise", "verdicts", "history", "comparison", "budget")
        ),
        "channels",
    }
    for path, spec in field_paths(scenario):
        value = scenario.get(path)
        if (
            path.split(".")[0] not in live
            or path == "plan.horizon_months"
            or "bgnbd" in path
            or isinstance(value, (bool, str))
            or value is None
        ):
            continue
        if scenario.customers.retention == "bgnbd" and path == "customers.repeat_interval":
            continue
        if path == "fx_rate" and scenario.currency == scenario.cost_currency:
            continue
        low, high = spec.domain
        if isinstance(value, int):
            changes[path] = int(min(high, value + 1))
        elif isinstance(value, float):
            changes[path] = max(low, min(value * 0.93, high))
        elif path in ("plan.budget_plan", "customers.age_orders"):
            changes[path] = [one * 0.9 for one in value]
        elif path == "plan.season":
            changes[path] = value[1:] + value[:1]
        elif path == "fixed.one_off":
            changes[path] = [
                {**one.model_dump(), "amount": one.amount * 1.3, "month": one.month + 1}
                for one in value
            ]
        elif path == "commission.tiers":
            changes[path] = [{"upto": t.upto and t.upto * 1.1, "rate": t.rate * 0.9} for t in value]
    try:
        scenario.replace(changes)
    except InputError:
        return None
    return (
        changes
        if all(
            option.share_over == "all" or option.baseline is not None for option in scenario.options
        )
        else None
    )
