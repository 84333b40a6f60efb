"""Line by line: who can be asked, and a sentence for each line that cannot be used."""

import time
from datetime import UTC, datetime

import pytest

from core.errors import DomainError
from surveys.invitations.list_files import ROWS, Row, pasted
from surveys.invitations.listed import Person
from surveys.invitations.reading_lists import ReadList, named, read
from tests.hostile import ADDRESSES, WORDS

pytestmark = pytest.mark.usefixtures("english")


def listed(text: str) -> ReadList:
    return read(pasted(text), ["nl", "en"], "Europe/Amsterdam")


def why(text: str) -> list[tuple[int, str]]:
    return [(p.line, p.why) for p in listed(text).problems]


@pytest.mark.parametrize("line", [
    "Rita Ritsema <rita@example.com>;", "rita@example.com;Rita Ritsema;", "Rita Ritsema;rita@example.com", "mailto:rita@example.com;Rita Ritsema",
])  # fmt: skip
def test_without_headings_each_cell_is_known_by_how_it_looks(line: str) -> None:
    assert listed(line).people == [Person(1, "rita@example.com", "Rita Ritsema")]


def test_headings_say_what_is_what_in_english_and_in_dutch() -> None:
    english = listed("Name,External_id,Email,Language,City\nRita,K-12,rita@example.com,English,Maastricht")
    dutch = listed("naam;klantnummer;e-mailadres;taal\nRita;K-12;rita@example.com;Engels")
    assert english.people == dutch.people == [Person(2, "rita@example.com", "Rita", "en", "K-12")]


@pytest.mark.parametrize("said", ["ar", "AR", "ar-EG", "Arabisch", "Arabic", "العربية"])
def test_every_language_of_the_survey_is_known_by_its_code_and_by_its_name(said: str) -> None:
    for text in (f"ahmed@example.com;Ahmed;{said}", f"email;naam;taal\nahmed@example.com;Ahmed;{said}"):
        (ahmed,) = read(pasted(text), ["nl", "ar"], "Europe/Amsterdam").people
        assert (ahmed.name, ahmed.language) == ("Ahmed", "ar"), text


def test_a_language_that_the_survey_has_no_words_in_is_refused_and_never_passed_over() -> None:
    assert why("dieter@example.com;Dieter;de") == [(1, "“de” is no language of this survey: nl, en.")]


@pytest.mark.parametrize("line", ["ro@example.com;Ro", "ro@example.com;Ro;nl"])
def test_a_name_that_could_be_a_language_is_a_name(line: str) -> None:
    assert listed(line).people[0].name == "Ro"


@pytest.mark.parametrize(("said", "moment"), [
    ("2026-11-23", datetime(2026, 11, 22, 23, tzinfo=UTC)), ("23-11-2026 14:30", datetime(2026, 11, 23, 13, 30, tzinfo=UTC)),
    ("2026-11-23T14:30:00+00:00", datetime(2026, 11, 23, 14, 30, tzinfo=UTC)), ("23/11/2026", datetime(2026, 11, 22, 23, tzinfo=UTC)), ("", None),
])  # fmt: skip
def test_the_moment_of_what_they_did_is_on_the_organisations_clock(
    said: str, moment: datetime | None
) -> None:
    assert listed(f"email;datum\nrita@example.com;{said}").people[0].event_at == moment


def test_each_bad_line_says_its_number_and_what_is_wrong() -> None:
    found = why(
        "email;name;language;event_at\nrita@example;;;\n;Bob;;\nb@example.com;;xx;\nc@example.com;;;tomorrow\nd@example.com;;;0001-01-01"
    )
    assert found == [
        (2, "“rita@example” is not a mail address. An example is name@example.org."),
        (3, "There is no mail address in this line."),
        (4, "“xx” is no language of this survey: nl, en."),
        (5, "“tomorrow” is no day. An example is 2026-11-23 or 23-11-2026 14:30."),
        (6, "“0001-01-01” is no day. An example is 2026-11-23 or 23-11-2026 14:30."),
    ]


def test_an_address_that_stands_there_twice_counts_once() -> None:
    text = "rita@example.com\nRITA@example.com\nRita <rita@example.com>"
    assert len(listed(text).people) == 1
    assert why(text) == [(2, "This address stands in line 1 too."), (3, "This address stands in line 1 too.")]


def test_two_columns_of_one_kind_are_refused_as_a_whole() -> None:
    with pytest.raises(DomainError, match="Two columns say the same: Email, mail"):
        listed("Email;name;mail\na@example.com;A;b@example.com")


def test_a_line_with_too_few_or_too_many_cells_is_read_as_far_as_it_goes() -> None:
    found = listed("name;email\nRita;rita@example.com;more;and more\nOnly a name")
    assert [p.email for p in found.people] == ["rita@example.com"]
    assert [p.line for p in found.problems] == [3]


@pytest.mark.parametrize("words", [*WORDS.values(), *ADDRESSES])
def test_hostile_lines_are_people_or_problems_and_never_a_failure(words: str) -> None:
    found = listed(f"email;name\n{words};x\nrita@example.com;{words}")
    assert len(found.people) + len(found.problems) >= 1
    assert all("\n" not in person.name and "\n" not in person.email for person in found.people)


@pytest.mark.security("header injection")
def test_a_name_with_a_line_end_in_it_becomes_one_line() -> None:
    rows: list[Row] = [(1, ["email", "name"]), (2, ["rita@example.com", "Rita\r\nBcc: all@example.com"])]
    assert read(rows, ["en"], "UTC").people[0].name == "Rita Bcc: all@example.com"


def test_a_list_that_is_too_long_is_refused() -> None:
    with pytest.raises(DomainError, match="at most 20000 people"):
        read(((n, [f"r{n}@example.com"]) for n in range(ROWS + 2)), ["en"], "UTC")


def test_ten_thousand_lines_of_which_three_hundred_are_wrong() -> None:
    text = "\n".join(
        "no address" if n % 33 == 0 and n < 9900 else f"r{n}@example.com;Name {n};nl" for n in range(10_000)
    )
    began = time.process_time()
    found = listed(text)
    assert (len(found.people), len(found.problems)) == (9_700, 300)
    assert found.problems[1].line == 34
    assert time.process_time() - began < 10


def test_customers_that_a_program_names_are_judged_alike() -> None:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    sent = [
        {"email": mail, "name": "R", "language": "nl", "external_id": "K", "event_at": moment}
        for mail in ("r@example.com", "R@example.com", "r@")
    ]
    found = named(sent, ["nl"])
    assert found.people == [Person(1, "r@example.com", "R", "nl", "K", moment)]
    assert [p.line for p in found.problems] == [2, 3]
