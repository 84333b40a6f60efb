"""Who is at their desk, at which moment: it decides whose name stands under a promise."""

from datetime import datetime, timedelta

import pytest

from accounts.people import away, leave
from accounts.presence import first_present, is_present, membership
from core.db import writing
from core.errors import Conflict, DomainError
from promises.opening import follower
from surveys.models import Survey
from tests.cast import Cast, make_staff
from tests.loop import answered, opened_survey, promises_of

BOTH = pytest.mark.both_databases
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now)


def away_until(people: Cast, who: str, until: datetime | None, now: datetime) -> None:
    member = membership(people.webshop.id, getattr(people, who).id)
    assert member
    with writing():
        away(member, until, now)


@BOTH
def test_away_until_the_very_moment(people: Cast, now: datetime) -> None:
    away_until(people, "bob", now + HOUR, now)
    moments = (now, now + HOUR - MOMENT, now + HOUR, now + HOUR + MOMENT)
    assert [is_present(people.webshop.id, people.bob.id, m) for m in moments] == [False, False, True, True]


def test_back_before_the_day_that_was_said(people: Cast, now: datetime) -> None:
    away_until(people, "bob", now + HOUR, now)
    away_until(people, "bob", None, now)
    assert is_present(people.webshop.id, people.bob.id, now)


@pytest.mark.parametrize("until", [timedelta(0), -HOUR])
def test_nobody_was_away_in_the_past(people: Cast, now: datetime, until: timedelta) -> None:
    with pytest.raises(DomainError, match="lies in the past"):
        away_until(people, "bob", now + until, now)
    assert is_present(people.webshop.id, people.bob.id, now)


@BOTH
def test_who_left_is_not_there_and_who_works_elsewhere_neither(people: Cast, now: datetime) -> None:
    member = membership(people.webshop.id, people.bob.id)
    assert member
    with writing():
        make_staff(people.webshop, "Zoe Zuid", "admin", now)
        leave(member, now)
    assert not is_present(people.webshop.id, people.bob.id, now)
    assert not is_present(people.webshop.id, people.charlie.id, now)
    assert not is_present(people.webshop.id, 999, now)
    assert is_present(people.housing.id, people.charlie.id, now)


def test_away_here_is_not_away_there(people: Cast, now: datetime) -> None:
    from accounts.models import Membership
    from tests.cast import added

    with writing():
        added(Membership(organisation_id=people.housing.id, staff_id=people.bob.id, role="agent", since=now))
    away_until(people, "bob", now + HOUR, now)
    assert [is_present(o.id, people.bob.id, now) for o in (people.webshop, people.housing)] == [False, True]


@BOTH
@pytest.mark.parametrize(("absent", "name"), [
    ((), "Alice Adams"), (("alice",), "Bob Bakker"), (("bob",), "Alice Adams"), (("alice", "bob"), "Alice Adams"),
])  # fmt: skip
def test_the_deputy_follows_up_while_the_signer_is_away(
    people: Cast, survey: Survey, now: datetime, absent: tuple[str, ...], name: str
) -> None:
    for who in absent:
        away_until(people, who, now + HOUR, now)
    assert follower(survey, now).name == name
    with writing():
        response = answered(survey, now)
    assert [p.who.name for p in promises_of(response)] == [name]


def test_a_name_that_was_promised_stays_who_follows_up(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        response = answered(survey, now)
    away_until(people, "alice", now + HOUR, now)
    assert promises_of(response)[0].who.name == "Alice Adams", "the word was given in her name"


def test_without_a_deputy_the_signer_stays_the_signer(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        survey.deputy_id = None
    away_until(people, "alice", now + HOUR, now)
    assert follower(survey, now).name == "Alice Adams"


def test_the_first_of_a_list_who_is_there(people: Cast, now: datetime) -> None:
    charlie, bob, alice = people.charlie.id, people.bob.id, people.alice.id
    assert first_present(people.webshop.id, [None, charlie, bob, alice], now) == bob
    assert first_present(people.webshop.id, [], now) is None
    assert first_present(people.webshop.id, [None, charlie], now) is None


@BOTH
def test_the_last_admin_cannot_leave(people: Cast, now: datetime) -> None:
    with writing():
        admins = [make_staff(people.webshop, name, "admin", now) for name in ("Ann One", "Ben Two")]
    members = [m for a in admins if (m := membership(people.webshop.id, a.id))]
    with writing():
        leave(members[0], now)
    with pytest.raises(Conflict, match="is the only admin here"), writing():
        leave(members[1], now)
    with writing():
        leave(members[0], now + HOUR)
    assert members[0].left_at == now, "leaving twice changes nothing"
