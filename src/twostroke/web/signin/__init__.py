"""Coming in and going out: the one-time link, the password, the theme of this browser."""
