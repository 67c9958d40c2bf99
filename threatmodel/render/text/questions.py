"""Questions in words, in the order in which people read them, with what an answer is called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple, assert_never

from threatmodel.model.words import gravity
from threatmodel.render.text.messages import filled_text
from threatmodel.render.text.reasons import answer_text, place_text
from threatmodel.render.text.wording import names, series
from threatmodel.results import (
    BASELINE,
    ClaimAt,
    Common,
    Declaration,
    DeclareKey,
    DeclareOutside,
    DeclarePeople,
    Filled,
    KeyOf,
    NameAnswers,
    OpenThreat,
    Question,
    StateControl,
)

_WORDS: Final = {
    "agreements": "which agreements are in force with {whom}?",
    "automated_decision": "{does} {whom} decide about people automatically?",
    "availability": "how bad is it when {whom} cannot be reached?",
    "categories": "what {is} {whom}: personal, health, payment-card, credentials, something else, or none?",
    "condition": "which condition of Article 9 covers {whom}?",
    "confidentiality": "how confidential {is} {whom}?",
    "contacts": "whom {does} {whom} name as contacts?",
    "criticality": "how much depends on {whom}?",
    "custom_code": "do we write the code of {whom}?",
    "data": "which data move on {whom}?",
    "environment": "to which environment {does} {whom} belong?",
    "gdpr": "what {is} {whom} under the GDPR?",
    "hipaa": "what {is} {whom} under HIPAA?",
    "hipaa_use": "which use under HIPAA {is} {whom}?",
    "holds": "which data {does} {whom} keep?",
    "host": "what {does} {whom} run on?",
    "human": "{is} {whom} a person?",
    "identity": "as which identity {does} {whom} run?",
    "integrity": "how bad is it when somebody changes {whom}?",
    "jurisdiction": "to whose law {is} {whom} subject?",
    "kind": "what kind of {noun} {is} {whom}?",
    "large_scale": "{does} {whom} work on a large scale?",
    "legal_basis": "on which legal basis {does} {whom} rest?",
    "needs": "which data {does} {whom} need?",
    "protocol": "which protocol {does} {whom} use?",
    "purposes": "for what {is} {whom} used?",
    "region": "in which region or country {does} {whom} stand?",
    "retention": "how long {is} {whom} kept?",
    "technology": "which product {is} {whom}?",
    "tenancy": "do others share {whom}?",
}
_LINKS: Final = {
    "type": "of type `{id}`",
    "in": "in `{id}`",
    "outside": "that stand in no boundary",
    "to": "to `{id}`",
    "from": "from `{id}`",
}


class Phrased(NamedTuple):
    """A question in words: its text, and how its answer is called.

    Questions with the same `group` read as one list below it: "is it true of … that …", "which data move
    on …", each followed by what it `asks`. A question that always stands alone has none, and asks its text.
    """

    question: Question
    text: str
    answer: str
    group: str
    asks: str


def phrased(questions: Iterable[Question]) -> tuple[Phrased, ...]:
    """Questions in words: the gravest first, then those that settle most; ties by text."""
    return tuple(sorted(map(_phrased, questions), key=_rank))


def declaration_text(answer: Declaration) -> str:
    """Where the answer to a question is written."""
    match answer:
        case StateControl(control, place):
            where = place_text(place)
            return f"`{control}` under {where if place == BASELINE else f'`controls` of {where}'}"
        case DeclareKey(key):
            return f"`{key}` of {_whom(answer)}"
        case DeclarePeople(actors):
            return f"`human` of {names(actors)}"
        case DeclareOutside():
            return "`actors`, or `trust` of a boundary"
        case NameAnswers(threat):
            return f"`answered_by` of threat `{threat}`"
        case _:
            assert_never(answer)


def _phrased(question: Question) -> Phrased:
    answer, asked = question.answer, question.asks
    match asked:
        case ClaimAt(title, place):
            whom = "all that we operate" if place == BASELINE else place_text(place)
            asks = title if title[1:2].isupper() else title[:1].lower() + title[1:]
            group = f"is it true of {whom} that …"
            text, asks = f"is it true of {whom} that {asks}?", f"{asks}?"
        case KeyOf(noun):
            assert isinstance(answer, DeclareKey)
            text, group, asks = _key(answer, noun)
        case Filled():
            text = asks = filled_text(asked)
            group = ""
        case OpenThreat(title, unmet):
            since = f", since {', '.join(map(answer_text, unmet))}" if unmet else ""
            text = asks = f"what {'else ' if unmet else ''}answers the threat `{title}`{since}?"
            group = ""
        case None:
            text = asks = _beginning(answer)
            group = ""
        case _:
            assert_never(asked)
    return Phrased(question, text, declaration_text(answer), group, asks)


def _rank(found: Phrased) -> tuple[int, int, str, str]:
    return -gravity(found.question.severity), -len(found.question.settles), found.text, found.answer


def _key(answer: DeclareKey, noun: str) -> tuple[str, str, str]:
    """The text of a question for a key, its group, and what it asks below that."""
    whom, one = _whom(answer), len(answer.ids) == 1
    words = _WORDS.get(answer.key, f"what is `{answer.key}` of {{whom}}?")
    verbs = {"does": "does" if one else "do", "is": "is" if one else "are"}
    text = words.format(whom=whom, noun=noun, **verbs)
    head, ends_with_whom, _ = words.partition("{whom}?")
    if not ends_with_whom:
        return text, "", text
    return text, f"{head.format(noun=noun, does='do', **{'is': 'are'})}…", f"{whom}?"


def _whom(answer: DeclareKey) -> str:
    if answer.common is None:
        return series([f"`{name}`" for name in answer.ids])
    return _common(answer.common, len(answer.ids))


def _common(common: Common, number: int) -> str:
    return f"the {number} {common.section} {_LINKS[common.link].format(id=common.id)}"


def _beginning(answer: Declaration) -> str:
    """The question where paths begin, which the answer alone says."""
    if isinstance(answer, DeclarePeople):
        return f"who is a person: {names(answer.actors)}?"
    return "who calls from outside? no element of the model stands on untrusted ground"
