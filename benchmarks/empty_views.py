"""Empty views of django-ninja, as fast as it goes: no database, no middleware. The intake is measured against them."""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.http import HttpRequest

settings.configure(
    DEBUG=False, SECRET_KEY=os.urandom(16).hex(), ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=[]
)
django.setup()

from django.core.asgi import get_asgi_application  # noqa: E402 - Django is configured first
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402
from ninja import NinjaAPI  # noqa: E402

api = NinjaAPI()


@api.post("/track")
def track(request: HttpRequest) -> dict[str, bool]:
    return {"success": True}


@api.post("/awaited")
async def awaited(request: HttpRequest) -> dict[str, bool]:
    return {"success": True}


urlpatterns = [path("v1/", api.urls)]
wsgi = get_wsgi_application()
asgi = get_asgi_application()
