"""`python -m psbuddy`: the same as the command `psbuddy`."""

import sys

from psbuddy.cli import main

if __name__ == "__main__":
    sys.exit(main())
