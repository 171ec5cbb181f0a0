"""The CDNOW sample as its authors use it: 2,357 customers who first bought in the first quarter of
1997, followed to June 1998.

Purchases of one customer on one day are one. Calibration: the first 39 weeks (to 30 September
1997). Source: made public by Fader and Hardie with their notes on BG/NBD (2005) and Gamma-Gamma
(2013); tests/known_answers/data/cdnow_sample.txt holds it unchanged.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path(__file__).resolve().parents[1] / "known_answers" / "data" / "cdnow_sample.txt"
CALIBRATION_DAYS = 273


@cache
def purchases() -> pd.DataFrame:
    """Return customer, day since 1997-01-01 and amount, one row a customer and day."""
    rows = pd.read_csv(
        DATA, sep=r"\s+", header=None, names=["master", "customer", "date", "cds", "amount"]
    )
    rows["day"] = (
        pd.to_datetime(rows.date.astype(str), format="%Y%m%d") - pd.Timestamp("1997-01-01")
    ).dt.days
    return rows.groupby(["customer", "day"], as_index=False).amount.sum()


@cache
def calibration() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return repeat purchases, week of the last one and weeks watched, of each customer."""
    rows = purchases()
    first = rows.groupby("customer").day.min()
    seen = rows[rows.day < CALIBRATION_DAYS]
    repeats = seen.groupby("customer").size() - 1
    last = (seen.groupby("customer").day.max() - first) / 7
    watched = (CALIBRATION_DAYS - 1 - first) / 7
    return tuple(np.asarray(part, dtype=np.float64) for part in (repeats, last, watched))


@cache
def repeat_spend() -> tuple[np.ndarray, np.ndarray]:
    """Return number and mean amount of each customer's repeat purchases in the calibration
    weeks.
    """
    rows = purchases()
    seen = rows[
        (rows.day < CALIBRATION_DAYS)
        & (rows.day > rows.customer.map(rows.groupby("customer").day.min()))
    ]
    found = seen.groupby("customer").amount.agg(["size", "mean"])
    return np.asarray(found["size"], dtype=np.float64), np.asarray(found["mean"], dtype=np.float64)
