"""Make the months of the example store after a signature: `python scripts/make_example_months.py`.

Writes data/example_months.csv (the whole store) and data/example_channels.csv (its two kinds of
ads). They are nobody's: a month is the steady month of the example's shop, moved by a season and by
chance from a fixed seed. From the engagement's first month on the rates at which visits become
orders grow by `BROUGHT` over three months and the ad budget by a fifth; in one month stock runs out
for a third of it, and in the last two more goods come back. So each answer after the signature has
something to find, and what it should find is known.
"""

import csv
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.store_months import month_name, month_number

SHOP, SEED = "amazon-de-kitchen", 20261127
FIRST, MARK, LAST = "2025-03", "2026-05", "2026-10"
STOCK_OUT = "2026-08"
SEASON = (0.96, 0.92, 0.98, 0.97, 0.99, 0.95, 0.97, 0.96, 1.0, 1.04, 1.16, 1.10)
NOISE, BROUGHT, MORE_ADS = 0.05, 0.32, 0.2
RETURNS, RETURNS_LATE = 0.09, 0.135
CHANNELS = (("Sponsored Products", 0.72, 1.12), ("Sponsored Brands", 0.28, 0.68))
DATA = Path(__file__).parent.parent / "funnel_sim" / "data"


def main() -> None:
    """Write both files."""
    steady = evaluate(preset(SHOP)).steady
    chance = np.random.default_rng(SEED)
    first, mark, last = (month_number(one) for one in (FIRST, MARK, LAST))
    price = steady["gmv"] / steady["paid_orders"]
    rows, parts = [], []
    for number in range(first, last + 1):
        month = month_name(number)
        since = number - mark + 1
        effect = 1.0 + (BROUGHT * min(1.0, since / 3) if since > 0 else 0.0)
        moved = SEASON[number % 12] * float(np.exp(NOISE * chance.standard_normal()))
        stocked = 2 / 3 if month == STOCK_OUT else 1.0
        spend = steady["media_spend"] * (1.0 + (MORE_ADS if since > 0 else 0.0)) * stocked
        clicks = int(chance.poisson(steady["paid_clicks"] * spend / steady["media_spend"]))
        visits = clicks + int(
            chance.poisson((steady["visits"] - steady["paid_clicks"]) * moved * stocked)
        )
        rate = steady["paid_orders"] / steady["visits"] * moved * effect * stocked**0.5
        orders = int(chance.poisson(visits * rate))
        units = orders + int(chance.poisson(orders * 0.06))
        gmv = orders * price * float(np.exp(0.01 * chance.standard_normal()))
        from_ads = gmv * (0.44 + 0.02 * chance.standard_normal())
        late = since > 4
        returned = int(chance.poisson(orders * (RETURNS_LATE if late else RETURNS)))
        rows.append(
            {
                "month": month,
                "gmv": f"{gmv:.2f}",
                "orders": orders,
                "units": units,
                "visits": visits,
                "impressions": int(chance.poisson(clicks / 0.0042)),
                "clicks": clicks,
                "ad_spend": f"{spend * float(np.exp(0.02 * chance.standard_normal())):.2f}",
                "ad_sales": f"{from_ads:.2f}",
                "refunds": f"{returned * price * 0.98:.2f}",
                "returned_orders": returned,
                "cancelled": int(chance.poisson(orders * 0.02)),
                "repeat_orders": int(chance.poisson(orders * 0.03)),
                "goods_cost": f"{orders * -steady['goods_purchase'] / steady['paid_orders']:.2f}",
                "commission": f"{orders * -steady['commission'] / steady['paid_orders']:.2f}",
                "logistics": f"{orders * -steady['fulfilment'] / steady['paid_orders']:.2f}",
            }
        )
        row = rows[-1]
        left = {name: float(row[name]) for name in ("clicks", "ad_spend", "ad_sales")}
        for name, share, worth in CHANNELS:
            parts.append(
                {
                    "month": month,
                    "channel": name,
                    "impressions": int(row["impressions"] * share),
                    "clicks": int(left["clicks"] * share),
                    "ad_spend": f"{left['ad_spend'] * share:.2f}",
                    "ad_sales": f"{left['ad_sales'] * share * worth:.2f}",
                    "orders": int(left["ad_sales"] * share * worth / price),
                }
            )
    for name, lines in (("example_months.csv", rows), ("example_channels.csv", parts)):
        with (DATA / name).open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, list(lines[0]), lineterminator="\n")
            out.writeheader()
            out.writerows(lines)


if __name__ == "__main__":
    main()
