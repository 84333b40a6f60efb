"""Which action a comment will probably get, learned from the few words there are; what is not known is not claimed."""

import pytest

from core.text import word_keys
from tests.hostile import WORDS
from triage.likely import SURE, Likely, Said, pieces, said_by

BOX, PHONE = 1, 2


def said(text: str, score: int = 2, language: str = "nl") -> Said:
    return said_by(" ".join([f"#l{language}", f"#p{score}", *word_keys(text)]))


LEARNED = Likely(
    2
    * [
        (BOX, said("De doos was gescheurd en het spatbord verbogen")),
        (BOX, said("Doos kapot, krassen op het frame")),
        (BOX, said("The box was torn", language="en")),
        (PHONE, said("Niemand neemt de telefoon op")),
        (PHONE, said("Een half uur in de wacht aan de telefoon")),
        (PHONE, said("Nobody answers the phone", language="en")),
    ]
)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("gescheurde doos", BOX),
        ("weer een kapotte verzenddoos", BOX),
        ("frame zat onder de krassen", BOX),
        ("telefonisch niemand te pakken", PHONE),
        ("phone: nobody", PHONE),
    ],
)
def test_words_that_begin_alike_or_hold_one_another_meet(text: str, action: int) -> None:
    guess = LEARNED.guess(said(text))
    assert guess
    assert guess.action_id == action


def test_nothing_is_certain_from_one_word_and_less_from_none() -> None:
    one, none = LEARNED.guess(said("doos")), LEARNED.guess(said("hm"))
    assert one
    assert none
    assert 0.5 < one.sureness < 1
    assert not none.sure
    assert none.sureness < one.sureness


def test_more_of_the_same_makes_it_surer_until_it_is_chosen_beforehand() -> None:
    few = LEARNED.guess(said("doos gescheurd"))
    many = LEARNED.guess(
        said(
            "doos gescheurd, doos kapot, spatbord verbogen, krassen op het frame, verpakking van karton stuk, deuk, kras, scheur, spatbord krom"
        )
    )
    assert few
    assert many
    assert few.sureness < many.sureness
    assert many.sure == (many.sureness >= SURE)
    assert many.sure


def test_the_score_is_a_witness() -> None:
    by_score = Likely([(BOX, said("", 1)), (BOX, said("", 1)), (PHONE, said("", 5)), (PHONE, said("", 5))])
    happy, cross = by_score.guess(said("x", 5)), by_score.guess(said("x", 1))
    assert happy
    assert cross
    assert (happy.action_id, cross.action_id) == (PHONE, BOX)


def test_who_the_customer_is_and_how_they_hear_is_no_witness() -> None:
    assert said_by("#open #o1 #k7 #cmail #lnl #r3 #a0 #t4") == Said([], [], ())
    assert said_by("#s2 #p5").facts == ["#s2", "#p5"]


def test_what_was_learned_in_one_language_helps_in_another() -> None:
    dutch = Likely([(BOX, said("De koerier gooide het over de heg")), (PHONE, said("Niemand neemt op"))])
    guess = dutch.guess(said("Left on the doorstep by the driver", language="en"))
    assert guess
    assert guess.action_id == BOX


def test_the_others_stand_behind_the_most_probable_in_order() -> None:
    guess = LEARNED.guess(said("telefoon"))
    assert guess
    assert guess.likely == (PHONE, BOX)


def test_the_pieces_of_a_word() -> None:
    assert pieces(["doos"]) == ["doos"]
    assert pieces(["telefoon"]) == ["telef", "tele", "elef", "lefo", "efoo", "foon"]


def test_without_actions_there_is_nothing_to_guess() -> None:
    assert Likely([]).guess(said("doos")) is None


def test_an_action_of_which_nothing_is_known_does_not_break_it() -> None:
    guess = Likely([(BOX, Said())]).guess(said("doos"))
    assert guess
    assert (guess.action_id, guess.sureness) == (BOX, 0)


@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS.keys())
def test_whatever_people_write_it_is_a_share(text: str) -> None:
    guess = LEARNED.guess(said(text))
    assert guess
    assert 0 <= guess.sureness <= 1


def test_the_only_action_there_is_fits_what_sounds_like_it_and_nothing_else() -> None:
    """Otherwise whoever wrote down one action would find it chosen for everybody."""
    one = Likely([(1, said("the box was torn"))] * 3)
    assert sureness(one, "my box was torn too") == 1
    assert sureness(one, "you never answer the phone") == 0


def sureness(learned: Likely, text: str) -> float:
    guess = learned.guess(said(text))
    return guess.sureness if guess else -1
