"""Which places a count is about: a hamlet, a commune, a province, or everything there is."""

from dataclasses import dataclass

from places.model import Place


@dataclass(frozen=True, slots=True)
class Area:
    """``place`` is a hamlet or a commune; with ``communes`` it is a province, whose communes
    these codes are; with neither it is everything.
    """

    place: Place = Place()  # noqa: RUF009 - frozen
    communes: tuple[str, ...] = ()

    @property
    def is_hamlet(self) -> bool:
        return bool(self.place.hamlet)

    @property
    def is_commune(self) -> bool:
        return bool(self.place.commune) and not self.place.hamlet

    def where(self, table: str) -> tuple[str, tuple[str | int, ...]]:
        """A condition on ``table``'s commune and hamlet_id whose parameters begin at $1, and they."""
        if self.is_hamlet:
            column = "id" if table == "hamlet" else "hamlet_id"
            condition = f"{table}.commune = $1 AND {table}.{column} = $2"
            return condition, (self.place.commune, self.place.hamlet)
        if self.is_commune:
            return f"{table}.commune = $1", (self.place.commune,)
        if self.communes:
            marks = ", ".join(f"${number}" for number in range(1, len(self.communes) + 1))
            return f"{table}.commune IN ({marks})", self.communes
        return f"{table}.commune <> ''", ()

    def part(self, table: str) -> str:
        """The columns that say which part a row belongs to: a hamlet of a commune, or a commune."""
        return self.group(table) if self.place.commune else f"{table}.commune, 0"

    def group(self, table: str) -> str:
        """The same, to group by."""
        if self.place.commune:
            return f"{table}.commune, COALESCE({table}.hamlet_id, 0)"
        return f"{table}.commune"
