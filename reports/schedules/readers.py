"""Who of a schedule's readers gets a mail now, and why somebody does not."""

from dataclasses import dataclass

from accounts.presence import memberships
from reports.schedules.models import Reader, Schedule


@dataclass(frozen=True, slots=True)
class Standing:
    """`why`: nothing, or stopped (they asked for no more) or left (the organisation)."""

    reader: Reader
    name: str
    mail: str
    why: str


def standings(schedule: Schedule) -> list[Standing]:
    """Everybody on the list, in the order in which they came onto it."""
    return [standing(reader) for reader in schedule.readers if not reader.removed_at]


def standing(reader: Reader) -> Standing:
    if not reader.staff:
        return Standing(reader, "", reader.mail, "stopped" if reader.stopped_at else "")
    held = memberships(reader.organisation_id, [reader.staff_id]).get(reader.staff.id)
    gone = not held or held.left_at or not reader.staff.active
    why = "left" if gone else "stopped" if reader.stopped_at else ""
    return Standing(reader, reader.staff.name, reader.staff.email, why)


def may_read(reader: Reader) -> bool:
    """Whether what they were sent still opens: not for whoever was taken off, or left."""
    return not reader.removed_at and standing(reader).why != "left"
