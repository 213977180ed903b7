from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "twostroke.ledger"
    label = "ledger"
