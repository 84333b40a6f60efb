"""What a table allows was widened in place, on a database that has rows: the new words are taken, others still are not."""

from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.db import db, writing
from promises.models import CAUSES, HOW
from tests.cast import Cast
from tests.loop import answered, opened_survey


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("table", "column", "words"), [("promise", "because", CAUSES), ("promise_update", "how", HOW)]
)
def test_each_word_of_the_code_and_no_other_is_allowed(
    people: Cast, now: datetime, table: str, column: str, words: tuple[str, ...]
) -> None:
    from followup.receipts import compose_receipts

    with writing():
        answered(opened_survey(people, now), now)
    compose_receipts(now)
    change = text(f"UPDATE {table} SET {column} = :word")
    for word in words:
        with writing():
            db.session.execute(change, {"word": word})
    with pytest.raises(IntegrityError), writing():
        db.session.execute(change, {"word": "by magic"})
