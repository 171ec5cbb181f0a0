"""One month of the page Cash worked by hand from docs/model.md: every figure of its calendar, its
bridge, its cycle and its currencies, as figures and as the page words them.

January 2027, 31 days. 310 orders at 20 EUR: 10 a day, 200 EUR a day, 10 % commission, 180 EUR a day
to be paid out. Costs in CNY at 8 CNY a EUR: a unit 40 CNY (5 EUR), freight 8 CNY (1 EUR). Ads 62
EUR, staff 800 CNY (100 EUR). Opening cash 8,000 CNY (1,000 EUR).

Profit: 6,200 − 620 − 1,550 − 310 − 62 − 100 = 3,558 EUR.

Payouts: free 3 days after the order, cycles end on days 6, 13, 20, 27 (the first day is 0), money 2
days later; a tenth of what is newly free is held 14 days.
- day 6: orders of days 0 to 3, 720; held 72 until day 20; 648 on day 8.
- day 13: 7 days, 1,260; held 126 until day 27; 1,134 on day 15.
- day 20: 1,260, held 126 until after the month, 72 back: 1,206 on day 22.
- day 27: 1,260, held 126, 126 back: 1,260 on day 29.
Together 4,248; still held 72 + 126 + 126 + 126 − 72 − 126 = 252.

Goods are bought as they are sold: 30 % deposit on the day (120 CNY = 15 EUR a day, 465 in all),
the rest 30 days later (280 CNY = 35 EUR on day 30, for the units of day 0), freight on the day
(10 EUR a day, 310). Ads are billed at the end of the month and due 20 days later: none in January.
Staff on the last day.
"""

import pytest

from funnel_sim.chance.cash import cash_of
from funnel_sim.decisions.cash.answer import cash_answer
from funnel_sim.decisions.cash.cycle import cash_cycle
from funnel_sim.decisions.cash.exposure import cash_exposure
from funnel_sim.output.words import cash_tables, formats
from funnel_sim.output.words.cash import cash_tiles
from funnel_sim.scenario.scenario import Scenario

STORE = Scenario.read(
    {
        "as_of": "2026-12-01",
        "currency": "EUR",
        "cost_currency": "CNY",
        "fx_rate": 8.0,
        "plan": {"start_month": 1, "horizon_months": 1},
        "product": {"price": 20.0, "unit_cost": 40.0, "inbound_freight": 8.0},
        "commission": {"tiers": [{"rate": 0.10}]},
        "fixed": {"staff_monthly": 800.0},
        "channels": [{"id": "all", "kind": "orders", "known_sales": 310.0, "known_spend": 62.0}],
        "cash": {
            "opening_cash": 8000.0,
            "payout_basis": "order",
            "payout_delay_days": 3.0,
            "payout_cycle": "weekly",
            "payout_bank_days": 2,
            "reserve_rate": 0.1,
            "reserve_days": 14.0,
            "stocking": "as_sold",
            "deposit_rate": 0.3,
            "balance_days": 30,
            "ads_billing": "monthly",
            "ads_due_days": 20,
        },
    }
)
LAST = 30
MINUS, NONE = formats.MINUS, formats.NOTHING


def test_the_calendar_and_every_balance():
    run = cash_of(STORE).run
    assert run.days.first.isoformat() == "2027-01-01" and run.days.horizon == 31
    flows = {kind: float(amount[0, 0]) for kind, amount in run.flows.items() if amount.any()}
    assert flows == pytest.approx(
        {"payout": 4248.0, "deposit": -465.0, "goods": -35.0, "freight": -310.0, "fixed": -100.0}
    )
    balance, paid = 1000.0, {8: 648.0, 15: 1134.0, 22: 1206.0, 29: 1260.0, 30: -35.0 - 100.0}
    for day in range(31):
        balance += paid.get(day, 0.0) - 15.0 - 10.0
        assert run.daily[day, 0] == pytest.approx(balance), day
    assert balance == pytest.approx(4338.0)
    # 25 a day from 1,000 until the first payout: lowest on the evening of day 7, 1,000 − 8 · 25
    assert run.lowest[0] == pytest.approx(800.0) and run.lowest_day[0] == 7


def test_the_page_words_the_calendar():
    run = cash_of(STORE).run
    flows = {kind: amount[:1, 0] for kind, amount in run.flows.items()}
    heads = cash_tables.flow_heads(flows, "en")
    [month, sums] = cash_tables.flow_rows(flows, run.month_end[:, 0], run.days, "en")
    assert dict(zip(heads, (month.name, *month.cells), strict=True)) == {
        "Month": "2027-01",
        "Payouts": "4,248",
        "Deposits to suppliers": f"{MINUS}465",
        "Rest of the purchase price": f"{MINUS}35",
        "Freight": f"{MINUS}310",
        "Fixed costs": f"{MINUS}100",
        "In and out": "3,338",
        "Balance at month's end": "4,338",
    }
    assert sums.cells == (*month.cells[:-1], NONE)


def test_the_bridge_from_profit_to_cash():
    """Earned and not yet paid out: 31 · 180 = 5,580, less 4,248, less the 252 held: 1,080.
    Suppliers wait for 30 days of 35: 1,050. Ads of the month are owed: 62.
    """
    bridge = {row: float(amount[LAST, 0]) for row, amount in cash_of(STORE).bridge.items()}
    assert {row: one for row, one in bridge.items() if abs(one) > 1e-9} == pytest.approx(
        {
            "opening": 1000.0,
            "profit": 3558.0,
            "receivable": -1080.0,
            "reserve": -252.0,
            "suppliers": 1050.0,
            "ads_open": 62.0,
        }
    )
    assert sum(bridge.values()) == pytest.approx(4338.0)


def test_the_days_that_money_is_bound():
    """An order waits 3 days, then for the end of its cycle: days 3 to 33 are 3, 2, 1, 0 days before
    it, three whole weeks of 6 to 0 days, and 6, 5, 4, 3, 2, 1: 90 ÷ 31 = 2.903 days; the reserve
    holds a tenth for 14 days, the bank takes 2: 3 + 2.903 + 1.4 + 2 = 9.303. Suppliers are paid 0
    days after the order for the deposit (465) and the freight (310), 30 for the rest (1,085):
    1,085 · 30 ÷ 1,860 = 17.5. Nothing lies on a shelf. 9.303 − 17.5 = −8.197.

    Mean balances: receivables 180 · (1 + … + 31 = 496) = 89,280 less what was paid until then,
    648 · 23 + 1,134 · 16 + 1,206 · 9 + 1,260 · 2 = 46,422, over 31 days, ÷ 6,200 · 31 = 6.913 days;
    suppliers 35 · 496 − 35 = 17,325, ÷ 1,860 = 9.315 days.
    """
    found = cash_cycle(STORE)
    parts = {part.key: part.days for part in (*found.receivable, *found.payable)}
    assert parts == pytest.approx(
        {"hold": 3.0, "cycle": 90 / 31, "reserve": 1.4, "bank": 2.0}
        | {"deposit": 0.0, "balance": 17.5, "freight": 0.0}
    )
    assert (found.dio, found.dso, found.dpo) == pytest.approx((0.0, 6.4 + 90 / 31, 17.5))
    assert found.days == pytest.approx(6.4 + 90 / 31 - 17.5)
    stock, receivables, payables = found.ratios
    assert stock == pytest.approx(0.0)
    assert receivables == pytest.approx((89_280 - 46_422) / 6_200)
    assert payables == pytest.approx(17_325 / 1_860)
    rows = {row.name: row.cells[0] for row in cash_tables.part_rows(found, "en")}
    assert {"9.3", f"{MINUS}17.5", f"{MINUS}8.2"} <= set(rows.values())


def test_each_currency_apart():
    """Yuan: 120 + 80 a day, 280 on the last, 800 for staff, all to be bought: 7,280, which is the
    910 EUR of the calendar at 8.
    """
    found, run = cash_exposure(STORE), cash_of(STORE).run
    euro, yuan = found.flows
    assert (euro.incoming[0], euro.outgoing[0]) == pytest.approx((4248.0, 0.0))
    assert (yuan.incoming[0], yuan.outgoing[0]) == pytest.approx((0.0, -(200 * 31 + 280 + 800)))
    assert found.converted[0] == found.open[0] == pytest.approx(-7280.0)
    heads = cash_tables.exposure_heads(found, "en")
    [month, sums] = cash_tables.exposure_rows(found, run.days, "en")
    assert len(heads) == 7 and month.cells == sums.cells
    assert month.cells == ("4,248", NONE, "4,248", NONE, f"{MINUS}7,280", f"{MINUS}7,280")


def test_nothing_is_uncertain_so_the_answer_is_the_one_balance():
    """What is needed on the first day is what the balance loses until the first payout: 200."""
    found = cash_answer(STORE, paths=256)
    assert found.lowest.quantiles[0.5].value == pytest.approx(800.0)
    assert found.capital.needed.value == pytest.approx(200.0)
    assert (found.below.value, found.end.quantiles[0.5].value) == pytest.approx((0.0, 4338.0))
    values = {tile.key: tile.value for tile in cash_tiles(found, "en")}
    assert values["lowest"] == "€800" and values["capital"] == "€200"
