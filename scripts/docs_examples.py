"""Shows the examples of docstrings as code: an extension of griffe, which reads the docstrings for
the site (mkdocs.yml).
"""

import sys
from pathlib import Path
from typing import Any

from griffe import Extension, Object

sys.path.insert(0, str(Path(__file__).resolve().parent))

from docs_site import fenced


class Examples(Extension):
    """Puts examples into fences before the docstring is parsed."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Change the docstring of one function, class or module."""
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)
