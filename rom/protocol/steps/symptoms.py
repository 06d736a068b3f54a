"""A symptom that is told, at any step."""

from __future__ import annotations

from dataclasses import replace

from rom.clinical.massage import session as massage
from rom.clinical.safety import symptom_stop
from rom.protocol import events
from rom.protocol.session import CheckSession, StepKind
from rom.protocol.steps.massage import guided_massage
from rom.protocol.steps.phases import proceed
from rom.protocol.steps.stops import stopped
from rom.records.entities import Phase


def feel(session: CheckSession, symptom: str) -> CheckSession:
    """A symptom ends the spot or the check; once all is filmed, it is told with the result.

    Raises
    ------
    UsageError
        A symptom that is not in `stop_symptoms.csv`.
    """
    stop = symptom_stop(symptom)
    if session.kind is StepKind.MASSAGE and stop.ends == "spot":
        return guided_massage(session, events.Massaged(massage.Felt(symptom)))
    if session.phase is Phase.POST and session.kind is not StepKind.TAKE:
        # All is filmed: the result is still told, with the stop before it.
        session = replace(session, stop=stop)
        return session if session.kind is StepKind.PAIN_TAKE else proceed(session)
    return stopped(session, stop)
