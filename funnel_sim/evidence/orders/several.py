"""Several files of orders of one shop as one: the same order in two of them counted once, days that
no file covers named.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from funnel_sim.errors import refuse
from funnel_sim.evidence.orders.left_out import REASONS, OmittedRows
from funnel_sim.evidence.orders.orders import Orders
from funnel_sim.evidence.orders.put_together import CENT
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.headings import may_mean
from funnel_sim.reference.reading import share

_ORDER = "order"


def together(files: Sequence[Orders]) -> Orders:
    r"""Return the orders of some files of a shop as those of one.

    An order whose number stands in several files counts once, as the file says it that reaches
    furthest: it knows the latest refunds. What the others say of it is left out as a duplicate and
    told, with amounts.

    Args:
        files: the orders of each file, at least one.

    Raises:
        InputError: where their money is in several currencies, or two files of which one names no
            order numbers hold orders of the same days: what stands in both cannot be told.

    >>> from funnel_sim.evidence.orders.orders import orders
    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> january, both = (
    ...     orders(read_table(f"order id,date,buyer,amount\n{rows}".encode(), name))
    ...     for name, rows in (
    ...         ("jan.csv", "1,2026-01-05,ann,60\n2,2026-01-31,bo,10\n"),
    ...         ("feb.csv", "2,2026-01-31,bo,10\n3,2026-02-01,ann,5\n"),
    ...     )
    ... )
    >>> found = together([january, both])
    >>> found.sold, found.rows, [(one.reason, one.rows, one.amount) for one in found.left_out]
    (75.0, 4, [('duplicate', 1, 10.0)])
    """
    if len(files) == 1:
        return files[0]
    currency = _currency(files)
    names = _told_apart([one.name for one in files])
    spans = [_span(one) for one in files]
    _check_numbers(files, names, spans)
    latest = sorted(range(len(files)), key=lambda place: (spans[place][1], place), reverse=True)
    parts = [
        one.frame.assign(file=place, number=_numbers(one, place, one.frame[_ORDER]))
        for place, one in enumerate(files)
    ]
    frame = pd.concat([parts[place] for place in latest], ignore_index=True)
    again = frame["number"].duplicated()
    kept_in = frame["number"].map(frame[~again].set_index("number")["file"])
    findings = _twice(frame, again, kept_in, names)
    back = pd.concat(
        [
            one.returns.assign(file=place, number=_numbers(one, place, one.returns[_ORDER]))
            for place, one in enumerate(files)
        ],
        ignore_index=True,
    )
    back_again = _same_returns(back)
    repeated = OmittedRows(
        "duplicate",
        int(frame.loc[again, "rows"].sum() + back.loc[back_again, "rows"].sum()),
        int(again.sum() + back_again.sum()),
        float(frame.loc[again, "sold"].sum() - back.loc[back_again, "amount"].sum()),
        (),
    )
    left = [part for one in files for part in one.left_out]
    return Orders(
        ", ".join(names),
        frame[~again]
        .drop(columns=["file", "number"])
        .sort_values("day", kind="stable")
        .reset_index(drop=True),
        back[~back_again].drop(columns=["file", "number"]).reset_index(drop=True),
        sum(one.rows for one in files),
        _added([*left, repeated]),
        files[0].columns,
        currency,
        (
            *(
                Finding("of_file", parts={"name": name, "finding": finding})
                for name, one in zip(names, files, strict=True)
                for finding in one.findings
            ),
            *findings,
            *_gaps(files, names, spans),
        ),
    )


def _told_apart(names: Sequence[str]) -> list[str]:
    """Return the names of files, equal ones numbered."""
    return [
        name if names.count(name) == 1 else f"{name} ({names[: place + 1].count(name)})"
        for place, name in enumerate(names)
    ]


def _span(one: Orders) -> tuple[pd.Timestamp, pd.Timestamp]:
    days = pd.concat([one.frame["day"], one.returns["day"]])
    return days.min(), days.max()


def _numbers(one: Orders, place: int, numbers: pd.Series) -> pd.Series:
    """Return what names an order over all files: its number, or without one a name of its own."""
    own = pd.Series([f"\0{place}\0{row}" for row in range(len(numbers))], index=numbers.index)
    return own if _ORDER not in one.columns else numbers.where(numbers != "", own)


def _check_numbers(
    files: Sequence[Orders],
    names: Sequence[str],
    spans: Sequence[tuple[pd.Timestamp, pd.Timestamp]],
) -> None:
    for one in range(len(files)):
        for other in range(one + 1, len(files)):
            first = max(spans[one][0], spans[other][0])
            last = min(spans[one][1], spans[other][1])
            if first <= last and any(_ORDER not in files[at].columns for at in (one, other)):
                raise refuse(
                    f"{names[one]}, {names[other]}",
                    None,
                    "orders_overlap",
                    first=str(first.date()),
                    last=str(last.date()),
                )


def _twice(
    frame: pd.DataFrame, again: pd.Series, kept_in: pd.Series, names: Sequence[str]
) -> list[Finding]:
    """Return for each two files how many orders stand in both, what they came to, and how many of
    them the two say differently.
    """
    out = []
    first = frame[~again].set_index("number")[["sold", "back"]]
    both = frame[again].assign(kept=kept_in[again]).join(first.add_suffix("_kept"), on="number")
    for kept, other in sorted({*zip(both["kept"].tolist(), both["file"].tolist(), strict=True)}):
        rows = both[(both["kept"] == kept) & (both["file"] == other)]
        differs = ((rows["sold"] - rows["sold_kept"]).abs() >= CENT) | (
            (rows["back"] - rows["back_kept"]).abs() >= CENT
        )
        parts = {
            "one": names[kept],
            "other": names[other],
            "count": len(rows),
            "value": float(rows["sold_kept"].sum()),
        }
        out.append(Finding("orders_twice", parts=parts))
        if differs.any():
            net = [
                float((rows[f"sold{end}"] - rows[f"back{end}"])[differs].sum())
                for end in ("_kept", "")
            ]
            some = ", ".join(rows.loc[differs, _ORDER].head(3))
            out.append(
                Finding(
                    "orders_differ",
                    parts={
                        **parts,
                        "count": int(differs.sum()),
                        "value": net[0],
                        "against": net[1],
                        "some": some,
                    },
                )
            )
    return out


def _same_returns(back: pd.DataFrame) -> pd.Series:
    """Return which returns another file has as well: of one order, day and amount."""
    if back.empty:
        return pd.Series([], dtype=bool, index=back.index)
    back = back.assign(nth=back.groupby(["file", "number", "day", "amount"]).cumcount())
    return back.duplicated(["number", "day", "amount", "nth"]) & ~back["number"].str.startswith(
        "\0"
    )


def _added(left: Sequence[OmittedRows]) -> tuple[OmittedRows, ...]:
    """Return what was left out by reason, over all files; rows are not numbered over files."""
    return tuple(
        OmittedRows(
            reason,
            sum(one.rows for one in these),
            sum(one.orders for one in these),
            sum(one.amount for one in these),
            (),
        )
        for reason in REASONS
        if (these := [one for one in left if one.reason == reason and one.rows])
    )


def _gaps(
    files: Sequence[Orders],
    names: Sequence[str],
    spans: Sequence[tuple[pd.Timestamp, pd.Timestamp]],
) -> list[Finding]:
    """Return the days between files that no file covers and that orders at their pace would hardly
    have left empty: with λ orders a day, k empty days have the chance exp(−λ k).
    """
    order = sorted(range(len(files)), key=lambda place: spans[place])
    days = (max(end for _, end in spans) - min(start for start, _ in spans)).days + 1
    pace = sum(len(one.frame) for one in files) / days
    out = []
    end, before = spans[order[0]][1], order[0]
    for place in order[1:]:
        empty = (spans[place][0] - end).days - 1
        if empty > 0 and np.exp(-pace * empty) < share("empty_by_chance"):
            out.append(
                Finding(
                    "files_gap",
                    parts={
                        "one": names[before],
                        "other": names[place],
                        "days": empty,
                        "first": str((end + pd.Timedelta(days=1)).date()),
                        "last": str((spans[place][0] - pd.Timedelta(days=1)).date()),
                    },
                )
            )
        if spans[place][1] > end:
            end, before = spans[place][1], place
    return out


def _currency(files: Sequence[Orders]) -> str:
    """Return the one currency of the files that name any; a sign that several currencies share
    agrees with each of them.
    """
    named = {one.currency: one.name for one in files if one.currency}
    possible = [set(may_mean(one)) for one in named]
    if possible and not set.intersection(*possible):
        raise refuse(", ".join(named.values()), ", ".join(named), "several_currencies")
    return min(named, key=lambda one: len(may_mean(one)), default="")
