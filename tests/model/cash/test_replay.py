"""Twelve months of dated flows typed by hand, and single rules with the arithmetic shown.

The store is made so that every month of the ledger is a round number: 300 orders a month of one
unit each at 119.00 with tax at 19 %, so 35,700.00 gross, of which 5,700.00 is output tax.
"""

import datetime as dt
from typing import Any

import numpy as np
import pytest

from funnel_sim.chance.cash import cash_of
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.scenario import Scenario
from tests.conftest import neutral

CENT = 0.005
FEBRUARY = 28
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # 2026
STARTS = np.concatenate([[0], np.cumsum(LENGTHS)])


def store(**terms: Any) -> Scenario:
    """Return the round store: 300 orders a month, 2026, one currency.

    Gross 119.00 (100.00 + 19.00 tax), commission 10 % of 119 with tax = 11.90, purchase 30.00,
    freight 5.00, duty 10 % of the purchase = 3.00 (FOB), import tax 20 % on 30 + 5 + 3 = 7.60 a
    unit, recovered; fulfilment 8.00; ads 1,500.00 a month; staff 2,000.00 a month.
    """
    plain: dict[str, Any] = {
        "as_of": "2026-01-01",
        "currency": "EUR",
        "cost_currency": "EUR",
        "product": {"price": 119.0, "price_includes_tax": True, "unit_cost": 30.0}
        | {"inbound_freight": 5.0},
        "tax": {"situation": "seller_remits", "tax_rate": 0.19, "duty_rate": 0.10}
        | {"customs_includes_freight": False, "import_tax_rate": 0.20}
        | {"import_tax_recoverable": True},
        "commission": {"tiers": [{"rate": 0.10}], "commission_on_tax": True},
        "fulfilment": {"fulfilment_per_order": 8.0},
        "fixed": {"staff_monthly": 2000.0},
        "channels": [{"id": "all", "kind": "orders", "known_sales": 300.0, "known_spend": 1500.0}],
        "cash": terms,
    }
    return Scenario.read(plain)


def test_the_months_of_the_ledger_are_round():
    # per order 100.00 net − 11.90 − 30.00 − 5.00 − 3.00 − 8.00 = 42.10; × 300 − 1,500 − 2,000
    months = evaluate(store()).monthly
    for key, amount in {
        "gross_sales": 35_700.0,
        "output_tax": -5_700.0,
        "commission": -3_570.0,
        "goods_purchase": -9_000.0,
        "goods_freight": -1_500.0,
        "goods_duty": -900.0,
        "goods_import_tax": 0.0,
        "fulfilment": -2_400.0,
        "ads": -1_500.0,
        "staff": -2_000.0,
        "profit": 9_130.0,
    }.items():
        assert months[key] == pytest.approx([amount] * 12), key


def test_a_year_of_dated_flows_by_hand():
    """Reserve, 30/70 deposit, freight, quarterly tax: each flow on its date.

    Payout: from the order, 10 days, each half-month, 2 days at the bank. An order brings
    119.00 − 11.90 − 8.00 = 99.10; a month of n days brings 300 × 99.10 = 29,730.00, a day 29,730/n.
    The platform holds 10 % of what is newly free for 30 days, until the cycle that then ends.

    Goods: one order every 30 days (days 0, 30, … 360) of the plan's demand of lead + 30 days less
    stock and what is on order; 20 days production, 30 on the way, none to receive. On 1 January
    there is stock for 80 days, 50 of lead and 30 of an order interval: it is worked out below by
    hand. 30 % deposit at the order, 70 % at shipment, freight 10 days after shipment, duty (3.00)
    and import tax (7.60) on arrival. Output tax of a quarter less import tax paid in it is due 10
    days after the quarter. Ads (1,500 a month) on the day, staff at the month's end, agency none.
    """
    run = cash_of(
        store(
            opening_cash=40_000.0,
            payout_delay_days=10,
            payout_cycle="half_month",
            payout_bank_days=2,
            reserve_rate=0.10,
            reserve_days=30,
            stocking="periodic",
            order_every_days=30,
            opening_stock_units=800.0,
            production_days=20,
            transit_days=30,
            deposit_rate=0.30,
            freight_due_days=10,
            vat_months=3,
            vat_due_days=10,
        )
    ).run
    flows = np.zeros(365)

    def put(month: int, day: int, amount: float) -> None:
        at = (dt.date(2026 + (month > 12), (month - 1) % 12 + 1, day) - dt.date(2026, 1, 1)).days
        if at < 365:
            flows[at] += amount

    # Payouts. Half-months end on the 15th and the last day. Free by 15 January are the orders of
    # 1 to 5 January (5 days), by 31 January those until the 21st (16 days), by 15 February those of
    # 22 to 31 January (10) and 1 to 5 February (5), and so on: the days of each month, typed.
    a_day = {month: 29_730.0 / length for month, length in enumerate(LENGTHS, 1)}
    free = {  # (month, day of the cycle's end): [(month of the orders, days)]
        (1, 15): [(1, 5)],
        (1, 31): [(1, 16)],
        (2, 15): [(1, 10), (2, 5)],
        (2, 28): [(2, 13)],
        (3, 15): [(2, 10), (3, 5)],
        (3, 31): [(3, 16)],
        (4, 15): [(3, 10), (4, 5)],
        (4, 30): [(4, 15)],
        (5, 15): [(4, 10), (5, 5)],
        (5, 31): [(5, 16)],
        (6, 15): [(5, 10), (6, 5)],
        (6, 30): [(6, 15)],
        (7, 15): [(6, 10), (7, 5)],
        (7, 31): [(7, 16)],
        (8, 15): [(7, 10), (8, 5)],
        (8, 31): [(8, 16)],
        (9, 15): [(8, 10), (9, 5)],
        (9, 30): [(9, 15)],
        (10, 15): [(9, 10), (10, 5)],
        (10, 31): [(10, 16)],
        (11, 15): [(10, 10), (11, 5)],
        (11, 30): [(11, 15)],
        (12, 15): [(11, 10), (12, 5)],
        (12, 31): [(12, 16)],
    }
    amounts = {
        end: sum(days * a_day[month] for month, days in parts) for end, parts in free.items()
    }
    assert amounts[1, 15] == pytest.approx(4_795.16, abs=CENT)  # 5 × 959.03
    # what was held is paid with the first cycle that ends 30 days later:
    # 15 January + 30 = 14 February → 15 February; 31 January + 30 = 2 March → 15 March;
    # 15 February + 30 = 17 March → 31 March; 28 February + 30 = 30 March → 31 March;
    # 15 March + 30 = 14 April → 15 April; 31 March + 30 = 30 April → 30 April;
    # 15 April + 30 = 15 May; 30 April + 30 = 30 May → 31 May; 15 May + 30 = 14 June → 15 June;
    # 31 May + 30 = 30 June; 15 June + 30 = 15 July; 30 June + 30 = 30 July → 31 July;
    # 15 July + 30 = 14 August → 15 August; 31 July + 30 = 30 August → 31 August;
    # 15 August + 30 = 14 September → 15; 31 August + 30 = 30 September; 15 September + 30 =
    # 15 October; 30 September + 30 = 30 October → 31; 15 October + 30 = 14 November → 15;
    # 31 October + 30 = 30 November; 15 November + 30 = 15 December; 30 November + 30 = 30 December
    # → 31 December; what is held in December is paid after the year
    released_with = {
        (2, 15): [(1, 15)],
        (3, 15): [(1, 31)],
        (3, 31): [(2, 15), (2, 28)],
        (4, 15): [(3, 15)],
        (4, 30): [(3, 31)],
        (5, 15): [(4, 15)],
        (5, 31): [(4, 30)],
        (6, 15): [(5, 15)],
        (6, 30): [(5, 31)],
        (7, 15): [(6, 15)],
        (7, 31): [(6, 30)],
        (8, 15): [(7, 15)],
        (8, 31): [(7, 31)],
        (9, 15): [(8, 15)],
        (9, 30): [(8, 31)],
        (10, 15): [(9, 15)],
        (10, 31): [(9, 30)],
        (11, 15): [(10, 15)],
        (11, 30): [(10, 31)],
        (12, 15): [(11, 15)],
        (12, 31): [(11, 30)],
    }
    two_days_later = {
        (1, 31): (2, 2),
        (2, 28): (3, 2),
        (3, 31): (4, 2),
        (4, 30): (5, 2),
        (5, 31): (6, 2),
        (6, 30): (7, 2),
        (7, 31): (8, 2),
        (8, 31): (9, 2),
        (9, 30): (10, 2),
        (10, 31): (11, 2),
        (11, 30): (12, 2),
        (12, 31): (13, 2),
    }
    for end, amount in amounts.items():
        month, day = two_days_later.get(end, (end[0], 17))
        put(month, day, 0.9 * amount)
        for held in released_with.get(end, []):
            put(month, day, 0.1 * amounts[held])

    # Goods. An order raises stock and what is on order to the demand of the next 80 days. Demand is
    # 300 units a month: 300/31, 300/28 or 300/30 a day. Every order is what was sold since the last
    # one, as the demand of 80 days moves on, rounded up to whole units.
    days_of_orders = [0, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 360]
    a_unit_day = [300.0 / n for n in (*LENGTHS, *LENGTHS) for _ in range(n)]
    position, sold, bought = 800.0, 0, []
    for day in days_of_orders:
        position -= sum(a_unit_day[sold:day])
        sold = day
        units = max(0.0, np.ceil(sum(a_unit_day[day : day + 80]) - position - 1e-6))
        position += units
        bought.append(units)
    # by hand: day 0 needs 300 + 300 + 21 × 300/31 = 803.2 against 800 → 4; day 30 (31 January)
    # needs 1 × 300/31 + 300 + 300 + 20 × 300/30 = 809.7, there are 804 − 30 × 300/31 = 513.7 → 296
    assert bought[:2] == [4.0, 296.0]
    for day, units in zip(days_of_orders, bought, strict=True):
        for later, a_unit in (
            (0, -0.30 * 30.0),  # deposit
            (20, -0.70 * 30.0),  # the rest at shipment
            (30, -5.0),  # freight 10 days after shipment
            (50, -3.0 - 7.6),  # duty and import tax on arrival
        ):
            if day + later < 365:
                flows[day + later] += units * a_unit

    # Tax. 3 × 5,700.00 a quarter, less import tax of the arrivals in it
    arrived = {d + 50: u for d, u in zip(days_of_orders, bought, strict=True)}
    for first, after, month in ((0, 90, 4), (90, 181, 7), (181, 273, 10)):
        back = sum(7.6 * units for day, units in arrived.items() if first <= day < after)
        put(month, 10, -17_100.0 + back)
    # 1 January to 31 March: the orders of days 0 and 30 arrive on days 50 and 80: 300 × 7.60
    assert sum(7.6 * u for d, u in arrived.items() if d < 90) == pytest.approx(2_280.0)

    for month, length in enumerate(LENGTHS, 1):
        for day in range(1, length + 1):
            put(month, day, -1_500.0 / length)
        put(month, length, -2_000.0)

    assert run.served.min() == 1.0
    assert run.balance is not None
    assert run.balance[:365, 0] == pytest.approx(40_000.0 + np.cumsum(flows), abs=CENT)


def test_a_later_payout_rule_leaves_a_gap_of_the_days_between():
    """From seven days after the order to seven days after the delivery, eleven days after it: all
    later money comes eleven days later, once. Sellers reported ten to fourteen days of sales
    missing when a marketplace made this change in 2026.
    """
    before = store(payout_delay_days=7)
    after = store(payout_delay_days=7, payout_basis="delivery", delivery_days=11)
    one, two = cash_of(before).run, cash_of(after).run
    assert one.balance is not None and two.balance is not None
    gap = (one.balance - two.balance)[:365, 0]
    a_day = 29_730.0 / 31
    # nothing for 18 days in place of 7, then a steady gap of eleven days of sales
    assert gap[6] == pytest.approx(0.0, abs=CENT)
    assert gap[17] == pytest.approx(11 * a_day, abs=CENT)
    assert gap[17:30] == pytest.approx(11 * a_day, abs=CENT)
    daily = np.array([29_730.0 / n for n in LENGTHS for _ in range(n)])
    for day in (100, 200, 300, 364):
        assert gap[day] == pytest.approx(daily[day - 17 : day - 6].sum(), abs=CENT)
    assert 10 * a_day <= gap[30] <= 14 * a_day


@pytest.mark.parametrize(
    ("cycle", "ends"),
    [
        ("daily", [0, 1, 2]),
        ("weekly", [6, 13, 20]),
        ("fortnightly", [13, 27, 41]),
        ("half_month", [14, 30, 45]),
        ("monthly", [30, 58, 89]),
    ],
)
def test_cycles_end_on_their_days(cycle, ends):
    days = CashDays(dt.date(2026, 1, 1), LENGTHS, 12)
    assert days.cycle_ends(cycle)[:3] == ends


def test_less_than_the_smallest_payout_waits_for_the_next_cycle():
    # a week brings 7 × 959.03 = 6,713.23 in January; the smallest payout of 10,000 needs two weeks
    run = cash_of(store(payout_cycle="weekly", payout_minimum=10_000.0)).run
    assert run.day_flows is not None
    paid = run.day_flows["payout"][:28, 0]
    assert np.flatnonzero(paid).tolist() == [13, 27]
    assert paid[13] == pytest.approx(14 * 29_730.0 / 31, abs=CENT)


def test_a_smallest_payout_that_is_met_exactly_is_paid():
    week = 7 * 29_730.0 / 31
    at, above = (
        cash_of(store(payout_cycle="weekly", payout_minimum=least)).run
        for least in (week - 1e-6, week + 0.01)
    )
    assert at.day_flows is not None and above.day_flows is not None
    assert at.day_flows["payout"][6, 0] == pytest.approx(week)
    assert above.day_flows["payout"][6, 0] == 0.0
    # 100 orders at 31.00 in the 31 days of January: 100.00 a day, 700.00 a week to the last digit
    even = neutral(
        {"product.price": 31.0, "cash.payout_cycle": "weekly", "cash.payout_minimum": 700.0}
    )
    paid = cash_of(even).run.day_flows
    assert paid is not None and paid["payout"][6, 0] == 700.0


def test_refunds_come_off_the_payout_after_the_order_was_paid_out():
    """10 % of the orders are sent back 20 days later, each for 119.00; the platform gives the
    commission back. Paid out daily: from day 20 on each day brings 99.10 × 300/31 less
    0.1 × (119.00 − 11.90) × 300/31; the tax of 19.00 comes back at once (no tax periods).
    """
    run = cash_of(store(refund_days=20).replace({"fulfilment.return_rate": 0.1})).run
    assert run.day_flows is not None
    orders = 300 / 31
    paid = run.day_flows["payout"][:31, 0]
    assert paid[:20] == pytest.approx(orders * 99.10)
    assert paid[20:] == pytest.approx(orders * (99.10 - 0.1 * (119.0 - 11.9)))
    tax = run.day_flows["vat"][:31, 0]
    assert tax[20] - tax[19] == pytest.approx(orders * 0.1 * 19.0)


def test_refunds_above_sales_are_a_debt_to_the_next_payout():
    # weekly cycles; 95 % of orders come back 7 days later at 119.00 less commission 11.90, and the
    # season ends: no sales in February, so February's payouts are below zero and nothing is paid
    season = [1.0] * 12
    season[1] = 0.0
    season[2] = 2.0
    plan = {"plan.season": season, "fulfilment.return_rate": 0.95}
    run = cash_of(store(payout_cycle="weekly", refund_days=7).replace(plan)).run
    assert run.day_flows is not None and run.bridge is not None
    paid = run.day_flows["payout"][:, 0]
    assert (paid[:365] >= 0).all() and run.bridge["receivable"][45, 0] > 0  # owed to the platform


def test_credit_costs_interest_on_each_day_below_zero():
    """Nothing is paid out in January. Each day costs 1,500/31 of ads, 5,700/31 of output tax and
    goods for 300/31 orders at 30 + 5 + 3 = 38.00 (the import tax of 7.60 comes back at once).
    Interest of 12 % a year on the balance of each day, paid on 31 January.
    """
    run = cash_of(store(payout_delay_days=31, credit_rate=0.12)).run
    assert run.balance is not None
    daily = (1_500.0 + 38.0 * 300 + 5_700.0) / 31  # ads, goods, output tax
    balances = [-daily * (day + 1) for day in range(31)]
    balances[30] -= 2_000.0  # staff
    interest = -sum(balances) * 0.12 / 365
    assert run.interest[0, 0] == pytest.approx(interest, abs=CENT)
    assert run.balance[30, 0] == pytest.approx(balances[30] - interest, abs=CENT)


@pytest.mark.parametrize(
    ("billing", "first_month"),
    [
        ({"ads_billing": "as_spent"}, [(0, 1_500 / 31), (30, 1_500 / 31)]),
        # ten days are in the account on day one; then each day pays for the tenth after it
        (
            {"ads_billing": "prepaid", "ads_prepaid_days": 10},
            [(0, 11 * 1_500 / 31), (1, 1_500 / 31), (21, 1_500 / 28)],
        ),
        # 48.39 a day: 500 is reached on the 11th day with 532.26, again on the 22nd; the rest at
        # the month's end, 9 days
        (
            {"ads_billing": "threshold", "ads_threshold": 500.0},
            [(9, 0.0), (10, 11 * 1_500 / 31), (21, 11 * 1_500 / 31), (30, 9 * 1_500 / 31)],
        ),
        ({"ads_billing": "monthly", "ads_due_days": 20}, [(30, 0.0), (50, 1_500.0)]),
        ({"ads_billing": "withheld"}, [(0, 0.0), (30, 0.0)]),
    ],
)
def test_ads_are_paid_as_they_are_billed(billing, first_month):
    run = cash_of(store(**billing)).run
    assert run.day_flows is not None
    paid = run.day_flows.get("ads", np.zeros((400, 1)))
    for day, amount in first_month:
        assert paid[day, 0] == pytest.approx(-amount, abs=CENT), day


def test_ads_off_the_payout_lower_it():
    run = cash_of(store(ads_billing="withheld")).run
    assert run.day_flows is not None
    assert run.day_flows["payout"][0, 0] == pytest.approx((29_730.0 - 1_500.0) / 31)


@pytest.mark.parametrize("delay", [0, 5])
def test_ads_of_orders_come_off_the_payout_as_ads_of_the_month_do(delay):
    """5.00 an order in place of 1,500 a month: 300 orders, the same 1,500. With a delay the ads of
    a day are taken off that day's payout, which has no sales before the sixth.
    """
    typed = {"channels.all.known_spend": 0.0, "channels.all.cost_per_order": 5.0}
    for scenario in (
        store(ads_billing="withheld", payout_delay_days=delay),
        store(ads_billing="withheld", payout_delay_days=delay).replace(typed),
    ):
        flows = cash_of(scenario).run.day_flows
        assert flows is not None
        paid = flows["payout"][:, 0]
        assert paid[delay] == pytest.approx((29_730.0 - 1_500.0) / 31)
        assert paid[40] == pytest.approx((29_730.0 - 1_500.0) / FEBRUARY)
        if delay:
            assert paid[0] == pytest.approx(-1_500.0 / 31)


def test_orders_that_cash_cannot_pay_are_not_placed_and_the_shelf_runs_empty():
    """Lead 30 days, stock for 20 days on day 0: 193 units. A deposit of 100 % of 30.00; cash of
    900 and no credit pays 30 units, no more; nothing is paid out before day 60. Freight, duty and
    import tax are due after that: goods wait for what they have due as they leave, and would wait
    for them otherwise.
    """
    terms = {
        "stocking": "periodic",
        "order_every_days": 30,
        "production_days": 30,
        "opening_stock_units": 193.0,
        "deposit_rate": 1.0,
        "opening_cash": 900.0,
        "payout_delay_days": 60,
        "freight_due_days": 60,
        "border_due_days": 60,
        "vat_months": 12,
    }
    free = store(**terms).replace({"fixed.staff_monthly": 0.0})
    short = free.replace({"cash.orders_need_cash": True})
    one, two = cash_of(free).run, cash_of(short).run
    assert one.flows["deposit"][0, 0] < -900.0
    assert two.day_flows is not None
    assert two.day_flows["deposit"][0, 0] == pytest.approx(-900.0)
    assert two.flows["deposit"][0, 0] == pytest.approx(-900.0)
    # 193 units serve 19.94 of January's 31 days; 30 more arrive on day 30 and serve 3.1 days, of
    # which one is in January: (193 + 300/31) / 300
    assert two.served[0, 0] == pytest.approx((193.0 + 300 / 31) / 300, abs=1e-9)
    assert two.lost_orders[0, 0] == pytest.approx(300 - 193.0 - 300 / 31)
    # each lost order costs its margin: 100 − 11.90 − 38.00 − 8.00 = 42.10; ads go on
    lost = two.lost_orders[0, 0]
    assert two.profit[0, 0] == pytest.approx(two.profit_full[0, 0] - 42.10 * lost)


def test_goods_whose_balance_cannot_be_paid_wait_at_the_factory():
    """30 % of 10 × 30.00 is paid on day 0, goods are ready on day 10; 70 % needs 210 and cash falls
    by ads: with 400 at the start, 90 for the deposit and 48.39 of ads a day, less than 210 is left
    from day 2 on, and what is paid out from day 40 on lets them go.
    """
    terms = {
        "stocking": "periodic",
        "order_every_days": 300,
        "production_days": 10,
        "opening_stock_units": 3_000.0,
        "deposit_rate": 0.3,
        "opening_cash": 400.0,
        "payout_delay_days": 40,
        "vat_months": 12,
        "orders_need_cash": True,
    }
    run = cash_of(store(**terms).replace({"fixed.staff_monthly": 0.0})).run
    assert run.day_flows is not None
    deposit = run.day_flows["deposit"][0, 0]
    ordered = round(-deposit / 9.0)
    assert 0 < ordered <= 44  # 400 pays the deposit of 44 units
    left = np.flatnonzero(run.day_flows["goods"][:, 0])
    assert left[0] > 40 and run.day_flows["goods"][left[0], 0] == pytest.approx(-ordered * 21.0)
