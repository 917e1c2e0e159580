"""``python -m keyhop``."""

import sys

from keyhop.commands import main

if __name__ == "__main__":
    sys.exit(main())
