"""The same complaint is answered once: one person, at one address, never hears the same thing about it twice.

Each answer keeps its own promise, update and page. What a letter says about one of those that stand as one, it does not
say again about the others; and what an earlier letter said to the same address is not said by a later one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from followup.deeds import Deed
from followup.letters import Piece
from promises.models import Update
from surveys.models_responses import Response
from triage.models import Action, Tag

About = tuple[int, int]
"""A complaint, and an action about it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one answer hears by these tags; `before`: what an earlier letter said of them to the same address."""

    piece: Piece
    tags: Sequence[Tag]
    before: dict[Tag, Update] = field(default_factory=dict)

    @property
    def actions(self) -> list[Action]:
        """As the deeds of the piece stand."""
        return list(dict.fromkeys(t.action for t in self.tags))

    def about(self, action: Action) -> set[About] | None:
        """None where it answers a comment that stands alone."""
        those = {t.comment.complaint_id for t in self.tags if t.action is action}
        return None if None in those else {(id, action.id) for id in those if id}

    def said(self, action: Action) -> bool:
        return all(t in self.before for t in self.tags if t.action is action)


def once(all_of_them: Sequence[Heard]) -> tuple[tuple[Piece, ...], list[bool]]:
    """(the pieces of one letter, for each answer whether the letter says anything to it)"""
    shown: list[Piece] = []
    said: dict[About, tuple[int, Deed]] = {}
    speaks = []
    for heard in all_of_them:
        kept, host = _kept(heard, said, len(shown))
        speaks.append(_place(heard.piece, kept, host, shown))
    return tuple(shown), speaks


def _kept(
    heard: Heard, said: dict[About, tuple[int, Deed]], place: int
) -> tuple[tuple[Deed, ...], int | None]:  # fmt: skip
    """The deeds that this letter has not said yet of the same complaint, and the piece that says the others."""
    kept, host = [], None
    for action, deed in zip(heard.actions, heard.piece.deeds, strict=bool(heard.tags)):
        about = heard.about(action)
        earlier = [said[one] for one in about or () if one in said]
        if about and len(earlier) == len(about) and _adds_nothing(deed, earlier[0][1]):
            host = earlier[0][0]
        elif not heard.said(action):
            kept.append(deed)
            said.update(dict.fromkeys(about or (), (place, deed)))
    return tuple(kept), host


def _adds_nothing(deed: Deed, earlier: Deed) -> bool:
    return not deed.beside.reached and deed.beside.words in {"", earlier.beside.words}


def _place(piece: Piece, kept: tuple[Deed, ...], host: int | None, shown: list[Piece]) -> bool:
    """Put what is left of the piece into the letter; False where nothing is."""
    if kept or not piece.deeds or piece.reward:
        shown.append(replace(piece, deeds=kept))
    elif host is not None:
        shown[host] = with_another(shown[host], piece)
    return bool(kept or not piece.deeds or piece.reward or host is not None)


def with_another(piece: Piece, other: Piece) -> Piece:
    """One piece about both: when they wrote each, and the words of each."""
    quotes = tuple(dict.fromkeys((*piece.quotes, *other.quotes)))
    also: tuple[tuple[str, date], ...] = (*piece.also, (other.survey, other.answered_on))
    return replace(piece, quotes=quotes, also=also, answers=piece.answers or other.answers)


def alike(pieces: Iterable[tuple[Piece, Response]], joined: dict[int, frozenset[int]]) -> tuple[Piece, ...]:
    """The pieces of a preview, as the letter will say them: what is said of the same complaint stands there once."""
    shown: list[tuple[Piece, frozenset[int]]] = []
    for piece, response in pieces:
        mine = joined.get(response.id, frozenset())
        place = next(
            (
                n
                for n, (one, those) in enumerate(shown)
                if mine and those == mine and one.deeds == piece.deeds
            ),
            None,
        )
        if place is None:
            shown.append((piece, mine))
        else:
            shown[place] = with_another(shown[place][0], piece), mine
    return tuple(piece for piece, _those in shown)
