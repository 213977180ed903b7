"""Which tests of a run on several cores share a process: what is costly to make is made in one of them."""

from __future__ import annotations

import re

from xdist.scheduler import LoadScopeScheduling

# Files whose fixtures take seconds and serve all their tests.
FILES = (
    "tests/functional/test_demo.py",
    "tests/generative/test_whole_home.py",
    "tests/worlds/test_by_hand.py",
    "tests/worlds/test_dirt.py",
    "tests/worlds/test_effects.py",
)
_FIRM = re.compile(r"^tests/stories/.*\[(hubspot|salesforce)\b")


def group(test: str) -> str:
    """The group of a test, named by the id pytest gives it; most tests are one by themselves."""
    file = test.partition("::")[0]
    if file in FILES:
        return file
    firm = _FIRM.match(test)
    return test if firm is None else f"the firm in {firm[1]}"


class Together(LoadScopeScheduling):
    """Hands out groups, the largest first."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)
