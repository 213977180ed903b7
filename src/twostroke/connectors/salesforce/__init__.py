"""What the exports of Salesforce are called: its objects and their fields, as data."""
