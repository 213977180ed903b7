"""The lake as SQL on any engine: builders, transpiling, engines, results. Pure; knows no metric."""
