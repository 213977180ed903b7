from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "twostroke.identity"
    label = "identity"
