"""What the exports of HubSpot are called: its objects and their fields, as data."""
