from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "twostroke.site"
    label = "site"
