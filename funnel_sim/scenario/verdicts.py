"""Where the words of a verdict begin."""

from typing import Annotated, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import Section, Spec, Unit


class Verdicts(Section):
    """Where the words of the verdict begin, as probabilities."""

    safe: Annotated[
        float,
        Spec(
            unit=Unit.RATE,
            above=0,
            below=1,
            zh="稳妥：达标概率不低于",
            en="Safe from a probability of",
            help_zh="达标概率到这个数就称为“稳妥”。",
            help_en="A KPI at least as probable as this is called safe.",
        ),
    ] = 0.8
    realistic: Annotated[
        float,
        Spec(
            unit=Unit.RATE,
            above=0,
            below=1,
            zh="现实：不低于",
            en="Realistic from",
            help_zh="达标概率到这个数、但不到“稳妥”，称为“现实”。",
            help_en="A KPI at least as probable as this, but not safe, is called realistic.",
        ),
    ] = 0.5
    stretch: Annotated[
        float,
        Spec(
            unit=Unit.RATE,
            above=0,
            below=1,
            zh="有挑战：不低于",
            en="A stretch from",
            help_zh="达标概率到这个数、但不到“现实”，称为“有挑战”；再低就是“不现实”。",
            help_en=(
                "A KPI at least as probable as this, but not realistic, is called a stretch; below"
                " it is unrealistic."
            ),
        ),
    ] = 0.2

    @model_validator(mode="after")
    def _falling(self) -> Self:
        if not self.safe > self.realistic > self.stretch:
            raise PydanticCustomError(
                "verdict_order",
                "must fall",
                {
                    "field": "safe",
                    "shown": f"{self.safe:g} / {self.realistic:g} / {self.stretch:g}",
                },
            )
        return self
