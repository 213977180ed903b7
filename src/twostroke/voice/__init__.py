"""What customers say: feedback, surveys, reviews, tickets, and whether they were answered."""
