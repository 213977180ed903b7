"""``python -m twostroke`` is ``twostroke``."""

import sys

from twostroke.cli.main import main

sys.exit(main())
