"""Failures that a person can act on: each one is a sentence."""

from http import HTTPStatus

from click import ClickException


class DomainError(Exception):
    """Something the rules of the house do not allow, said in words fit for the page."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Conflict(DomainError):
    """It was allowed, but something else happened first: already sent, already closed."""

    status = HTTPStatus.CONFLICT


class TooOften(DomainError):
    """Allowed, but not so often: the sentence says from when on."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class Forbidden(DomainError):
    """The words are fine, the role is not."""

    status = HTTPStatus.FORBIDDEN


class SettingsError(DomainError, ClickException):
    """A setting that cannot work, found before anything is started; a command prints it as one line."""
