"""Logging a visit: where, about what, how many, what was reached, one line to confirm."""

from dataclasses import replace

from conversation.actions import action
from conversation.asked import Asked
from conversation.handler import (
    Command,
    Context,
    Handler,
    Stale,
    Step,
    ask_words,
    number_of,
    step,
)
from conversation.replies import AskQuestion, Button
from fieldwork.contents import CONTENTS, contents_of, mask_of, places_of
from fieldwork.counts import MOST_PEOPLE, read_pairs
from fieldwork.milestones import MILESTONES, Milestone, of_contents
from handlers.buttons import button, onward
from handlers.fieldwork.changing import confirm, corrected, refused, show
from handlers.fieldwork.reading import read_count
from handlers.fieldwork.visits_said import my_visit, visit_said
from handlers.people import communes
from handlers.people.grants import granted
from people.roles import EVERYWHERE, places_for
from storage import field_reports, hamlets, visits
from storage.hamlets import Hamlet
from storage.visits import Visit

MOST_PLACES = 20
_OFFERED_PEOPLE = 5
# What puts the question of the contents again.
ASKS_CONTENTS = "visit_contents"


async def start(context: Context) -> Step:
    """The hamlets one goes to, the last one first."""
    listed = await own_hamlets(context)
    if listed is None:
        return communes.ask(context, action("visits_of"))
    return await _choose(context, listed)


async def own_hamlets(context: Context) -> list[Hamlet] | None:
    """Where this person logs visits, the last one first; None: anywhere."""
    grants = await granted(context, "log_visits")
    own = places_for(grants, "log_visits", context.now)
    if own == (EVERYWHERE,):
        return None
    found: dict[int, Hamlet] = {}
    for place in own:
        if place.hamlet:
            hamlet = await hamlets.by_id(context.connection, place.hamlet)
            listed = [hamlet] if hamlet is not None else []
        else:
            listed = await hamlets.of_commune(context.connection, place.commune)
        found.update({one.id: one for one in listed})
    return await _last_first(context, list(found.values()))


async def _last_first(context: Context, listed: list[Hamlet]) -> list[Hamlet]:
    last = await visits.latest_of(context.connection, context.learner.id, 1)
    return sorted(listed, key=lambda one: not last or one.id != last[0].place.hamlet)


async def take_commune(context: Context, text: str) -> Step:
    return communes.choose(
        context, text, action("visits_of"), lambda code: action("visits_in", code)
    )


async def start_in(context: Context, commune: str) -> Step:
    return await _choose(context, await hamlets_in(context, commune), commune)


async def hamlets_in(context: Context, commune: str) -> list[Hamlet]:
    """Of one commune, the last one first. Raises ``Stale``."""
    if context.rules.places.commune(commune) is None:
        raise Stale
    await granted(context, "log_visits")
    return await _last_first(context, await hamlets.of_commune(context.connection, commune))


async def _choose(context: Context, listed: list[Hamlet], commune: str = "") -> Step:
    if not listed:
        return step(context.say("visit.no_hamlets", *onward(context)))
    buttons = [Button(one.title, action("visit_at", one.id)) for one in listed[:MOST_PLACES]]
    # Second, so that nobody has to look for it below twenty hamlets.
    to_sheet = action("visit_sheet", listed[0].id)
    if len(listed) > 1:
        to_sheet = action("visit_sheets", commune) if commune else action("visit_sheets")
    buttons.insert(1, button(context, "visit.to_sheet", to_sheet))
    if await visits.latest_of(context.connection, context.learner.id, 1):
        buttons.append(button(context, "visit.to_mine", action("visits_mine")))
    return step(context.say("visit.where", *buttons, exact=True))


async def begin(context: Context, number: str) -> Step:
    hamlet = await hamlets.by_id(context.connection, number_of(number))
    if hamlet is None:
        raise Stale
    await granted(context, "log_visits", hamlet.place)
    made = await visits.begin(
        context.connection, context.learner.id, hamlet.place, context.today, context.now
    )
    return _ask_contents(context, made, 0)


async def ask_contents(context: Context, number: str) -> Step:
    visit = await my_visit(context, number)
    return _ask_contents(context, visit.id, visit.contents)


async def tick(context: Context, number: str, mask: str) -> Step:
    visit = await my_visit(context, number)
    return _ask_contents(context, visit.id, mask_of(places_of(number_of(mask, 2))), redraw=True)


def _ask_contents(context: Context, visit_id: int, mask: int, *, redraw: bool = False) -> Step:
    """Ticked by tapping, or all at once by numbers: "1 3"."""
    chosen = places_of(mask)
    options = tuple(
        Button(
            context.text(
                "visit.ticked" if place in chosen else "visit.unticked", label=content.label
            ).unescape(),
            action("visit_tick", visit_id, mask ^ (1 << place)),
        )
        for place, content in enumerate(CONTENTS)
    )
    listed = ".".join(map(str, chosen))
    done = button(context, "visit.ticked_all", action("visit_about", visit_id, listed))
    asked = Asked(
        kind="several",
        labels=tuple(content.label for content in CONTENTS),
        actions=tuple(str(place) for place in range(len(CONTENTS))),
        base=action("visit_about", visit_id).encode(),
        graded=True,
        easier=action(ASKS_CONTENTS, visit_id).encode(),
    )
    question = AskQuestion(
        context.text("visit.ask_contents"), options, taps=(done,), replace=redraw
    )
    return Step((question,), asked)


async def about(context: Context, number: str, chosen: str = "") -> Step:
    visit = await my_visit(context, number)
    mask = mask_of(
        int(place) for place in chosen.split(".") if place.isdecimal() and len(place) == 1
    )
    if not mask:
        return _ask_contents(context, visit.id, 0)
    after = replace(visit, contents=mask)
    if visit.state == "logged":
        return await corrected(context, visit, after)
    await visits.change(context.connection, visit, after, context.now)
    return _ask_people(context, visit.id)


async def ask_people(context: Context, number: str) -> Step:
    return _ask_people(context, (await my_visit(context, number)).id)


def _ask_people(context: Context, visit_id: int, said: str = "visit.ask_people") -> Step:
    """Their number is the number of people, so that tapping and typing are one."""
    buttons = [
        Button(
            context.text("visit.so_many", count=count).unescape(),
            action("visit_count", visit_id, count),
        )
        for count in range(1, _OFFERED_PEOPLE + 1)
    ]
    return ask_words(
        context.say(said, *buttons, most=MOST_PEOPLE), action("visit_people", visit_id)
    )


async def take_people(context: Context, text: str, number: str) -> Step:
    visit = await my_visit(context, number)
    people = read_count(text)
    if people is None or not 1 <= people <= MOST_PEOPLE:
        return _ask_people(context, visit.id, "visit.people_unread")
    return await _set_people(context, visit, people)


async def count_people(context: Context, number: str, people: str) -> Step:
    visit = await my_visit(context, number)
    if not people.isdecimal() or len(people) > 4 or not 1 <= int(people) <= MOST_PEOPLE:
        raise Stale
    return await _set_people(context, visit, int(people))


async def _set_people(context: Context, visit: Visit, people: int) -> Step:
    # Nobody reaches anything who was not there.
    reached = {slug: min(count, people) for slug, count in visit.milestones.items()}
    after = replace(visit, people=people, milestones=reached)
    if visit.state == "logged":
        return await corrected(context, visit, after)
    await visits.change(context.connection, visit, after, context.now)
    if not _fitting(after):
        return await check(context, str(visit.id))
    return _ask_marks(context, after)


def _fitting(visit: Visit) -> tuple[Milestone, ...]:
    """What these contents lead to, and what was reached already."""
    codes = frozenset(content.code for content in contents_of(visit.contents))
    fitting = of_contents(codes)
    return tuple(one for one in MILESTONES if one in fitting or one.slug in visit.milestones)


async def ask_marks(context: Context, number: str) -> Step:
    return _ask_marks(context, await my_visit(context, number))


def _ask_marks(
    context: Context, visit: Visit, said: str = "visit.ask_marks", *, redraw: bool = False
) -> Step:
    """The first button goes on; each other says one person more, and none after the last."""
    goes_on = "visit.marked_all" if visit.milestones else "visit.marked_none"
    buttons = [button(context, goes_on, action("visit_check", visit.id))]
    for one in _fitting(visit):
        count = visit.milestones.get(one.slug, 0)
        label = f"{one.label}: {count}" if count else one.label
        more = (count + 1) % (visit.people + 1)
        buttons.append(Button(label, action("visit_mark", visit.id, one.slug, more)))
    asking = context.say(said, *buttons, replace=redraw, people=visit.people)
    return ask_words(asking, action("visit_marks", visit.id))


async def mark(context: Context, number: str, slug: str, people: str) -> Step:
    visit = await my_visit(context, number)
    count = int(people) if people.isdecimal() and len(people) < 4 else -1
    if not 0 <= count <= visit.people or slug not in {one.slug for one in _fitting(visit)}:
        raise Stale
    return await _marked(context, visit, {slug: count}, redraw=True)


async def take_marks(context: Context, text: str, number: str) -> Step:
    """As in "2=3, 4=1", by the numbers that were shown."""
    visit = await my_visit(context, number)
    fitting = _fitting(visit)
    pairs = read_pairs(text, len(fitting) + 1)
    fits = pairs is not None and 1 not in pairs and max(pairs.values()) <= visit.people
    if pairs is None or not fits:
        return _ask_marks(context, visit, "visit.marks_unread")
    reached = {fitting[number - 2].slug: count for number, count in pairs.items()}
    return await _marked(context, visit, reached)


async def _marked(
    context: Context, visit: Visit, reached: dict[str, int], *, redraw: bool = False
) -> Step:
    both = {**visit.milestones, **reached}
    after = replace(visit, milestones={slug: count for slug, count in both.items() if count})
    if visit.state == "logged":
        said = await refused(context, visit, after)
        if said is not None:
            return said
    else:
        await visits.change(context.connection, visit, after, context.now)
    return _ask_marks(context, after, redraw=redraw)


async def check(context: Context, number: str) -> Step:
    """One line, and everything that can still be put right."""
    visit = await my_visit(context, number)
    if visit.state == "logged":
        return await show(context, number)
    if not visit.contents:
        return _ask_contents(context, visit.id, 0)
    if not visit.people:
        return _ask_people(context, visit.id)
    return await confirm(context, visit)


async def save(context: Context, number: str) -> Step:
    """Logged once, however often it is tapped. In a closed period it waits for a correction."""
    visit = await my_visit(context, number)
    held_by = visit.held_by
    if visit.state == "draft":
        if not visit.contents or not visit.people:
            return await check(context, number)
        closed = await field_reports.closed_for(context.connection, visit.place, visit.day)
        held_by = None if closed is None else closed.id
        after = replace(visit, state="logged", held_by=held_by)
        await visits.change(context.connection, visit, after, context.now)
    return step(
        context.say(
            "visit.saved",
            button(context, "visit.one_more", action("visits")),
            button(context, "visit.correct", action("visit", visit.id)),
            button(context, "visit.to_sheet", action("visit_sheet", visit.place.hamlet)),
            line=await visit_said(context, visit),
            is_held=held_by is not None,
        )
    )


async def _start(context: Context, argument: str) -> Step:
    del argument
    return await start(context)


HANDLER = Handler(
    name="visit",
    commands=(
        Command(
            "tham",
            "Ghi một lượt tới thăm bà con",
            _start,
            words=("ghi lượt thăm", "đi thăm", "ghi thăm", "thăm bà con"),
            in_menu=False,
            deed="log_visits",
        ),
    ),
    actions={
        "visits": start,
        "visits_in": start_in,
        "visit_at": begin,
        ASKS_CONTENTS: ask_contents,
        "visit_tick": tick,
        "visit_about": about,
        "visit_again": ask_people,
        "visit_count": count_people,
        "visit_reached": ask_marks,
        "visit_mark": mark,
        "visit_check": check,
        "visit_save": save,
    },
    words={"visits_of": take_commune, "visit_people": take_people, "visit_marks": take_marks},
)
