"""The monthly base of a contract, and the periods in which it is billed."""

from funnel_sim.scenario.quotes import Option


def base_periods(option: Option, months: int) -> list[tuple[int, int]]:
    """Return the periods in which the monthly base is billed, none over the end of a term.

    Args:
        option: the terms of the contract.
        months: how many months there are; the last period may reach beyond them.

    Returns:
        (first month, from 1; how many months) of each period, in order.

    Examples:
        >>> base_periods(Option(id="a", term=8, due_every=3, renewal_months=2), 10)
        [(1, 3), (4, 3), (7, 2), (9, 2)]
    """
    out, month = [], 1
    while month <= months:
        if month <= option.term:
            left = option.term - month + 1
        elif option.renewal == "open":
            left = option.due_every
        else:
            left = option.renewal_months - (month - option.term - 1) % option.renewal_months
        length = min(option.due_every, left)
        out.append((month, length))
        month += length
    return out


def base_of_month(option: Option, month: int) -> float:
    """Return the base of a month that runs: that of the trial where one is named.

    Args:
        option: the terms of the contract.
        month: which month of the engagement, from 1.

    Returns:
        The amount [currency of the contract].
    """
    if option.trial_base is not None and month <= option.trial:
        return option.trial_base
    return option.base
