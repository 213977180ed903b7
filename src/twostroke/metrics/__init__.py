"""Each number defined once: question, formula, grain, horizon, caveat; counted from the log and from nothing else."""
