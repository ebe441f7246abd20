"""What is kept of everything at once, and the job that has it counted before anybody looks."""

from dataclasses import dataclass, field

from dashboard import homes, indicators
from dashboard.parts import Parts
from dashboard.province import Province
from dashboard.spans import named_spans


@dataclass(frozen=True, slots=True)
class Everything:
    parts: Parts
    tables: indicators.Tables = field(init=False)
    households: homes.Counts = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", Province(self.parts.now))
        object.__setattr__(self, "households", Province(self.parts.now))

    async def count(self) -> None:
        """The one that is due, of the periods that the page offers; nothing when none is. Raises
        ``StorageError``.
        """
        if await self.households.renew("", homes.everywhere(self.parts)):
            return
        today = self.parts.now().astimezone(self.parts.zone).date()
        for span in named_spans(today):
            for approved_only in (False, True):
                count = indicators.everywhere(self.parts, span, approved_only=approved_only)
                if await self.tables.renew((span.period, approved_only), count):
                    return
