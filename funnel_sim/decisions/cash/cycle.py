"""How long money is bound: from paying the supplier to money at home, and the textbook ratios."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CyclePart:
    """One stretch of days of the cycle, such as "transit" or "payout_delay"; days that shorten the
    cycle are below zero.
    """

    key: str
    days: float


@dataclass(frozen=True)
class CashCycle:
    """Days that money is bound: inventory, then receivables, less what suppliers wait for.

    `inventory`, `receivable` and `payable` are the parts, money-weighted, that add up to `dio`,
    `dso` and `dpo`; `ratios` are the same three out of mean balances (balance ÷ flow × days), None
    where the flow is zero. `to_home` is how many days pass from the first payment for a batch to
    the money of its sales in the bank, its parts in order of time.
    """

    inventory: tuple[CyclePart, ...]
    receivable: tuple[CyclePart, ...]
    payable: tuple[CyclePart, ...]
    to_home: tuple[CyclePart, ...]
    ratios: tuple[float | None, float | None, float | None]

    @property
    def dio(self) -> float:
        """Days inventory outstanding: how long a unit is stock."""
        return sum(part.days for part in self.inventory)

    @property
    def dso(self) -> float:
        """Days sales outstanding: from the order to money in the bank."""
        return sum(part.days for part in self.receivable)

    @property
    def dpo(self) -> float:
        """Days payable outstanding: how long suppliers wait; below zero where they are paid
        before they deliver.
        """
        return sum(part.days for part in self.payable)

    @property
    def days(self) -> float:
        """The cash conversion cycle: DIO + DSO − DPO."""
        return self.dio + self.dso - self.dpo
