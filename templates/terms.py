"""How the tutor addresses a learner, and what it calls itself to match.

Kinship words are the ordinary pronouns of Vietnamese, and the wrong one hurts; so
the learner chooses, and nobody writes a pronoun by hand.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """``ban`` is the learner's word, ``minh`` the tutor's own."""

    key: str
    ban: str
    minh: str

    @property
    def filling(self) -> dict[str, str]:
        """The four placeholders that templates and lessons may use."""
        return {
            "ban": self.ban,
            "Ban": self.ban.capitalize(),
            "minh": self.minh,
            "Minh": self.minh[0].upper() + self.minh[1:],
        }


# In this order "ba", typed without marks, is both the third place and "Bà".
TERMS = {
    term.key: term
    for term in (
        Term("bac", "bác", "con"),
        Term("ong", "ông", "cháu"),
        Term("ba", "bà", "cháu"),
        Term("co", "cô", "con"),
        Term("chu", "chú", "con"),
        Term("di", "dì", "con"),
        Term("anh", "anh", "em"),
        Term("chi", "chị", "em"),
        Term("ban", "bạn", "mình"),
    )
}

# Until the learner has chosen.
NEUTRAL = Term("", "cô chú", "con")
# To a whole group, of which nobody chooses.
GROUP = Term("nhom", "bà con", "Học Số")
EVERY = {term.key: term for term in (NEUTRAL, GROUP, *TERMS.values())}
