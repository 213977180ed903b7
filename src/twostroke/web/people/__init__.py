"""People: the list with its search, and the profile with the stream of both teams."""
