"""What can go wrong with the database that is nobody's programming fault.

Each error carries one sentence, in Vietnamese, for the person who runs the tutor:
what happened and what to do. None of them ever holds a password.
"""


class StorageError(Exception):
    """Nothing was stored; the same event may be taken again later."""


class DatabaseNewer(StorageError):
    """The database was written by a newer version of the tutor than this one."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"Cơ sở dữ liệu thuộc phiên bản mới hơn ({found}) so với chương trình này ({known}). "
            "Hãy cập nhật chương trình rồi chạy lại."
        )


class DatabaseUnusable(StorageError):
    """It cannot be opened, read or written until a person mends something."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(f"Không dùng được cơ sở dữ liệu: {problem}. {advice}")


class DatabaseFull(StorageError):
    """There is no room left for a write."""

    def __init__(self) -> None:
        super().__init__(
            "Ổ đĩa chứa cơ sở dữ liệu đã đầy. Hãy dọn bớt chỗ; chương trình sẽ tự ghi tiếp."
        )


class DatabaseBusy(StorageError):
    """Somebody else held what this needed for too long."""

    def __init__(self) -> None:
        super().__init__("Cơ sở dữ liệu đang bận. Hãy đợi một lát rồi thử lại.")
