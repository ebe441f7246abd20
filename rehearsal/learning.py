"""How people learn: they read what stands on the telephone and go on, or stop, or ask."""

from dataclasses import dataclass, field

from conversation.replies import AskQuestion, Button
from quizzes.model import PutInOrder, SeveralChoice
from rehearsal.phone import Phone

# Cards, questions and their explanations of one lesson, and some that were not understood.
_MOST_STEPS = 60
# The last card leads to what to remember, and back to the card before it.
_FIRST = ("takeaway", "card")
_GOES_ON = ("review", "next", "lesson", "learn_now", "sit")


@dataclass
class Pupil:
    """``skill`` is how often they know an answer; the other shares say how often they do what they
    are named for. ``where`` are the words they say where they live with: commune and hamlet.
    """

    phone: Phone
    name: str
    where: tuple[str, str]
    skill: float
    answers: float = 0.35
    asks: float = 0.5
    wants_reminders: float = 0.5
    is_waiting: bool = field(default=False)

    def is_so(self, share: float) -> bool:
        return self.phone.stage.dice.random() < share

    async def learns(self, lessons: int) -> None:
        """So many lessons, if nothing comes in between."""
        phone, steps = self.phone, 0
        await phone.types("học tiếp")
        while steps < _MOST_STEPS * lessons:
            steps += 1
            if (question := self._asked()) is not None:
                await self._answers(question)
            elif phone.offers("practice"):
                lessons -= 1
                await self._tries()
            elif (button := self._on(lessons)) is not None:
                await phone.chooses(button)
            else:
                return
            if lessons <= 0 and not phone.offers("more") and self._asked() is None:
                return

    def _asked(self) -> AskQuestion | None:
        """The question of a quiz; what the tutor asks because it did not understand is none."""
        question = self.phone.question
        if question is None or question.options[0].action.name not in ("a", "pick", "rank"):
            return None
        return question

    def _on(self, lessons: int) -> Button | None:
        """The choice that leads on, of a card, of an explanation or of the end of something."""
        phone = self.phone
        for name in (*_FIRST, "more"):
            if (button := phone.find(name)) is not None:
                return button
        if phone.offers("remind") and self.is_so(self.wants_reminders):
            return phone.find("remind")
        if (hour := phone.find("remind_at")) is not None:
            return hour
        if (quiz := phone.find("quiz")) is not None:
            return quiz if self.is_so(0.9) else phone.find("later")
        if lessons <= 0:
            return None
        return next((one for name in _GOES_ON if (one := phone.find(name)) is not None), None)

    async def _tries(self) -> None:
        """The practical task, which not everybody does, nor can; some then ask for a person."""
        phone = self.phone
        said = phone.stage.dice.choices(("done", "not_yet", "stuck"), (78, 17, 5))[0]
        marks = [one for one in phone.choices if one.action.name == "practice"]
        # Who was stuck there before is offered nothing but having done it.
        mark = next((one for one in marks if one.action.arguments[-1] == said), marks[0])
        await phone.chooses(mark)
        if phone.offers("case_stuck") and self.is_so(self.asks):
            await phone.presses("case_stuck")
            await self.asks_on()
        elif (quiz := phone.find("quiz")) is not None and self.is_so(0.85):
            await phone.chooses(quiz)

    async def _answers(self, question: AskQuestion) -> None:
        phone, dice = self.phone, self.phone.stage.dice
        knows = self.is_so(self.skill)
        if question.right is not None:
            wrong = [place for place in range(len(question.options)) if place != question.right]
            place = question.right if knows or not wrong else dice.choice(wrong)
            await phone.chooses(question.options[place])
            return
        numbers = self._numbers(question)
        if not knows:
            dice.shuffle(numbers)
            numbers = numbers if len(numbers) == len(question.options) else numbers[:1]
        await phone.types(" ".join(f"{number}" for number in numbers))

    def _numbers(self, question: AskQuestion) -> list[int]:
        """What is right, as numbers to type: each button says which option it would add."""
        at = {one.action.arguments[3]: n for n, one in enumerate(question.options, start=1)}
        found = self.phone.stage.catalogue.question(question.options[0].action.arguments[1])
        match found:
            case SeveralChoice(options=options):
                return [at[f"{place}"] for place, one in enumerate(options) if one.is_right]
            case PutInOrder(steps=steps):
                return [at[f"{place}"] for place in range(len(steps)) if f"{place}" in at]
        return [1]

    async def asks_for_help(self) -> None:
        """Of their own accord, as the number 0 has it everywhere."""
        await self.phone.types("0")
        if self.phone.offers("case_ask"):
            await self.phone.presses("case_ask")
            await self.asks_on()

    async def asks_on(self) -> None:
        """From the first question about a case to its last: may it be seen, where, which name."""
        phone = self.phone
        for _ in range(6):
            if phone.offers("case_yes"):
                await phone.presses("case_yes")
            elif phone.offers("case_at"):
                await phone.presses("case_at", self.where[0])
            elif phone.offers("case_in"):
                mine = phone.find("case_in", self.where[1])
                await phone.presses("case_in", mine.label if mine is not None else "")
            elif phone.offers("case_nameless"):
                await phone.types(self.name)
            elif phone.offers("case_no"):
                await phone.types(self.where[0])
            else:
                return

    async def confirms(self) -> None:
        """Whether it is true that somebody helped."""
        if self.phone.offers("case_right"):
            await self.phone.presses("case_right" if self.is_so(0.85) else "case_wrong")
