"""The machine: everybody acts, the clock ticks, servers fail, processes die, backups come back; and after each step the laws hold."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from core.jobs import Tick
from outbox.holding import held
from outbox.jobs import deliver_due, hand_back
from scheduler import TICKS
from tests.machine import laws
from tests.machine.crashes import MOMENTS, WIRE, crashing_in_a_transaction, crashing_on_the_wire
from tests.machine.house import ADDRESSES, House
from tests.machine.respondents import Respondents
from tests.machine.staff import Staff, where
from tests.processes.senders import DROPS
from tests.sink import FAULTS

MORNINGS = [datetime(2026, *day, 8, 30, tzinfo=UTC) for day in ((11, 23), (10, 23), (3, 27))]
"""A Monday, and the days before the two changes of the clock."""
FAST_FAULTS = sorted(FAULTS.keys() - {"banner_silent", "no_final_reply", "slow_final_reply"})
"""Those that need no waiting."""
COMPOSING = [t for t in TICKS if t.name not in {"delivery", "hand back", "reports"}]
"""Every tick that writes to people, or counts; not those that send or draw."""
A_TICK = st.sampled_from(COMPOSING)


class Machine(Respondents, Staff):
    def __init__(self, house: House) -> None:
        super().__init__()
        self.house, self.arrived = house, 0

    @initialize(
        morning=st.sampled_from(MORNINGS),
        words=st.lists(st.booleans(), min_size=2, max_size=4),
        told=st.sampled_from(("", "planned", "done")),
    )
    def begin(self, morning: datetime, words: list[bool], told: str) -> None:
        """Some have answered already, one address twice; they may have been told something."""
        self.house.build(morning)
        self.arrived = 0
        for n, said in enumerate(words):
            self.answer(ADDRESSES[n // 2], said, "mail")
        if told:
            self.decide_for_everybody(told)
            self.tick_and_send("none")

    @rule(tick=A_TICK)
    def tick(self, tick: Tick) -> None:
        tick.work(self.house.now)

    def tick_all(self) -> None:
        for tick in COMPOSING:
            tick.work(self.house.now)
        laws.nobody_waits_past_the_date(self.house)
        laws.readers_hear_what_holds(self.house)

    @rule(fault=st.sampled_from(("none", "none", *FAST_FAULTS)))
    def tick_and_send(self, fault: str) -> None:
        self.tick_all()
        if fault != "none":
            self.house.sink.then([fault])
            self.house.known.doubts += fault in DROPS
        deliver_due(self.house.now)
        self.house.sink.queued.clear()

    @rule(tick=A_TICK, moment=st.sampled_from(MOMENTS), nth=st.integers(1, 8))
    def crash_in_a_tick(self, tick: Tick, moment: str, nth: int) -> None:
        with crashing_in_a_transaction(self.house.fuse, moment, nth):
            tick.work(self.house.now)

    @rule(moment=st.sampled_from(MOMENTS), nth=st.integers(1, 5))
    def crash_in_a_delivery(self, moment: str, nth: int) -> None:
        self.tick_all()
        self.house.known.doubts += 1
        with crashing_in_a_transaction(self.house.fuse, moment, nth):
            deliver_due(self.house.now)

    @rule(point=st.sampled_from(sorted(WIRE)))
    def crash_on_the_wire(self, point: str) -> None:
        self.tick_all()
        self.house.known.doubts += 1
        with crashing_on_the_wire(self.house.fuse, point):
            deliver_due(self.house.now)

    @where("left")
    @rule()
    def restart(self) -> None:
        """What a dead sender held is handed back when its lease is over."""
        self.house.now += timedelta(seconds=31)
        hand_back(self.house.now)

    @rule(hours=st.sampled_from((1, 6, 24, 72, 168, 672)))
    def time_passes(self, hours: int) -> None:
        self.house.now += timedelta(hours=hours)

    @rule(hours=st.sampled_from((-24, -1)))
    def the_clock_is_set_back(self, hours: int) -> None:
        self.house.now += timedelta(hours=hours)

    @precondition(lambda self: self.house.can_restore and not self.house.kept)
    @rule()
    def back_up(self) -> None:
        self.house.back_up()

    @precondition(lambda self: self.house.kept)
    @rule()
    def restore(self) -> None:
        """Yesterday's backup: nothing leaves until a person says so."""
        self.house.restore()
        self.arrived = 0
        assert held()

    @invariant()
    def the_laws_hold(self) -> None:
        self.house.look_around()
        laws.every_message_is_somewhere(self.house)
        laws.everybody_is_accounted_for(self.house)
        laws.every_promise_says_what_who_and_when(self.house)
        laws.nobody_hears_the_same_twice(self.house)
        laws.states_say_what_happened(self.house)
        laws.every_comment_is_found()
        laws.the_blocked_hear_nothing(self.house)
        self.arrived = laws.nothing_leaves_while_mail_is_held(self.house, self.arrived)
