"""Charts that can be read: from P1 to P99 with the rest told, axes with their currency, names
that do not meet, amounts that are not cut off.
"""

import itertools
import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.chance.estimates import bars_of
from funnel_sim.model.economics import evaluate
from funnel_sim.output.charts import chance, customers, kpi, ledger, quote
from funnel_sim.output.charts.chance import data_distribution
from funnel_sim.output.charts.ledger import data_waterfall, waterfall_room
from funnel_sim.output.charts.pictures import chart_csv, chart_svg
from funnel_sim.output.charts.style import dodged, width_of
from funnel_sim.output.design import SIZES
from funnel_sim.output.words import formats
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS, catalogue

EUROS = formats.axis("money", "EUR", "en")


def test_bars_go_from_p1_to_p99_and_say_what_lies_outside():
    """Of 0, 1 … 1000, P1 is 10 and P99 is 990: ten lie below, ten above, 20/1001 in all."""
    found = bars_of(np.arange(1001.0), None)
    assert (found.edges[0], found.edges[-1]) == pytest.approx((10.0, 990.0))
    assert found.outside == pytest.approx(20 / 1001)


def test_an_extreme_does_not_press_the_rest_into_one_bar():
    values = np.sort(np.concatenate([np.linspace(0.0, 100.0, 999), [3.5e6]]))
    found = bars_of(values, 0.0)
    assert found.edges[-1] < 110 and found.shares.max() < 0.05


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=300),
    st.one_of(st.none(), st.floats(-1e6, 1e6)),
)
def test_bars_and_what_lies_outside_are_all_of_it(values, threshold):
    ordered = np.sort(np.array(values))
    found = bars_of(ordered, threshold)
    inside = np.count_nonzero((ordered >= found.edges[0]) & (ordered <= found.edges[-1]))
    assert found.shares.sum() + found.outside == pytest.approx(1.0)
    assert found.shares.sum() == pytest.approx(inside / ordered.size, abs=2 / ordered.size)
    assert (found.shares >= 0).all()


@pytest.mark.parametrize("lang", LANGS)
def test_percentiles_close_together_are_named_on_lines_of_their_own(lang):
    """P5, P50 and P95 at the same place, in the picture as drawn: three heights, none cut off."""
    found = bars_of(np.linspace(-50.0, 50.0, 2000), 0.0)
    marks = [(name, at, f"€{at:.0f}") for name, at in (("P5", -1.0), ("P50", 0.0), ("P95", 1.0))]
    data = data_distribution(found, marks, 0.0, str, lang=lang)
    spec = chance.spec_distribution(lang, "light", EUROS, signed=True)
    svg = chart_svg({**spec, "width": 300}, data)
    heights = [_height(svg, f"{name} €") for name in ("P5", "P50", "P95")]
    assert min(abs(a - b) for a, b in itertools.combinations(heights, 2)) >= SIZES.small
    assert min(heights) > 0
    said = catalogue(lang)["chart.outside"].replace("{share}", formats.percent(found.outside, 0))
    assert said in svg


def _height(svg, start):
    """Return how far below the top the text that starts so stands, all shifts added up."""
    place = svg.index(f">{start}")
    depth, total = 0, 0.0
    for tag in reversed(list(re.finditer(r"<(/?)(g|text|svg)\b([^>]*?)(/?)>", svg[: place + 1]))):
        if tag[1]:
            depth += 1
        elif tag[4]:
            continue
        elif depth:
            depth -= 1
        else:
            moved = re.search(r"translate\([-\d.]+,\s*([-\d.]+)\)", tag[3])
            total += float(moved[1]) if moved else 0.0
    return total


@pytest.mark.parametrize(
    ("lang", "value", "shown"),
    [
        ("en", 0.0, "€0"),
        ("en", 10_000.0, "€10k"),
        ("en", -2_500.0, "\u2212€2.5k"),
        ("en", 3_500_000.0, "€3.5M"),
        ("en", 0.5, "€0.5"),
        ("zh", 0.0, "€0"),
        ("zh", 10_000.0, "€1万"),
        ("zh", -25_000.0, "\u2212€2.5万"),
        ("zh", 5_000.0, "€5,000"),
    ],
)
def test_axes_carry_the_currency_and_never_say_0k(lang, value, shown):
    """The label as Vega works it out, on an axis that has only that number."""
    import altair as alt
    import pandas as pd

    label = formats.axis("money", "EUR", lang).label
    axis = alt.Axis(labelExpr=label, values=[value])
    spec = alt.Chart(alt.NamedData("figures")).mark_point().encode(x=alt.X("v:Q", axis=axis))
    svg = chart_svg(spec.to_dict(), pd.DataFrame({"v": [value, value + 1]}))
    assert f">{shown}<" in svg and "0k<" not in svg.replace("10k<", "")


@pytest.mark.slow
def test_every_axis_of_money_has_the_currency_of_the_store():
    for spec in (
        ledger.spec_waterfall("en", "light", EUROS),
        ledger.spec_months("en", "light", EUROS),
        chance.spec_distribution("en", "light", EUROS, signed=True),
        chance.spec_fan("en", "light", EUROS, signed=True),
        chance.spec_tornado("en", "light", EUROS),
        customers.spec_payback("en", "light", EUROS),
        customers.spec_budget("en", "light", EUROS),
        kpi.spec_path("en", "light", EUROS),
        quote.spec_gains("en", "light", EUROS),
        quote.spec_choice("en", "light", (formats.axis("", "EUR", "en"), EUROS), "x"),
    ):
        text = json.dumps(spec)
        assert '"~s"' not in text and json.dumps(EUROS.label) in text


@given(
    st.lists(st.floats(0.0, 100.0), min_size=1, max_size=6),
    st.sampled_from([150.0, 240.0, 330.0]),
)
def test_names_of_lines_never_meet_and_keep_their_order(ends, height):
    placed = dodged(ends, 0.0, 100.0, height)
    step = 100.0 * SIZES.small / height
    order = sorted(range(len(ends)), key=lambda i: ends[i])
    held = [placed[i] for i in order]
    assert all(b - a >= step for a, b in itertools.pairwise(held))
    assert held[0] > 0


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("card", [card.id for card in preset_cards()])
def test_amounts_of_the_waterfall_have_room_on_their_side(card, lang):
    """An amount stands right of its bar, left of one below zero, in room kept free for it."""
    data = data_waterfall(evaluate(preset(card)), lang)
    left, right = waterfall_room(data)
    for row in data.itertuples():
        below = max(row.start, row.end) <= 0 and min(row.start, row.end) < 0
        assert row.side == ("left" if below else "right")
        assert row.edge == (min if below else max)(row.start, row.end)
        assert width_of(row.text) <= (left if below else right)


def test_the_amount_below_zero_is_drawn_whole_at_phone_width():
    """A store that loses on each order: "−€…" stands left of the bar, inside the picture."""
    data = data_waterfall(
        evaluate(preset("amazon-de-kitchen").replace({"product.price": 18.0})), "en"
    )
    last = data.iloc[-1]
    assert last["side"] == "left" and last["text"].startswith(formats.MINUS)
    spec = ledger.spec_waterfall("en", "light", EUROS, waterfall_room(data))
    svg = chart_svg({**spec, "width": 180}, data)
    found = re.search(
        rf'translate\(([-\d.]+),[^)]*\)"[^>]*>{re.escape(formats.joined(last["text"]))}<', svg
    )
    assert found is not None and float(found[1]) > width_of(last["text"]) - 4


def test_the_data_of_a_chart_is_a_table_that_a_spreadsheet_reads():
    result = evaluate(preset("amazon-de-kitchen"))
    data = data_waterfall(result, "en")
    lines = chart_csv(ledger.spec_waterfall("en", "light", EUROS), data).splitlines()
    assert lines[0] == "Step,start,end,Per order"
    assert len(lines) == 1 + len(data)
    assert any(",-€" in line for line in lines) and "\u2212" not in "".join(lines)
