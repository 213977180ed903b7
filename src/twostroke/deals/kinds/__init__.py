"""The kinds of lines of this room: what sellers do (selling), what buyers do with their money (buying)."""
