"""Small pure tools: time, money, ids, canonical JSON, text. No word of the trade, no database, no Django."""
