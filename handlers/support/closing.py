"""How a case ends, or comes back, because of what somebody did elsewhere."""

from conversation.handler import Context
from handlers.support.routing import NEWS, can_take, put_back, tell
from people.roles import Grant
from storage import cases
from storage.cases import Case


async def finished(context: Context, item: str, *, stalled_only: bool = False) -> bool:
    """The learner did it themselves. Whether that closed a case which others knew of."""
    case = await cases.open_item(context.connection, context.learner.id, item)
    if case is None or (stalled_only and case.reason != "stalled"):
        return False
    await cases.close(context.connection, case.id, "success", context.now)
    await tell_taker(context, case, "success")
    return case.shared_at is not None


async def tell_taker(context: Context, case: Case, what: str) -> None:
    if case.taken_by is not None and case.taken_by != context.learner.id:
        await tell(context, case.taken_by, NEWS, f"{case.id}.{what}")


async def role_ended(context: Context, grant: Grant) -> None:
    """What its holder took and may not keep any more waits for somebody else."""
    for case in await cases.taken_by(context.connection, grant.learner_id):
        if not await can_take(context, grant.learner_id, case):
            await put_back(context, case)


async def before_erasure(context: Context) -> None:
    """Of what this person took nothing is lost; who took theirs hears that nobody waits for them."""
    for case in await cases.open_of_learner(context.connection, context.learner.id):
        if case.taken_by is not None:
            await tell(context, case.taken_by, NEWS, "0.gone")
    for case in await cases.taken_by(context.connection, context.learner.id):
        await put_back(context, case)
