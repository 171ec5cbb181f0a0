"""Where app.py, pages/ and .streamlit/ lie: at the top of a checkout, in `funnel_sim/screen/` of an
installed package (pyproject.toml puts them there).
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
_INSTALLED = PACKAGE / "screen"
HOME = _INSTALLED if (_INSTALLED / "app.py").is_file() else PACKAGE.parent
