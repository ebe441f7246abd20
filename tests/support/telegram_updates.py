"""Updates as Telegram sends them, without their ``update_id``."""

from typing import Any

Payload = dict[str, Any]

# What an administrator's entry always holds (https://core.telegram.org/bots/api#chatmemberadministrator).
_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
DATE = 1_790_000_000
BOT = {"id": 4242, "is_bot": True, "first_name": "Học Số", "username": "hocso_bot"}


def person(who: int) -> Payload:
    return {"id": who, "is_bot": False, "first_name": "Năm", "language_code": "vi"}


def private(who: int) -> Payload:
    return {"id": who, "type": "private", "first_name": "Năm"}


def group(chat: int) -> Payload:
    return {"id": chat, "type": "supergroup", "title": "Tổ công nghệ số ấp 3"}


def line(who: int = 7, /, *, chat: Payload | None = None, **content: Any) -> Payload:
    """A line somebody sent; ``content`` is what Telegram puts beside the envelope."""
    return {
        "message": {
            "message_id": 11,
            "date": DATE,
            "chat": chat or private(who),
            "from": person(who),
            **content,
        }
    }


def text(words: str, who: int = 7, /, **content: Any) -> Payload:
    if words.startswith("/"):
        command = {"type": "bot_command", "offset": 0, "length": len(words.split(maxsplit=1)[0])}
        content = {"entities": [command], **content}
    return line(who, text=words, **content)


def tap(data: str, who: int = 7, /, *, source: int = 5) -> Payload:
    """A tap on a button of the tutor's line ``source``."""
    return {
        "callback_query": {
            "id": f"tap-{who}",
            "from": person(who),
            "chat_instance": "1",
            "data": data,
            "message": {
                "message_id": source,
                "date": DATE,
                "chat": private(who),
                "from": BOT,
                "text": "Chọn đi ạ",
            },
        }
    }


def vote(poll: str, places: list[int], who: int = 7, /) -> Payload:
    answer = {"poll_id": poll, "user": person(who), "option_ids": places}
    return {"poll_answer": {**answer, "option_persistent_ids": [str(place) for place in places]}}


def membership(chat: Payload, old: str, new: str, who: int = 7, /) -> Payload:
    """The bot's own standing in a chat changed, as from "member" to "kicked"."""

    def standing(status: str) -> Payload:
        extra: dict[str, Payload] = {
            "kicked": {"until_date": 0},
            "administrator": dict.fromkeys(_RIGHTS, False),
        }
        return {"user": BOT, "status": status, **extra.get(status, {})}

    return {
        "my_chat_member": {
            "chat": chat,
            "from": person(who),
            "date": DATE,
            "old_chat_member": standing(old),
            "new_chat_member": standing(new),
        }
    }


def poll(name: str, voters: int, *, is_anonymous: bool = True) -> Payload:
    """How a poll of the bot's stands."""
    return {
        "poll": {
            "id": name,
            "question": "Thật hay lừa?",
            "options": [
                {"persistent_id": str(place), "text": words, "voter_count": 0}
                for place, words in enumerate(("Thật", "Lừa"))
            ],
            "total_voter_count": voters,
            "is_closed": False,
            "is_anonymous": is_anonymous,
            "type": "quiz",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
    }
