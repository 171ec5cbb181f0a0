"""A table written in any supported dialect and read back tells the same months and orders."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnel_sim.errors import InputError
from funnel_sim.evidence.orders.orders import orders
from funnel_sim.evidence.orders.roles import recognise
from funnel_sim.evidence.store.columns import recognised
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.tables import texts
from funnel_sim.evidence.tables.tables import read_table
from tests.evidence.dialects import ASKED, DAYS, MONTHS, WEEKS, dialects, headings, names

OF_HISTORY, OF_ORDERS = names("history_columns.toml"), names("order_columns.toml")
START = dt.date(2026, 1, 1)
BOUNDED = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def spread(periods, values):
    """Return the sum of each month, a period's value spread evenly over its days: (first day, days)
    and value.
    """
    out = {}
    for (first, days), value in zip(periods, values, strict=True):
        for place in range(days):
            month = (first + dt.timedelta(days=place)).strftime("%Y-%m")
            out[month] = out.get(month, 0.0) + value / days
    return out


@pytest.mark.slow
@BOUNDED
@given(st.data(), dialects(), st.sampled_from(["day", "week", "month"]))
def test_sums_by_period_are_read_back(data, dialect, grain):
    if grain == "day":
        periods = [(START + dt.timedelta(days=place), 1) for place in range(40)]
        form = DAYS[dialect.day]
    elif grain == "week":
        periods = [(dt.date(2026, 1, 5) + dt.timedelta(days=7 * place), 7) for place in range(6)]
        form = WEEKS[data.draw(st.sampled_from(sorted(WEEKS)), label="week")]
    else:
        periods = [
            (dt.date(2026, month, 1), (dt.date(2026, month + 1, 1) - dt.date(2026, month, 1)).days)
            for month in range(1, 5)
        ]
        form = MONTHS[data.draw(st.sampled_from(sorted(MONTHS)), label="month")]
    heads = headings(data.draw, OF_HISTORY, ("date", "gmv", "orders", "ad_spend"), dialect.encoding)
    seed = data.draw(st.integers(0, 2**32 - 1), label="seed")
    chance = np.random.default_rng(seed)
    gmv, spend = (chance.integers(0, 10 ** chance.integers(3, 9), len(periods)) for _ in range(2))
    count = chance.integers(0, 3000, len(periods))
    rows = [
        [form(first), dialect.amount(int(a)), dialect.count(int(n)), dialect.amount(int(b))]
        for (first, _), a, n, b in zip(periods, gmv, count, spend, strict=True)
    ]
    table = read_table(dialect.file(heads, rows), "x.csv")
    assert list(table.columns) == heads
    assert recognised(table) == dict(zip(("date", "gmv", "orders", "ad_spend"), heads, strict=True))
    found = history(table)
    assert found.grain == grain
    for role, values in (("gmv", gmv / 100), ("orders", count), ("ad_spend", spend / 100)):
        expected = spread(periods, values)
        assert list(found.months) == sorted(expected)
        assert found.figures[role].tolist() == pytest.approx(
            [expected[month] for month in sorted(expected)], rel=1e-9, abs=1e-6
        )


@pytest.mark.slow
@BOUNDED
@given(st.data(), dialects())
def test_orders_are_read_back(data, dialect):
    heads = headings(
        data.draw, OF_ORDERS, ("order", "customer", "date", "amount"), dialect.encoding
    )
    seed = data.draw(st.integers(0, 2**32 - 1), label="seed")
    chance = np.random.default_rng(seed)
    rows, sold, back = [], {}, 0
    for place in range(30):
        day, cents = (
            START + dt.timedelta(days=int(chance.integers(0, 90))),
            int(chance.integers(1, 10 ** chance.integers(2, 8))),
        )
        number, who = f"A-{place:04d}", f"u{place % 11}@example.com"
        if place % 7 == 3:
            back += cents
            cents = -cents
        else:
            sold[number] = (who, day, cents)
        rows.append([number, who, DAYS[dialect.day](day), dialect.amount(cents)])
    table = read_table(dialect.file(heads, rows), "x.csv")
    known = recognise(table)
    assert {role: known[role] for role in ("order", "customer", "date", "amount")} == dict(
        zip(("order", "customer", "date", "amount"), heads, strict=True)
    )
    found = orders(table, day_first=ASKED.get(dialect.day))
    read = {
        one.order: (one.customer, one.day.date(), round(100 * one.sold))
        for one in found.frame.itertuples()
    }
    assert (
        read == sold and round(100 * found.back) == back and found.rows == 30 and not found.left_out
    )


CELLS = st.sampled_from(
    [
        "",
        "a",
        "1",
        " b ",
        '"c"',
        '"d;e"',
        '"f""g"',
        'h"i',
        '"j\nk"',
        "é",
        ' "l"',
        '"m"n',
        '"',
        "''",
        "\t",
        "NA",
        "null",
        '"\r\n"',
    ]
)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=7),
    st.integers(1, 4),
    st.booleans(),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
def test_the_fast_reader_of_texts_reads_what_the_other_reads(rows, width, regular, end, closed):
    """Arrow reads regular texts, pandas the others: what the one accepts, both read alike."""
    if regular:
        rows = [(row * 4)[:width] for row in rows]
    text = end.join([";".join("wxyz"[:width]), *(";".join(row) for row in rows)]) + (
        end if closed else ""
    )
    content = text.encode()
    area = (content.count(b"\n") + 1, width)
    lone = texts._lone_returns(content)
    one = None if lone else texts._regular(content, ";", 0, area, "x", None)
    if one is None:
        return
    try:
        slow = texts._any(content, ";", 0, width, "x", None)
    except InputError as error:
        raise AssertionError(f"Arrow accepts {text!r}, of which pandas says {error}") from None
    other = pd.concat(slow) if slow else pd.DataFrame()
    assert (
        one.index.tolist() == other.index.tolist()
        and one.to_numpy().tolist() == other.to_numpy().tolist()
    )
