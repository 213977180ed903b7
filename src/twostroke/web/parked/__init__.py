"""Setup → Parked: what a reaction or a projection failed at, why, and what can be done about it."""
