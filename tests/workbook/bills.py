"""Bills to be recalculated: random contracts and months with holes, later refunds, three
currencies; and what a recalculated file says otherwise than the core.
"""

import numpy as np

from funnel_sim.decisions.review.bill import bill_of
from funnel_sim.decisions.review.settlement import settled
from funnel_sim.output.workbook.settlement import settlement_sheets
from funnel_sim.output.workbook.xlsx_file import written
from tests.decisions.test_bill import random_kpis, random_months, store
from tests.decisions.test_contract import random_option
from tests.workbook.recalculate import read

_SEASON = [0.45 + 0.1 * month for month in range(12)]


def random_bill(seed):
    """Return a scenario, its contract and the months in which fees by event fell."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 14))
    months = {name: values.tolist() for name, values in random_months(rng, count).items()}
    option, changes = random_option(rng).but(baseline=300.0, patience=None), {}
    if seed % 3 == 0:
        option = option.but(fee_currency="sales")
    else:
        changes |= {"cost_currency": "CNY" if seed % 3 == 1 else "JPY", "fx_rate": 7.31}
    if seed % 2:
        option, changes = option.but(baseline_season=True), changes | {"plan.season": _SEASON}
    if seed % 4 == 1:
        later = np.round(rng.uniform(0, 90, count), 2).tolist()
        months["refunded_later"] = [None if rng.random() < 0.5 else one for one in later]
    if seed % 5 == 2:
        for name in ("gmv", "ad_spend", "refunds"):
            months[name] = [None if rng.random() < 0.2 else one for one in months[name]]
    if seed % 7 == 3:
        option = option.but(share_basis=str(rng.choice(["cm3", "net_revenue"])))
    paid = np.round(rng.uniform(0, 300, count), 2).tolist()
    months["fees_paid"] = [None if rng.random() < 0.3 else one for one in paid]
    kpis = random_kpis(rng, count)
    if seed % 6 == 4:
        kpis[0] |= {"metric": "profit", "comparator": "at_least"}
    if seed % 6 == 5:
        kpis[1] |= {"metric": "acos", "comparator": "at_most", "spend_fee": True}
    scenario = store(months, kpis, changes=changes)
    events = [place for place, one in enumerate(option.extras) if one.every == "event"]
    return scenario, option, dict.fromkeys(events, scenario.history.engaged()[1::2])


def settlement_of(case, lang="en"):
    """Return what is settled of a case (every other time only its later months) and its file,
    whose cells hold no values yet.
    """
    scenario, option, happened = case
    found = bill_of(scenario, option, happened=happened)
    some = found.months[len(found.months) // 2 :] if len(found.months) % 2 else ()
    chosen = settled(found, some)
    return chosen, written(scenario, settlement_sheets(chosen, scenario, lang), lang, cached=False)


def apart(found, path):
    """Return the cells that differ from the core, and how many were looked at."""
    bill = found.bill
    names, errors = read(path)
    wanted = {
        f"line_{line}": [bill.amount(line, month) for month in range(1, len(bill.months) + 1)]
        for line in bill.lines
    }
    wanted["due"] = [bill.due(month) for month in range(1, len(bill.months) + 1)]
    wanted |= {"due_in_all": [found.due], "paid_in_all": [found.paid], "owed": [found.owed]}
    if "correction" in names:
        wanted["correction"] = [bill.correction(month) for month in range(1, len(bill.months) + 1)]
    out, count = [*errors], 0
    for name, values in wanted.items():
        for place, value in enumerate(values):
            got = names[name][place]
            count += 1
            same = got == "–" if value is None else abs(got - float(value)) < 1e-7
            if not same:
                out.append(f"{name} {place + 1}: {got} for {value}")
    return out, count
