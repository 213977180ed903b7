"""Setup → Who is who: pairs that may be one, and a person's answers."""
