"""`python -m funnel_sim`."""

import sys

from funnel_sim.cli import main

if __name__ == "__main__":
    sys.exit(main())
