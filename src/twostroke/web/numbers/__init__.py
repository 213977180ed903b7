"""Numbers: each defined once, shown as chart and table, opened to the people and lines it was counted from."""
