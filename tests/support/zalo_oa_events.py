"""Events of an Official Account as Zalo posts them."""

from typing import Any

from tests.support.zalo_oa_server import APP_ID, OA_ID, USER


def event(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "app_id": APP_ID,
        "event_name": name,
        "timestamp": "1795420800000",
        "sender": {"id": USER},
        "recipient": {"id": OA_ID},
        "user_id_by_app": "5500000000000000003",
        **changes,
    }


def follow(name: str) -> dict[str, Any]:
    return {
        "app_id": APP_ID,
        "event_name": name,
        "timestamp": "1795420800000",
        "oa_id": OA_ID,
        "follower": {"id": USER},
        "source": "oa_profile",
    }


def text(said: str, line: str = "m1", **changes: Any) -> dict[str, Any]:
    return event("user_send_text", message={"msg_id": line, "text": said}, **changes)
