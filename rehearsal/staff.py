"""What the people do who teach and look after: all of it in chat, as they would."""

from dataclasses import dataclass, field

from conversation.actions import Action
from rehearsal.learning import Pupil
from rehearsal.phone import Phone

_CODE = r"/s/{}-([0-9A-Z]+)"


async def arrives(phone: Phone, term: str, payload: str = "") -> None:
    """From the first word to a form of address."""
    await phone.opens(payload)
    await phone.presses("agree")
    await phone.presses("term", term)


@dataclass
class Visits:
    """What was logged, as those who did it remember it."""

    times: int = 0
    people: int = 0


@dataclass
class Helper:
    """Somebody of the team, an ambassador or the administrator. ``hamlet`` is "" for a commune."""

    phone: Phone
    name: str
    commune: str
    hamlet: str = ""
    cohort: str = ""
    taken: list[Action] = field(default_factory=list)

    async def accepts(self, term: str, code: str) -> None:
        """The invitation, and a name that everybody may see."""
        await arrives(self.phone, term, f"moi-{code}")
        await self.phone.presses("accept")
        await self.phone.types(self.name)

    async def invites_ambassador(self) -> str:
        """The code to give to them alone."""
        await self.phone.types("/moi")
        await self.phone.presses("invite_as", "đại sứ")
        await self.phone.types(self.commune)
        if self.phone.offers("invite_in"):
            await self.phone.presses("invite_in", self.commune)
        return await self._makes_invitation()

    async def lists_hamlets(self, names: str) -> None:
        await self.phone.types("/apkhom")
        if self.phone.offers("hamlet_add"):
            await self.phone.presses("hamlet_add")
        await self.phone.types(names)

    async def invites_member(self, hamlet: str) -> str:
        await self.phone.types("/moi")
        if self.phone.offers("invite_as"):
            await self.phone.presses("invite_as", "thành viên")
        await self.phone.presses("invite_at", hamlet)
        return await self._makes_invitation()

    async def _makes_invitation(self) -> str:
        await self.phone.presses("invite_make")
        return self.phone.reads(_CODE.format("moi"))

    async def makes_class(self, name: str) -> str:
        """The code that learners join with."""
        await self.phone.types(f"/lopmoi {name}")
        if self.phone.offers("new_at"):
            await self.phone.presses("new_at", self.hamlet)
        self.cohort = self.phone.reads(_CODE.format("lop"))
        return self.cohort

    async def visits(self, contents: str, people: int, marks: str) -> None:
        """Logged on the doorstep."""
        phone = self.phone
        await phone.types("/tham")
        await phone.presses("visit_at", self.hamlet)
        await phone.types(contents)
        await phone.types(f"{people}")
        if phone.offers("visit_mark") and marks:
            await phone.types(marks)
        if not phone.offers("visit_save"):
            await phone.presses("visit_check")
        await phone.presses("visit_save")

    async def reports(self, period: str) -> None:
        """Of their own place: opened, one figure entered by hand, sent to whoever approves."""
        phone = self.phone
        await phone.types("/baocao")
        await phone.presses("report_at")
        await phone.types(period)
        await phone.presses("report_enter")
        await phone.presses("report_figure", "vụ lừa đảo")
        await phone.types("không có")
        await phone.presses("report", "về báo cáo")
        await self._reads_on()
        await phone.presses("report_submit")

    async def _reads_on(self) -> None:
        """A report to its last part, under which it is decided."""
        while self.phone.find("report", "xem tiếp") is not None:
            await self.phone.presses("report", "xem tiếp")

    async def approves(self) -> int:
        """Every report that waits; how many."""
        phone, done = self.phone, 0
        while True:
            await phone.types("/baocao")
            if phone.find("report", "chờ duyệt") is None:
                return done
            await phone.presses("report", "chờ duyệt")
            await self._reads_on()
            if not phone.offers("report_approve"):
                return done
            await phone.presses("report_approve")
            done += 1

    async def begins_fair(self, name: str) -> str:
        """Today's, and the code at its gate."""
        phone = self.phone
        await phone.types("/ngayhoi")
        await phone.presses("fair_new")
        if phone.offers("fair_at"):
            await phone.presses("fair_at", self.hamlet)
        await phone.types(name)
        await phone.presses("fair_on", "hôm nay")
        await phone.types("Đoàn xã tập dượt")
        return phone.reads(_CODE.format("hoi"))

    async def ends_fair(self, name: str) -> None:
        phone = self.phone
        await phone.types("/ngayhoi")
        if not phone.offers("fair_close"):
            await phone.presses("fair", name)
        await phone.presses("fair_close")
        await phone.presses("fair_over")

    async def broadcasts(self, words: str) -> None:
        """To all classes of the place."""
        phone = self.phone
        await phone.types("/gui")
        await phone.presses("gui_new")
        await phone.presses("gui_place")
        await phone.types(words)
        await phone.presses("gui_send")

    async def pastes(self, group: str) -> str:
        """A card for the hamlet's group elsewhere, and that it stands there; what its link carries."""
        phone = self.phone
        await phone.types("/dan")
        if phone.offers("paste_to"):
            await phone.presses("paste_to", group)
        else:
            if phone.offers("paste_new"):
                await phone.presses("paste_new")
            await phone.types(group)
        if phone.offers("paste_course"):
            await phone.presses("paste_course")
        lesson = phone.stage.dice.choice([b for b in phone.choices if b.action.name == "paste_it"])
        await phone.taps(lesson.action)
        payload = phone.reads(r"/s/(nhom-\S+)")
        await phone.presses("paste_done")
        return payload

    async def teaches(self, name: str, term: str, skill: float) -> None:
        """Somebody without a telephone: asked aloud, a lesson on this telephone, seen doing it."""
        phone = self.phone
        await phone.types("/hocho")
        await phone.presses("help_new")
        if phone.offers("help_at"):
            await phone.presses("help_at", self.hamlet)
        await phone.presses("help_yes")
        await phone.types(name)
        await phone.presses("book")
        await self._teaches_on(name, term, skill)

    async def teaches_again(self, name: str, skill: float) -> None:
        phone = self.phone
        await phone.types("/hocho")
        await phone.presses("help_one", name)
        await phone.presses("book")
        await self._teaches_on(name, "", skill)

    async def _teaches_on(self, name: str, term: str, skill: float) -> None:
        phone = self.phone
        if term:
            await phone.presses("term", term)
        pupil = Pupil(phone, name, (self.commune, self.hamlet), skill, asks=0.0, wants_reminders=0)
        await pupil.learns(1)
        await phone.types("làm chứng")
        if phone.offers("witness_book"):
            await phone.presses("witness_book")
        await phone.types("đóng sổ")

    async def takes(self, case: Action) -> Action | None:
        """Taken, and a day named: what to tap when it is done; None when somebody was quicker."""
        phone = self.phone
        await phone.taps(case)
        when = phone.find("case_comes")
        if when is not None:
            await phone.taps(when.action)
        done = phone.find("case_done")
        return done.action if done is not None else None
