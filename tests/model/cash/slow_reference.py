"""Cash of one path by a plain loop over days and orders, from the definitions of docs/model.md.

It shares with the product the months of the model (its ledger lines) and nothing of how they become
cash: every payment is an entry in a list, every rule an `if`.
"""

import calendar
import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

FIXED = ("localisation", "compliance", "saas", "staff", "other")
FIXED_LINES = ("localisation", "compliance", "saas", "staff", "other_fixed")
BACK = 28  # days the buyer looks back on, data/cash.toml


@dataclass
class Plain:
    """What the loop gives: the balance of each day of the horizon, the share of each day's orders
    that was served, the stock each evening, and what was paid by kind.
    """

    balance: list[float]
    share: list[float]
    stock: list[float]
    paid: dict[str, float]


def plain_cash(
    scenario: Scenario,
    of: Callable[[str, int], float],
    expected: Callable[[int], tuple[float, float]],
    planned_rate: float,
) -> Plain:
    """Go through the days of one path.

    Args:
        scenario: whose terms hold.
        of: a figure or an input of the path in a month, counted from 0.
        expected: units that the plan ships and needs in a month, also after the horizon.
        planned_rate: the exchange rate at which hedges are locked.
    """
    t: Any = scenario.cash
    months = scenario.plan.horizon_months
    year = scenario.as_of.year + (scenario.plan.start_month < scenario.as_of.month)
    lengths = []
    for place in range(months + 60):
        number = scenario.plan.start_month - 1 + place
        lengths.append(calendar.monthrange(year + number // 12, number % 12 + 1)[1])
    month_of, day_in_month = [], []
    for m, length in enumerate(lengths):
        month_of += [m] * length
        day_in_month += list(range(1, length + 1))
    horizon = sum(lengths[:months])
    first_of = [sum(lengths[:m]) for m in range(len(lengths))]

    def last(m: int) -> int:
        return min(m, months - 1)

    def term(name: str, m: int) -> float:
        return of(name, last(m))

    def whole(name: str, m: int) -> int:
        return round(term(name, m))

    def worth(currency: str, m: int) -> float:
        fx, share = of("fx_rate", last(m)), of("hedged_share", 0)
        if t.kept_in == "home":
            return 1.0 if currency == "home" else (1 - share) * fx + share * planned_rate
        return 1.0 if currency == "sales" else (1 - share) / fx + share / planned_rate

    def own(m: int) -> float:
        """What one of the cost currency is worth where it is there or borrowed, not converted."""
        return 1.0 if t.kept_in == "home" else 1 / of("fx_rate", last(m))

    flows: dict[int, float] = defaultdict(float)
    paid: dict[str, float] = defaultdict(float)
    crossed: dict[int, float] = defaultdict(float)

    def pay(day: int, amount: float, kind: str, currency: str) -> None:
        if day < horizon:
            value = amount * worth(currency, month_of[day])
            flows[day] += value
            paid[kind] += value
            if currency != t.kept_in:
                crossed[month_of[day]] += value

    # ---- what a day of a month brings at full stock
    def sale(m: int) -> float:
        commission_back = of("returned_orders", m) * of("order_commission_back", m)
        out = of("gross_sales", m) + of("commission", m) - commission_back
        out += of("payment_fee", m) + of("affiliates", m) + of("fx_cost", m)
        if t.fulfilment_paid == "withheld":
            out += of("fulfilment", m) + of("storage", m)
        return out / lengths[m]

    def refund(m: int) -> float:
        out = of("refunds", m) - of("returned_orders", m) * of("order_refund_tax", m)
        out += of("returned_orders", m) * of("order_commission_back", m)
        if t.fulfilment_paid == "withheld":
            out += of("returns_handling", m)
        return out / lengths[m]

    def chargeback(m: int) -> float:
        tax = of("chargeback_orders", m) * of("order_output_tax", m)
        return (of("chargebacks", m) - tax) / lengths[m]

    def budget(m: int) -> float:
        return (-of("ads", m) - of("list_sends", m) - of("variable_ads", m)) / lengths[m]

    def ads_of_orders(m: int) -> float:
        return of("variable_ads", m) / lengths[m]

    # ---- what does not depend on sales
    pay(t.opening_receivable_days, term("opening_receivable", 0), "opening", "sales")
    pay(t.opening_payable_days, -term("opening_payable", 0), "opening", "home")
    for m in range(months):
        end = first_of[m] + lengths[m] - 1
        pay(end, -of("owner_draw", m), "draw", "home")
        home = sum(of(f"{g}_monthly", m) + of(f"one_off_{g}", m) for g in FIXED)
        abroad = -sum(of(line, m) for line in FIXED_LINES) - home / of("fx_rate", m)
        pay(end + t.fixed_due_days, -home, "fixed", "home")
        pay(end + t.fixed_due_days, -abroad, "fixed", "sales")
        pay(end + t.operator_due_days, -of("operator_monthly", m), "operator", "home")

    tax_entries: list[tuple[int, float]] = []  # (day it counts on, amount owed)
    free_entries: list[tuple[int, float]] = []  # (day it is free, amount)
    events: list[tuple[int, float]] = []  # (day of a refund, chargeback or ad, amount)
    held: list[tuple[int, float]] = []  # (day it is released, amount)
    arrivals: dict[int, float] = defaultdict(float)
    returns: dict[int, float] = defaultdict(float)
    arrivals[t.opening_coming_days] += term("opening_coming_units", 0)

    def needed(first: int, days: int) -> float:
        return sum(
            expected(month_of[d])[1] / lengths[month_of[d]] for d in range(first, first + days)
        )

    def shipped(first: int, after: int) -> float:
        return sum(expected(month_of[d])[0] / lengths[month_of[d]] for d in range(first, after))

    lead = round(point_value(t.production_days)) + round(point_value(t.transit_days))
    lead += t.receiving_days
    if t.opening_stock_units is None:
        stock = needed(0, lead + t.safety_days)
    else:
        stock = term("opening_stock_units", 0)
    on_order = term("opening_coming_units", 0)
    waiting: list[list[Any]] = []
    balance = term("opening_cash", 0) * own(0)
    balances: list[float] = []
    shares: list[float] = []
    stocks: list[float] = []
    carried = ads_open = interest = 0.0
    cycle_before = -1
    asked_each_day: list[float] = []

    def bills(order_day: int, units: float, leaves: int) -> list[tuple[int, float, str, str]]:
        """Day, amount, kind and currency of all that goods cost once they leave."""
        m = month_of[order_day]
        arrives = leaves + whole("transit_days", m)
        price = of("purchase", m) * of("fx_rate", m)
        rest = price * (1 - term("deposit_rate", m)) + of("packing", m) * of("fx_rate", m)
        due = (leaves if t.balance_due == "shipment" else arrives) + t.balance_days
        left = last(month_of[leaves])
        freight = of("freight", left) * of("fx_rate", left)
        border = border_of(last(month_of[arrives]))[0]
        return [
            (due, -units * rest, "goods", "home"),
            (leaves + t.freight_due_days, -units * freight, "freight", "home"),
            (arrives + t.border_due_days, -units * border, "border", "sales"),
        ]

    def border_of(m: int) -> tuple[float, float]:
        border = of("duty", m) + of("import_fees", m) + of("import_tax", m)
        back = of("import_tax", m) - of("import_tax_cost", m)
        if t.import_tax_paid == "return":  # postponed: what comes back is not paid at all
            return border - back, 0.0
        return border, back

    def due_on(day: int, order_day: int, units: float, leaves: int) -> float:
        """What of the bills falls on a day, in the currency of the balance."""
        return -sum(
            amount * worth(currency, month_of[day])
            for when, amount, _, currency in bills(order_day, units, leaves)
            if when == day
        )

    def ship(order_day: int, units: float, leaves: int) -> None:
        for when, amount, kind, currency in bills(order_day, units, leaves):
            pay(when, amount, kind, currency)
        arrives = leaves + whole("transit_days", month_of[order_day])
        back = border_of(last(month_of[arrives]))[1]
        tax_entries.append((arrives + t.border_due_days, -units * back))
        arrivals[arrives + t.receiving_days] += units

    def send(day: int, cash: float, credit: float) -> float:
        for one in list(waiting):
            placed, units, ready = one
            due = due_on(day, placed, units, day)
            if ready <= day and due <= max(cash + credit, 0.0) + 1e-6:
                waiting.remove(one)
                ship(placed, units, day)
                cash -= due
        return cash

    for day in range(horizon):
        m = month_of[day]
        month_end = day_in_month[day] == lengths[m]
        # goods
        if t.stocking == "as_sold":
            share = 1.0
            units = (of("units_shipped", m) - of("units_recovered", m)) / lengths[m]
            price, fx = of("purchase", m) * of("fx_rate", m), of("fx_rate", m)
            deposit = term("deposit_rate", 0)
            pay(day, -units * price * deposit, "deposit", "home")
            rest = price * (1 - deposit) + of("packing", m) * fx
            pay(day + t.balance_days, -units * rest, "goods", "home")
            pay(day + t.freight_due_days, -units * of("freight", m) * fx, "freight", "home")
            border = of("duty", m) + of("import_fees", m) + of("import_tax", m)
            back = of("import_tax", m) - of("import_tax_cost", m)
            if t.import_tax_paid == "return":  # postponed: what comes back is not paid at all
                border, back = border - back, 0.0
            pay(day + t.border_due_days, -units * border, "border", "sales")
            tax_entries.append((day + t.border_due_days, -units * back))
        else:
            stock += returns[day]
            cash = balance
            credit = term("credit_limit", 0) * own(m)
            cash = send(day, cash, credit)
            reviews = t.stocking == "reorder_point" or day % t.order_every_days == 0
            if reviews:
                first = max(0, day - BACK)
                foreseen = shipped(first, day)
                ratio = sum(asked_each_day[first:day]) / foreseen if foreseen > 0 else 1.0
                position = stock + on_order
                missing = 0.0
                if t.stocking == "periodic":
                    ahead = lead + t.order_every_days + t.safety_days
                    missing = ratio * needed(day, ahead) - position
                elif position <= ratio * needed(day, lead + t.safety_days) + 1e-6:
                    missing = ratio * needed(day, lead + t.safety_days + t.cover_days) - position
                carton = max(1.0, term("carton_units", 0))
                units = 0.0
                if missing > 1e-6:
                    least = max(missing, term("minimum_order_units", 0))
                    units = math.ceil(least / carton - 1e-6) * carton
                price = of("purchase", m) * of("fx_rate", m)
                ready = day + whole("production_days", m)
                gated = t.orders_need_cash and t.balance_due == "shipment" and not t.balance_days
                now = price * term("deposit_rate", 0) * worth("home", m)
                if ready == day and not gated:  # nothing holds the goods back: their bills too
                    now += due_on(day, day, 1.0, day)
                if t.orders_need_cash and now > 0:
                    most = math.floor(max(cash + credit, 0.0) / now / carton + 1e-6) * carton
                    units = min(units, most)
                    if units < term("minimum_order_units", 0):
                        units = 0.0
                if units > 0:
                    on_order += units
                    pay(day, -units * price * term("deposit_rate", 0), "deposit", "home")
                    if gated:
                        waiting.append([day, units, ready])
                        send(day, cash - units * now, credit)
                    else:
                        ship(day, units, ready)
            stock += arrivals[day]
            on_order -= arrivals[day]
            asked = of("units_shipped", m) / lengths[m]
            sold = min(stock, asked)
            stock -= sold
            share = sold / asked if asked > 0 else 1.0
            returns[day + max(1, t.refund_days)] += of("units_recovered", m) / lengths[m] * share
            asked_each_day.append(asked)
        shares.append(share)
        stocks.append(stock)

        # what the day's orders bring, and when
        basis = {"order": 0, "shipment": t.ship_days, "delivery": whole("delivery_days", m)}
        wait = basis[t.payout_basis] + whole("payout_delay_days", m)
        free_entries.append((day + wait, sale(m) * share))
        events.append((day + t.refund_days, refund(m) * share))
        events.append((day + t.chargeback_days, chargeback(m) * share))
        tax_entries.append((day, of("output_tax", m) * -share / lengths[m]))
        back = of("returned_orders", m) * of("order_refund_tax", m) * share / lengths[m]
        tax_entries.append((day + t.refund_days, -back))
        back = of("chargeback_orders", m) * of("order_output_tax", m) * share / lengths[m]
        tax_entries.append((day + t.chargeback_days, -back))

        # ads
        spent = budget(m) + ads_of_orders(m) * share
        if t.ads_billing == "as_spent":
            pay(day, -spent, "ads", "sales")
        elif t.ads_billing == "withheld":
            events.append((day, -spent))
        elif t.ads_billing == "prepaid":
            foreseen = 0.0
            if day == 0:
                for d in range(min(t.ads_prepaid_days, horizon)):
                    foreseen += budget(month_of[d]) + ads_of_orders(month_of[d])
            if day + t.ads_prepaid_days < horizon:
                then = month_of[day + t.ads_prepaid_days]
                foreseen += budget(then) + ads_of_orders(then)
            pay(day, -foreseen + ads_of_orders(m) * (1 - share), "ads", "sales")
        else:
            ads_open += spent
            if t.ads_billing == "monthly":
                if month_end:
                    pay(day + t.ads_due_days, -ads_open, "ads", "sales")
                    ads_open = 0.0
            elif ads_open >= term("ads_threshold", m) or month_end:
                pay(day, -ads_open, "ads", "sales")
                ads_open = 0.0

        # the platform's cycle
        ends = {
            "daily": True,
            "weekly": day % 7 == 6,
            "fortnightly": day % 14 == 13,
            "half_month": day_in_month[day] == 15 or month_end,
            "monthly": month_end,
        }[t.payout_cycle]
        if ends:
            fresh = sum(a for d, a in free_entries if cycle_before < d <= day)
            fresh += sum(a for d, a in events if cycle_before < d <= day)
            kept = term("reserve_rate", m) * max(fresh, 0.0)
            held.append((day + whole("reserve_days", m), kept))
            released = sum(a for d, a in held if d <= day)
            held = [one for one in held if one[0] > day]
            waiting_money = carried + fresh - kept + released
            plain_daily = (
                t.payout_cycle == "daily"
                and not any(term("reserve_rate", x) > 0 for x in range(months))
                and not term("payout_minimum", 0) > 0
            )
            least = term("payout_minimum", m)
            if plain_daily or waiting_money >= max(least, 0.0):
                pay(day + t.payout_bank_days, waiting_money, "payout", "sales")
                carried = 0.0
            else:
                carried = waiting_money
            cycle_before = day

        # the end of the month
        if month_end:
            start = first_of[m]
            served = sum(shares[start : day + 1]) / lengths[m]
            fee = -of("operator_fee", m) - of("operator_monthly", m) / of("fx_rate", m)
            pay(day + t.operator_due_days, -fee * served, "operator", "sales")
            if t.fulfilment_paid == "invoiced":
                parcel = of("paid_orders", m) * of("order_parcel", m)
                bill = -of("fulfilment", m) - of("storage", m) - of("returns_handling", m) - parcel
                due = day + t.fulfilment_due_days
                pay(due, -bill * served, "fulfilment", "sales")
                pay(due, -parcel * of("fx_rate", m) * served, "fulfilment", "home")
        # taxes
        if t.vat_months == 0:
            for counted, amount in tax_entries:
                if counted + t.vat_due_days == day:
                    pay(day, -amount, "vat", "sales")
        else:
            for m2 in range(m + 1):
                if (scenario.plan.start_month + m2) % 12 % t.vat_months:
                    continue
                if first_of[m2 + 1] - 1 + t.vat_due_days != day:
                    continue
                begins = first_of[max(0, m2 + 1 - t.vat_months)]
                inside = [a for d, a in tax_entries if begins <= d < first_of[m2 + 1]]
                pay(day, -sum(inside), "vat", "sales")
        if month_end:
            cost = of("hedge_cost", m) * of("hedged_share", m) * (m + 1) / 12
            flows[day] -= cost * abs(crossed[m])
            paid["hedging"] -= cost * abs(crossed[m])
        balance += flows[day]
        interest += max(0.0, -balance) * term("credit_rate", m) / 365
        if month_end:
            balance -= interest
            paid["interest"] -= interest
            interest = 0.0
        balances.append(balance)
    return Plain(balances, shares, stocks, dict(paid))
