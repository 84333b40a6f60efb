"""How a command fails: with a sentence, and a number that programs understand."""

from typing import Any

import click
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError

from core import schema
from core.errors import DomainError


class Sentences(click.Command):
    """A failure of the rules is printed as the sentence it is, in the language of the terminal: English."""

    def invoke(self, context: click.Context) -> Any:
        try:
            with force_locale("en"):
                return self.carry_out(context)
        except DomainError as error:
            raise click.ClickException(error.sentence) from error
        except OperationalError as error:
            raise click.ClickException(f"The database cannot be used: {str(error.orig).strip()}.") from error

    def carry_out(self, context: click.Context) -> Any:
        return super().invoke(context)


class Ready(Sentences):
    """Makes an empty database first; refuses one that is older or newer than the code, with what to do."""

    def carry_out(self, context: click.Context) -> Any:
        schema.require_current()
        return super().carry_out(context)


class TryAgain(click.ClickException):
    exit_code = 75
    """EX_TEMPFAIL of sysexits.h"""


class ForAMailServer(Ready):
    """Whatever fails, the mail server keeps the message and tries again: it takes any other number for a refusal."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except Exception as error:
            raise TryAgain(str(error) if isinstance(error, click.ClickException) else repr(error)) from error
