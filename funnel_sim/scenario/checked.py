"""What every input is: frozen, strict about types, without unknown fields, and checked again
whenever a part of it is changed.
"""

import difflib
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from funnel_sim.errors import InputError, refuse
from funnel_sim.scenario.problems import Declared, problems


class Checked(BaseModel):
    """A group of values that is valid as long as it exists."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    def but(self, **changes: Any) -> Self:
        """Return the same with some fields changed, and checked again.

        This is the only way to change a part: pydantic's own copy checks nothing, neither names nor
        values. Parts that are models already are taken as they are, so a scenario is not read again
        from the ground up.

        Args:
            **changes: new values by the name of the field.

        Raises:
            InputError: if a name is no field, or its field or the whole cannot hold a value.

        Examples:
            >>> from funnel_sim.scenario.quotes import Option
            >>> Option(id="a", base=100.0).but(base=50.0).base
            50.0
            >>> Option(id="a").but(stop_los=True)
            Traceback (most recent call last):
            ...
            funnel_sim.errors.InputError: Option.stop_los: is not a field; did you mean:
            stop_loss, stop_months, stop_from
        """
        cls = type(self)
        for name in changes:
            if name not in cls.model_fields:
                near = (
                    difflib.get_close_matches(name, cls.model_fields, 3)
                    or sorted(cls.model_fields)[:3]
                )
                raise refuse(f"{cls.__name__}.{name}", None, "unknown_name", near=", ".join(near))
        given = {name: getattr(self, name) for name in cls.model_fields} | changes
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise InputError(problems(error, given, self.declared)) from None

    @classmethod
    def declared(cls, path: str) -> Declared | None:
        """Return what is said of the field at a path within this group; None where it has no
        words.
        """
        return None
