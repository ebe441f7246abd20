"""One desk more at the fast fake server: a Zalo bot's, and what its learners type.

``tests/support/zalo_bot_server.py`` is the strict one. Both platforms call
``/bot<token>/<method>``; the rest is Zalo's own. Nothing is tapped here: learners read the
numbers in the text, as they must on Zalo.
"""

import json
import re
import time
from random import Random

from benchmarks.fake_telegram import Desk, Line
from benchmarks.learners import GO_ON, Typed

_NUMBERED = re.compile(r"^(\d+)\. ", re.MULTILINE)
_QUESTION = re.compile(r"^❓ Câu \d+/\d+", re.MULTILINE)
_SEVERAL = re.compile(r"các số|nhiều", re.IGNORECASE)
_ORDER = re.compile(r"theo thứ tự")
_DATE = 1_795_420_800_456


class ZaloDesk(Desk):
    """A Zalo bot's side of the server, by webhook."""

    async def answer(self, method: str, fields: dict[str, str]) -> str:
        self.requests += 1
        if method == "sendMessage":
            chat, text = int(fields["chat_id"]), fields["text"]
            self.on_asked(chat, time.perf_counter())
            await self.take_time()
            self.lines += 1
            self.on_line(Line(chat, self.lines, method, markup=text), time.perf_counter())
            return f'{{"message_id":"{self.lines:x}","date":{_DATE}}}'
        if method == "getWebhookInfo":
            self.ready.set()
            return json.dumps({"url": self.webhook, "updated_at": _DATE})
        return '{"id":"b0t","account_name":"bot.HocSo","account_type":"BASIC"}'

    def wire(self, content: str) -> tuple[str, dict[str, str]]:
        body = f'{{"ok":true,"result":{{{content}}}}}'
        return body, {"X-Bot-Api-Secret-Token": self.secret}


def typed_after(line: Line | None, random: Random) -> Typed:
    """What is typed after this line: an answer to a question, else the first choice."""
    if line is None:
        return Typed("/start")
    choices = _NUMBERED.findall(line.markup)
    if not choices:
        return GO_ON
    last = int(choices[-1])
    if not _QUESTION.search(line.markup):
        return Typed("1")
    if _ORDER.search(line.markup):
        return Typed(" ".join(str(n) for n in random.sample(range(1, last + 1), last)))
    if _SEVERAL.search(line.markup):
        return Typed(" ".join(str(n) for n in sorted(random.sample(range(1, last + 1), 2))))
    return Typed(str(random.randint(1, last)))


def event(number: int, turn: int, text: str) -> str:
    """The JSON of a text that came in, without its outer braces."""
    who = f'"id":"{number}"'
    return (
        f'"event_name":"message.text.received","message":{{"message_id":"{number}.{turn}",'
        f'"date":{_DATE},"text":"{text}",'
        f'"from":{{{who},"display_name":"Năm","is_bot":false}},'
        f'"chat":{{{who},"chat_type":"PRIVATE"}}}}'
    )
