"""Setup → Quarantine: what could not come in, by source and reason; mended by rule, all alike at once."""
