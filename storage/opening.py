"""Opening a database by its URL, whichever engine that names."""

from pathlib import Path
from urllib.parse import urlsplit

from storage.database import Database
from storage.errors import DatabaseUnusable

_SQLITE = "sqlite:///"
_POSTGRESQL = ("postgresql://", "postgres://")


async def open_database(url: str, *, create: bool = True, lasting: bool = True) -> Database:
    """Open ``sqlite:///relative.db``, ``sqlite:////absolute.db`` or ``postgresql://…``.

    No table is made here: see ``storage.migrate.prepare``. With ``create`` false, a
    SQLite file that does not exist is refused. With ``lasting`` false, a commit to one does
    not wait for the disk: only for what can be made again after a power cut. Raises
    ``StorageError``.
    """
    # Each driver is imported only where it is used: nobody pays for the other.
    path = sqlite_path(url)
    if path is not None:
        from storage.sqlite import open_file

        return await open_file(path, create=create, lasting=lasting)
    from storage.postgresql import open_pool

    return await open_pool(url)


def sqlite_path(url: str) -> Path | None:
    """The file a URL names, or ``None`` when it names a PostgreSQL database.

    Raises ``DatabaseUnusable`` for anything else, never repeating the URL: it may
    hold a password.
    """
    if url.startswith(_SQLITE) and len(url) > len(_SQLITE):
        return Path(url.removeprefix(_SQLITE))
    if url.startswith(_POSTGRESQL) and _hosted(url):
        return None
    raise DatabaseUnusable(
        "địa chỉ không đúng dạng",
        "Hãy viết sqlite:///tên-tệp.db hoặc postgresql://tên:mật-khẩu@máy-chủ/tên-cơ-sở-dữ-liệu.",
    )


def _hosted(url: str) -> bool:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - it is the reading that fails
    except ValueError:
        return False
    return bool(parts.path.strip("/")) or bool(parts.query)
