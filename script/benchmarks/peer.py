"""What a survey costs that only keeps the answer: Django's own form, middleware and ORM, one durable row and nothing owed to anybody."""

import os
from typing import Any

import django
from django import forms
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from sqlalchemy import make_url

from script.benchmarks.scene import SECRET

PAGE = """<!doctype html><html lang="en"><title>{{ survey.title }}</title><h1>{{ survey.title }}</h1>
<form method="post">{% csrf_token %}{{ form.errors }}
{% for n in steps %}<label><input type="radio" name="csat" value="{{ n }}"> {{ n }}</label>{% endfor %}
<label>Why? <textarea name="comment"></textarea></label>
{% for way, words in ways %}<label><input type="radio" name="wants" value="{{ way }}"> {{ words }}</label>{% endfor %}
<label>Your name <input name="name"></label><label>Your mail address <input name="email" type="email"></label>
<button>Send</button></form></html>"""
"""By hand, since Django's widgets have a template each and take five times as long."""
STEPS = ("1", "2", "3", "4", "5")
WAYS = (("mail", "By mail"), ("page", "On a page of my own"), ("none", "You need not report back"))
MIDDLEWARE = (
    "security.SecurityMiddleware", "common.CommonMiddleware", "csrf.CsrfViewMiddleware", "clickjacking.XFrameOptionsMiddleware",
)  # fmt: skip
LOADER = "django.template.loaders"


def _database(url: str) -> dict[str, Any]:
    """Open for as long as its thread, and every answer on the disk before it is thanked for."""
    made = make_url(url)
    if made.get_backend_name() == "sqlite":
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        options: dict[str, Any] = {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 60}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": made.database, "OPTIONS": options, "CONN_MAX_AGE": None}  # fmt: skip
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": made.database, "USER": made.username, "CONN_MAX_AGE": None,
        "HOST": made.query.get("host", made.host), "PORT": made.port or "",
    }  # fmt: skip


settings.configure(
    SECRET_KEY=SECRET, ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, USE_TZ=True,
    MIDDLEWARE=[f"django.middleware.{name}" for name in MIDDLEWARE], DATABASES={"default": _database(os.environ["DATABASE_URL"])},
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"loaders": [(f"{LOADER}.cached.Loader", [(f"{LOADER}.locmem.Loader", {"page.html": PAGE})])]},
    }],
)  # fmt: skip
django.setup()


class Survey(models.Model):  # type: ignore[misc]
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)

    class Meta:
        app_label = "peer"


class Response(models.Model):  # type: ignore[misc]
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE)
    csat = models.IntegerField()
    comment = models.TextField(max_length=5000)
    wants = models.CharField(max_length=9)
    name = models.CharField(max_length=200)
    email = models.EmailField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "peer"


class ResponseForm(forms.ModelForm):  # type: ignore[misc]
    csat = forms.TypedChoiceField(choices=[(n, n) for n in STEPS], coerce=int)
    wants = forms.ChoiceField(choices=WAYS)

    class Meta:
        model = Response
        fields = ("csat", "comment", "wants", "name", "email")


def _answered(request: HttpRequest, slug: str) -> HttpResponse:
    survey = Survey.objects.get(slug=slug)
    form = ResponseForm(request.POST or None, instance=Response(survey=survey))
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("/thanks")
    return render(request, "page.html", {"survey": survey, "form": form, "steps": STEPS, "ways": WAYS})


urlpatterns = [path("", lambda _request: HttpResponse("up")), path("s/<slug:slug>", _answered)]


def create_app() -> Any:
    """On one core, as the pages of the product are."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with connection.schema_editor() as editor:
        editor.create_model(Survey)
        editor.create_model(Response)
    Survey.objects.create(slug="bench", title="Bench")
    return get_wsgi_application()
