"""Files of any tool: CSV, workbooks, their mappings. Looks at whole columns, asks, never guesses."""
