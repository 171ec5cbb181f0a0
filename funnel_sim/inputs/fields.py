"""How a field is declared: unit, domain and words, once, beside its type and default.

A `Spec` rides in the `Annotated` type of a scenario field. It checks the domain, names the field
in both languages, and goes into the JSON Schema, so that no other place repeats any of it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from funnel_sim.inputs.quantity import BetaCounts, bounds, ends, likely
from funnel_sim.words import Words

LARGEST = 1e12
"""No field is larger: above this, a float no longer carries cents."""
LONGEST_HORIZON = 36
OPEN_END = 1e-9
"""How near a draw may come to an end that a field may not reach itself (a price above 0)."""
_LONGEST_TEXT = 200


class Section(BaseModel):
    """A group of fields: frozen, strict about types, and without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def _short_text(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise PydanticCustomError("text_long", "too long", {"limit": _LONGEST_TEXT})
    return text


Text = Annotated[str, AfterValidator(_short_text)]


class Unit(StrEnum):
    """What a field is measured in; rates are fractions inside, percent only at the edge."""

    MONEY = "money"  # in the sales currency
    COST_MONEY = "cost_money"  # in the cost currency
    CONTRACT_MONEY = "contract_money"  # in the currency that the contract names
    RATE = "rate"  # a fraction
    FACTOR = "factor"  # a plain multiplier or ratio
    COUNT = "count"
    MONTHS = "months"
    TEXT = "text"  # words, codes, switches, tables


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
        """The least and the greatest value allowed; open ends are given as the nearest value inside."""
        low, high = -LARGEST, LARGEST
        if self.at_least is not None:
            low = self.at_least
        if self.above is not None:
            low = max(low, self.above + OPEN_END * max(1.0, abs(self.above)))
        if self.at_most is not None:
            high = self.at_most
        if self.below is not None:
            high = min(high, self.below - OPEN_END * max(1.0, abs(self.below)))
        return low, high

    @property
    def label(self) -> Words:
        """The field's name."""
        return Words(self.zh, self.en)

    @property
    def help(self) -> Words:
        """One or two sentences for the person who fills the field in."""
        return Words(self.help_zh, self.help_en)

    def check(self, value: Any) -> Any:
        """Return `value`, or raise the rule that it breaks; ranges are checked by their bounds."""
        if value is None or isinstance(value, (str, bool)):
            return value
        if isinstance(value, (list, tuple)):
            for item in value:
                if isinstance(item, (int, float)):
                    self.check(item)
            return value
        if isinstance(value, BetaCounts) and self.unit not in (Unit.RATE, Unit.FACTOR):
            raise PydanticCustomError("counts_rate", "not a rate", {"shown": f"{value.successes:g} / {value.trials:g}"})
        try:
            point, (low, high) = likely(value), bounds(value)
        except (TypeError, ValueError):
            return value
        for end in ends(value):
            self._check_side(end, value)
        self._check_side(min(point, low if math.isfinite(low) else point), value)
        self._check_side(max(point, high if math.isfinite(high) else point), value)
        return value

    def _check_side(self, number: float, value: object) -> None:
        at_most = LARGEST if self.at_most is None else self.at_most
        broken = (
            ("above", self.above, self.above is not None and not number > self.above),
            ("at_least", self.at_least, self.at_least is not None and not number >= self.at_least),
            ("below", self.below, self.below is not None and not number < self.below),
            ("at_most", at_most, not number <= at_most),
        )
        for rule, limit, is_broken in broken:
            if is_broken:
                raise PydanticCustomError(rule, "outside the domain", {"limit": f"{limit:.12g}", "shown": f"{number:.12g}"})

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Run the domain check after the type check."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
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
