"""Setup: one's own account, and what this installation is fed with."""
