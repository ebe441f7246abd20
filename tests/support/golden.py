"""Golden conversations: how one is read, played, and written down as each channel draws it.

``> `` is the learner, ``< `` the tutor, ``@ `` time that passes, ``# `` a remark. In
brackets is a button: tapped where there are buttons, its number typed where not.
A bar parts what goes out as several lines, and ``< …`` is silence.
``[nút cũ: …]`` is a button of a line further up, ``[bấm lại]`` the last tap once more.
A name before the sign is somebody else: ``Lan> `` speaks at an address of her own (the name
without marks), and ``Lan< `` is what reaches her while another speaks. ``Lan (nhóm)> `` speaks to
the tutor in the group, ``Lan (quản trị nhóm)> `` too, and runs it. A tap on a question there is
a vote, of which the platform tells how many there are by now.
``& Lan: Cô`` has Lan meet the tutor, agree and be called cô, without writing that down.
``@ màn hình tới 3 lần`` has the host of the newest screen press on.
``@ Lan vô tổ ấp 3`` gives her the role of a team member, ``@ Lan làm đại sứ`` that of an ambassador.
Whatever the tutor says of its own accord while time passes stands below ``<@ `` with the day and
the hour by the clock of Viet Nam.
Half a minute goes by before each line of the learner's, a second before a tap once more.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from channels.plain import draw_plain
from channels.telegram.render import render as draw_telegram
from channels.web.render import draw_reply as draw_web
from conversation.events import Sender
from conversation.manners import VIET_NAM
from conversation.replies import Reply
from tests.support.talk import AGAIN, Talk, address_of

FOLDER = Path(__file__).resolve().parent.parent / "golden"
BAR = "< ──────"
# Zalo's longest text.
PLAIN_LIMIT = 2000
_DAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
_SPOKEN = re.compile(r"(?P<who>[^\W\d_][^<>#\[\]]*)?> (?P<line>.*)")
_SAID = re.compile(r"[^\W\d_][^<>#\[\]]*<(?: .*)?")
_IN_GROUP = re.compile(r"(?P<who>.+) \((?P<admin>quản trị )?nhóm\)")
_JOINS_TEAM = " vô tổ ấp 3"
_IS_AMBASSADOR = " làm đại sứ"
# What a group is called among the speakers.
GROUP = "nhóm"
_KNOWN = re.compile(r"& (?P<who>[^:]+): (?P<term>.+)")
_PRESSES = re.compile(r"màn hình tới(?: (\d+) lần)?")
_TIME = re.compile(r"(\d+) (second|minute|hour|day)s?")


async def play(script: str, talk: Talk, draw: Callable[[Reply], Sequence[str]]) -> str:
    """The whole conversation as it goes now: the script's own lines, and what came of them."""
    written: list[str] = []
    people = {"": talk}
    for line in script.splitlines():
        if line.startswith("<") or _SAID.fullmatch(line):
            continue
        if line.strip():
            written.append(line)
        spoken, known = _SPOKEN.fullmatch(line), _KNOWN.fullmatch(line)
        if known:
            person = people.setdefault(known["who"], talk.person(known["who"]))
            for said in ("/start", "[Đồng ý, vào học]", f"[{known['term']}]"):
                person.clock.passes(timedelta(seconds=30))
                person.shown(await person.line(said), draw)
        elif line.startswith("@ "):
            written += await _passes(line[2:], talk, people, draw)
        elif spoken:
            who = _speaker(spoken["who"] or "", people)
            written += [*await _line(people, who, spoken["line"], draw), ""]
    return "\n".join(written).rstrip() + "\n"


async def _line(
    people: Mapping[str, Talk], who: str, line: str, draw: Callable[[Reply], Sequence[str]]
) -> list[str]:
    """What one line brings: to who spoke first, then to everybody else it reached."""
    speaker = people[who]
    speaker.clock.passes(timedelta(seconds=1 if line == f"[{AGAIN}]" else 30))
    before = len(speaker.chat.sent)
    written = [_drawn(speaker.shown(await speaker.line(line), draw)) or "< …"]
    return written + _reached(people, before, draw, but=speaker)


def _speaker(who: str, people: dict[str, Talk]) -> str:
    """The name under which ``people`` has who speaks; a group has whoever speaks in it."""
    first = next(iter(people.values()))
    in_group = _IN_GROUP.fullmatch(who)
    name = GROUP if in_group else who
    if name not in people:
        people[name] = first.person(name)
    if in_group:
        is_admin = in_group["admin"] is not None
        people[name].sender = Sender(address_of(in_group["who"]), is_admin=is_admin)
    return name


def _reached(
    people: Mapping[str, Talk],
    before: int,
    draw: Callable[[Reply], Sequence[str]],
    *,
    but: Talk | None = None,
) -> list[str]:
    """What has reached everybody else since."""
    written = []
    for name, other in people.items():
        if other is not but:
            sent = other.chat.sent[before:]
            replies = [reply for address, reply in sent if address == other.address]
            other.remember(replies)
            written.append(_drawn(other.shown(replies, draw), name))
    return [part for part in written if part]


def _drawn(shown: Sequence[str], name: str = "") -> str:
    parts = f"\n{BAR}\n".join(_quoted(part) for part in shown)
    return "\n".join(f"{name}{line}" for line in parts.splitlines())


async def _passes(
    time: str,
    talk: Talk,
    people: Mapping[str, Talk],
    draw: Callable[[Reply], Sequence[str]],
) -> list[str]:
    """Time goes by, and what is due on the way rings at its own minute."""
    if time == "tidy":
        await talk.tidy()
        return []
    if time.endswith(_JOINS_TEAM):
        await talk.join_team(time.removesuffix(_JOINS_TEAM))
        return []
    if time.endswith(_IS_AMBASSADOR):
        await talk.become_ambassador(time.removesuffix(_IS_AMBASSADOR))
        return []
    if pressed := _PRESSES.fullmatch(time):
        await talk.press_on(int(pressed[1] or 1))
        end = talk.clock.moment
    else:
        found = _TIME.fullmatch(time)
        assert found, f"not a time: {time!r}"
        end = talk.clock.moment + timedelta(**{f"{found[2]}s": int(found[1])})
    written = []
    while (due := await talk.next_ring()) is not None and due <= end:
        talk.clock.moment = max(due, talk.clock.moment)
        before = len(talk.chat.sent)
        own = _drawn(talk.shown(await talk.ring(), draw))
        heard = [part for part in (own,) if part] + _reached(people, before, draw, but=talk)
        if heard:
            local = talk.clock.moment.astimezone(VIET_NAM)
            written += [f"<@ {_DAYS[local.weekday()]} {local:%d/%m, %H:%M}", *heard, ""]
    talk.clock.moment = end
    return written


def plain(reply: Reply) -> list[str]:
    parts = draw_plain(reply, PLAIN_LIMIT)
    assert all(0 < len(part) <= PLAIN_LIMIT for part in parts)
    return parts


def telegram(reply: Reply) -> list[str]:
    """Each request: its method, its words, and its rows of keys with what they carry."""
    drawn = []
    for request in draw_telegram("1001", reply, lambda _picture, _content: b"PNG"):
        shown: dict[str, Any] = dict(request.parameters)
        keys = shown.pop("reply_markup", {}).get("inline_keyboard", [])
        lines = [f"({request.method})"]
        words = shown.get("text") or shown.get("question") or shown.get("caption")
        lines.append(str(words))
        lines += [f"  o {option['text']}" for option in shown.get("options", ())]
        if "explanation" in shown:
            lines.append(f"  explanation: {shown['explanation']}")
        lines += [
            "  " + " ".join(f"[{key['text']} | {_carried(key)}]" for key in row) for row in keys
        ]
        drawn.append("\n".join(lines))
    return drawn


def _carried(key: dict[str, str]) -> str:
    return key.get("callback_data") or key["url"]


def web(reply: Reply) -> list[str]:
    """The page's own values, a line of them."""
    return [json.dumps(draw_web(reply), ensure_ascii=False)]


def _quoted(text: str) -> str:
    """Every line of one reply behind ``< ``; a bar parts replies."""
    return "\n".join(f"< {line}".rstrip() for line in text.splitlines())
