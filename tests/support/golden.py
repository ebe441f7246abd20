"""Golden conversations: how one is read, played, and written down as each channel draws it.

``> `` is the learner, ``< `` the tutor, ``@ `` time that passes, ``# `` a remark. In
brackets is a button: tapped where there are buttons, its number typed where not.
A bar parts what goes out as several lines, and ``< …`` is silence.
``[nút cũ: …]`` is a button of a line further up, ``[bấm lại]`` the last tap once more.
A name before the sign is somebody else: ``Lan> `` speaks at an address of her own (the name
without marks), and ``Lan< `` is what reaches her while another speaks.
``& Lan: Cô`` has Lan meet the tutor, agree and be called cô, without writing that down.
Half a minute goes by before each line of the learner's, a second before a tap once more.
Whatever the tutor says of its own accord while time passes stands below ``<@ `` with the day and
the hour by the clock of Viet Nam.
"""

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from channels.plain import draw_plain
from channels.telegram.render import render as draw_telegram
from channels.web.render import draw_reply as draw_web
from conversation.manners import VIET_NAM
from conversation.replies import Reply
from tests.support.talk import AGAIN, Talk

FOLDER = Path(__file__).resolve().parent.parent / "golden"
BAR = "< ──────"
# Zalo's longest text.
PLAIN_LIMIT = 2000
_DAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
_SPOKEN = re.compile(r"(?P<who>[^\W\d_][^<>#\[\]]*)?> (?P<line>.*)")
_SAID = re.compile(r"[^\W\d_][^<>#\[\]]*<(?: .*)?")
_KNOWN = re.compile(r"& (?P<who>[^:]+): (?P<term>.+)")
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
            async for moment, replies in _passes(line[2:], talk):
                written.append(f"<@ {_told(moment)}")
                written.append(_drawn(talk.shown(replies, draw)) or "< …")
                written.append("")
        elif spoken:
            who = spoken["who"] or ""
            if who not in people:
                people[who] = talk.person(who)
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
    for name, other in people.items():
        if other is not speaker:
            sent = speaker.chat.sent[before:]
            replies = [reply for address, reply in sent if address == other.address]
            other.remember(replies)
            written.append(_drawn(other.shown(replies, draw), name))
    return [part for part in written if part]


def _drawn(shown: Sequence[str], name: str = "") -> str:
    parts = f"\n{BAR}\n".join(_quoted(part) for part in shown)
    return "\n".join(f"{name}{line}" for line in parts.splitlines())


async def _passes(time: str, talk: Talk) -> AsyncIterator[tuple[datetime, list[Reply]]]:
    """Time goes by, and what is due on the way rings at its own minute."""
    if time == "tidy":
        await talk.tidy()
        return
    found = _TIME.fullmatch(time)
    assert found, f"not a time: {time!r}"
    end = talk.clock.moment + timedelta(**{f"{found[2]}s": int(found[1])})
    while (due := await talk.next_ring()) is not None and due <= end:
        talk.clock.moment = max(due, talk.clock.moment)
        replies = await talk.ring()
        if replies:
            yield talk.clock.moment, replies
    talk.clock.moment = end


def _told(moment: datetime) -> str:
    local = moment.astimezone(VIET_NAM)
    return f"{_DAYS[local.weekday()]} {local:%d/%m, %H:%M}"


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
            "  " + " ".join(f"[{key['text']} | {key['callback_data']}]" for key in row)
            for row in keys
        ]
        drawn.append("\n".join(lines))
    return drawn


def web(reply: Reply) -> list[str]:
    """The page's own values, a line of them."""
    return [json.dumps(draw_web(reply), ensure_ascii=False)]


def _quoted(text: str) -> str:
    """Every line of one reply behind ``< ``; a bar parts replies."""
    return "\n".join(f"< {line}".rstrip() for line in text.splitlines())
