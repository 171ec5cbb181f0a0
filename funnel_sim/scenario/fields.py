"""How a field is declared: unit, domain and words, once, beside its type and default.

A `Spec` rides in the `Annotated` type of a scenario field. It checks the domain, names the field
in both languages, and goes into the JSON Schema, so that no other place repeats any of it.
"""

import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from funnel_sim.scenario.checked import Checked
from funnel_sim.scenario.quantity import (
    BetaCounts,
    Lognormal,
    LogPert,
    Sample,
    bounds,
    ends,
    is_range,
    point_value,
)
from funnel_sim.words import Words

LARGEST = 1e12
"""No field is larger: above this, a float no longer carries cents."""
LONGEST_HORIZON = 36
WIDEST_SIGMA = 10.0
"""The widest lognormal: at P90 a number 370,000 times the median, and no exponential of it leaves
what a float can hold.
"""
_LONGEST_TEXT = 200
_NO_CHARACTER = 0xFFFE  # the last two of every plane are none
_ROUNDING = 1 - 1e-6  # tolerance for a draw that was cut at the end of the domain and then rounded


def _short_text(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise PydanticCustomError("text_long", "too long", {"limit": _LONGEST_TEXT})
    return text


Text = Annotated[str, AfterValidator(_short_text)]


def unreadable(text: str) -> str:
    """Return the first character of a text that is none a person could have typed (half of a pair,
    a control character), as "U+D800"; "" where there is none.

    >>> unreadable("Küche 厨房"), unreadable("a" + chr(0xD800)), unreadable(chr(0))
    ('', 'U+D800', 'U+0000')
    """
    # `isprintable` tests the whole string at once; every text and key of every scenario read is
    # tested
    if text.isprintable():
        return ""
    return next(
        (
            f"U+{ord(one):04X}"
            for one in text
            if unicodedata.category(one) in ("Cs", "Cc")
            or ord(one) & _NO_CHARACTER == _NO_CHARACTER
        ),
        "",
    )


def year_of_mean_one(name: str, factors: list[float]) -> None:
    """Refuse factors that are not twelve, one a calendar month, of mean 1.

    Args:
        name: the field, for the message.
        factors: January … December [1].

    Raises:
        PydanticCustomError: if there are not twelve, or their mean is farther than 0.005 from 1.
    """
    if len(factors) != 12 or abs(sum(factors) / 12 - 1) > 0.005:
        mean = sum(factors) / max(1, len(factors))
        raise PydanticCustomError(
            "season", "12 of mean 1", {"field": name, "shown": f"{len(factors)} × {mean:.3f}"}
        )


class Unit(StrEnum):
    """What a field is measured in; rates are fractions inside, percent only at the edge."""

    MONEY = "money"  # in the sales currency
    COST_MONEY = "cost_money"  # in the cost currency
    CONTRACT_MONEY = "contract_money"  # in the currency that the contract names
    RATE = "rate"  # a fraction
    FACTOR = "factor"  # a plain multiplier or ratio
    COUNT = "count"
    MONTHS = "months"
    DAYS = "days"
    TEXT = "text"  # words, codes, switches, tables


SMALLEST: Mapping[Unit, float] = {
    Unit.MONEY: 1e-6,
    Unit.COST_MONEY: 1e-6,
    Unit.CONTRACT_MONEY: 1e-6,
    Unit.RATE: 1e-9,
    Unit.FACTOR: 1e-6,
    Unit.COUNT: 1e-6,
    Unit.MONTHS: 1e-6,
    Unit.DAYS: 1e-6,
    Unit.TEXT: 1e-9,
}
"""The smallest number of each unit beside zero: nothing that is sold, paid or counted is smaller,
and what is divided by it stays a number.

It is also how near a number may come to an end that a field may not reach itself (a price above 0,
a discount below 100 %).
"""


def _numbers(value: Any) -> Iterator[float]:
    """Yield the numbers of a quantity that its field must be able to hold: the point value, the
    ends and what bounds it, or every value of a sample.
    """
    if isinstance(value, Sample):
        yield from value.values
        return
    yield from ends(value)
    yield point_value(value)
    if not isinstance(
        value, BetaCounts | Lognormal | LogPert
    ):  # these near an end without reaching it; their draws are cut at the domain
        yield from (one for one in bounds(value) if math.isfinite(one))


@dataclass(frozen=True, kw_only=True)
class Spec:
    """The declaration of one field beyond its Python type and default.

    `above` / `at_least` / `below` / `at_most` bound the domain of a number (or of every number in a
    list); `whole` asks for whole numbers; `choices` gives the words of each allowed code.
    """

    unit: Unit
    zh: str
    en: str
    help_zh: str = ""
    help_en: str = ""
    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    at_most: float | None = None
    choices: Mapping[str, Words] = field(default_factory=dict)

    @property
    def domain(self) -> tuple[float, float]:
        """The least and the greatest value allowed; open ends are given as the nearest value
        inside.
        """
        low, high = -LARGEST, LARGEST
        if self.at_least is not None:
            low = self.at_least
        if self.above is not None:
            low = max(low, self.above + self.smallest)
        if self.at_most is not None:
            high = self.at_most
        if self.below is not None:
            high = min(high, self.below - self.smallest)
        return low, high

    @property
    def smallest(self) -> float:
        """The smallest amount of the field's unit beside zero."""
        return SMALLEST[self.unit]

    @property
    def label(self) -> Words:
        """The field's name."""
        return Words(self.zh, self.en)

    @property
    def help(self) -> Words:
        """One or two sentences for the person who fills the field in."""
        return Words(self.help_zh, self.help_en)

    def check(self, value: Any) -> Any:
        """Return a value that the field can hold; a range is checked by its ends.

        Args:
            value: what was given: a number, text, list or range.

        Returns:
            The same value.

        Raises:
            PydanticCustomError: if it breaks a rule of the field.
        """
        if value is None or isinstance(value, (str, bool)):
            return value
        if isinstance(value, (list, tuple)):
            for item in value:
                if isinstance(item, (int, float)):
                    self.check(item)
            return value
        if isinstance(value, BetaCounts) and self.unit not in (Unit.RATE, Unit.FACTOR):
            raise PydanticCustomError(
                "counts_rate", "not a rate", {"shown": f"{value.successes:g} / {value.trials:g}"}
            )
        if not isinstance(value, (int, float)) and not is_range(value):
            return value
        for number in _numbers(value):
            self._check_number(number)
        for name, most in (("sd", LARGEST), ("sigma", WIDEST_SIGMA), ("trials", LARGEST)):
            part = getattr(value, name, 0.0)
            if part > most:
                raise PydanticCustomError(
                    "range_wide",
                    "too wide",
                    {"part": name, "limit": f"{most:.12g}", "shown": f"{part:.12g}"},
                )
        return value

    def holds(self, value: Any) -> bool:
        """Say whether a value lies inside the domain.

        >>> rate = Spec(unit=Unit.RATE, at_least=0, at_most=1, zh="", en="")
        >>> rate.holds(1.0), rate.holds(1.5), rate.holds(1e-12)
        (True, False, False)
        """
        try:
            self.check(value)
        except PydanticCustomError:
            return False
        return True

    def _check_number(self, number: float) -> None:
        at_most = LARGEST if self.at_most is None else self.at_most
        at_least = -LARGEST if self.at_least is None and self.above is None else self.at_least
        gap, least, most = self.smallest, self.above, self.below
        broken = (
            ("above", least, least is not None and not number > least),
            ("at_least", at_least, at_least is not None and not number >= at_least),
            ("below", most, most is not None and not number < most),
            ("at_most", at_most, not number <= at_most),
            ("small", gap, 0 < abs(number) < gap and (least is None or least < 0)),
            (
                "at_least",
                least if least is None else least + gap,
                least is not None and number - least < gap * _ROUNDING,
            ),
            (
                "at_most",
                most if most is None else most - gap,
                most is not None and most - number < gap * _ROUNDING,
            ),
        )
        for rule, limit, is_broken in broken:
            if is_broken:
                raise PydanticCustomError(
                    rule,
                    "outside the domain",
                    {"limit": f"{limit:.12g}", "shown": f"{number:.12g}"},
                )

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Run the domain check after the type check."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Write words, unit and domain into the JSON Schema."""
        out = handler.resolve_ref_schema(handler(schema))
        out = dict(out)
        out["title"] = f"{self.en} / {self.zh}"
        if self.help_en:
            out["description"] = f"{self.help_en} / {self.help_zh}"
        out["x-unit"] = self.unit.value
        for word, limit in (
            ("exclusiveMinimum", self.above),
            ("minimum", self.at_least),
            ("exclusiveMaximum", self.below),
            ("maximum", self.at_most),
        ):
            if limit is not None:
                out[word] = limit
        return out


class Section(Checked):
    """A group of declared fields."""

    @classmethod
    def declared(cls, path: str) -> Spec | None:
        """Return the declaration of the field at a path within this section, or of the list that it
        is an item of.
        """
        info = cls.model_fields.get(path.partition(".")[0])
        return (
            None
            if info is None
            else next((one for one in info.metadata if isinstance(one, Spec)), None)
        )
