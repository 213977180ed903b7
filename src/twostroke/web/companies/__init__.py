"""Companies: the list, and the page of one company with everybody there."""
