"""The same random acts against the real workflows, on one time-skipping server."""

import asyncio
from datetime import timedelta
from itertools import count
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.errors import RefusalCode, Refused
from models.identifiers import sitting_id
from models.views import JourneyView, SittingView
from models.vocabulary import CaseState, Stage
from rehearsal.stage import Theatre, theatre
from rules.schedule import next_sitting, starts_at
from tests.builders import AMIRA, CALENDAR, CAROL, HELEN, HILLINGDON, PAT, THURSDAY, TOM, referral
from tests.strategies import DECISION, JOURNEY_ACTS, Did, acts_of, room, sitting_acts

HARP = HILLINGDON.forums["harp"]
PATIENCE = 30.0
"""Seconds after which a process that does not answer is taken to be stuck."""
CASE = "the case"
"""What an act calls the case of its story, whose reference is only known when it is played."""
WAITS_OR_IS_HEARD = (CaseState.LISTED, CaseState.RESERVED, CaseState.BEING_HEARD)
_numbers = count(1)


class Moment(NamedTuple):
    """Time passes: hours, or until the next sitting when there are none."""

    hours: int


USUAL: list[Did | Moment] = [
    Did("sign_off", TOM, {}),
    Did("endorse", HELEN, {}),
    Moment(0),
    Did("open_sitting", PAT, room(CAROL)),
    Did("hear", PAT, {"case": CASE}),
]
ON_A_SITTING = sitting_acts((CASE, CASE, "X-1"))
ANYTHING = acts_of(JOURNEY_ACTS) | acts_of(ON_A_SITTING) | st.builds(Moment, st.sampled_from([0, 1, 30]))
DECIDED = st.builds(lambda said: Did("record_decision", PAT, {"case": CASE, **said}), DECISION)


@st.composite
def stories(draw: st.DrawFn) -> list[Did | Moment]:
    """The usual way of a case, as far as it goes, with other people's acts in between."""
    usual = [*USUAL[: draw(st.integers(1, len(USUAL)))], draw(DECIDED)]
    story: list[Did | Moment] = []
    for step in usual:
        story += draw(st.lists(ANYTHING, max_size=1))
        story.append(step)
    return [*story, *draw(st.lists(ANYTHING, max_size=4))]


class Story:
    """One referral of its own on a stage that others share."""

    def __init__(self, stage: Theatre) -> None:
        self.stage = stage
        self.ref = f"R-{next(_numbers)}"
        self.journey = f"journey/hillingdon/{self.ref}"

    async def play(self, steps: list[Did | Moment]) -> None:
        await self.stage.gateway.refer(referral(referral_ref=self.ref), AMIRA, await self.stage.now())
        self.stage.processes.clear()
        self.stage.processes[self.journey] = JourneyView
        await self.stage.settle()
        for step in steps:
            if isinstance(step, Moment):
                await self.pass_time(step.hours)
            else:
                await asyncio.wait_for(self.do(step), PATIENCE)
            await self.stage.settle()
            await self.is_whole()

    async def pass_time(self, hours: int) -> None:
        now = await self.stage.now()
        on = next_sitting(now, HARP, CALENDAR)
        await self.stage.move_to(now + timedelta(hours=hours) if hours else max(now, starts_at(on, HARP)))

    async def do(self, did: Did) -> None:
        view = await self.view()
        details = {key: self.ref if value == CASE else value for key, value in did.details.items()}
        on_journey = did.name in JOURNEY_ACTS and (did.name not in ON_A_SITTING or did.actor is TOM)
        process = self.journey if on_journey else await self.sitting(view)
        refusal: Refused | None = None
        try:
            await self.stage.gateway.act(process, did.name, did.actor, details)
        except Refused as refused:
            refusal = refused
        assert refusal is None or (refusal.code in RefusalCode and refusal.remedy)
        assert refusal is None or "could not read this act" not in refusal.sentence

    async def sitting(self, view: JourneyView) -> str:
        on = view.sitting or next_sitting(await self.stage.now(), HARP, CALENDAR)
        return sitting_id("hillingdon", view.forum, on)

    async def view(self) -> JourneyView:
        view = await self.stage.view(self.journey)
        assert isinstance(view, JourneyView)
        return view

    async def is_whole(self) -> None:
        view = await self.view()
        entries = [entry for entry in self.stage.register.events(self.journey) if entry.accepted or entry.sequence]
        numbers = [entry.sequence for entry in entries]
        assert numbers == list(range(1, len(numbers) + 1))
        assert view.settled
        if view.stage is Stage.CLOSED:
            assert view.outcome is not None
            assert view.actions_open == 0
            assert not any(clock.ticking for clock in view.clocks.values())
        agendas = [
            one for one in [await self.stage.view(p) for p in self.stage.processes] if isinstance(one, SittingView)
        ]
        on = [
            (there.forum, there.sitting)
            for there in agendas
            for line in there.agenda
            if line.referral_ref == self.ref and line.state in WAITS_OR_IS_HEARD
        ]
        assert on == ([(view.forum, view.sitting)] if view.sitting else [])


def test_random_acts_leave_every_workflow_whole() -> None:
    with asyncio.Runner() as runner:
        context = theatre({})
        stage = runner.run(context.__aenter__())
        try:
            runner.run(stage.move_to(THURSDAY))

            @settings(
                max_examples=8,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(stories())
            def anybody_does_anything(steps: list[Did | Moment]) -> None:
                runner.run(Story(stage).play(steps))

            anybody_does_anything()
        finally:
            runner.run(context.__aexit__(None, None, None))
