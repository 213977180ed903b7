"""Marketing's room: audiences, sequences, deliveries, spend, and the touches of pull. Never imports the other
team's rooms.
"""
