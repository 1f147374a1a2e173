"""A question from a form, where no script asks it."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from integrations.asking.answering import Answered, Posed
from integrations.asking.errors import UnknownConversation
from integrations.web.answers.conversation_page import Fresh, fresh_page
from integrations.web.errors import ApiError
from integrations.web.forms import form_of
from integrations.web.leaving import while_waited_for
from integrations.web.limits import Admitted
from integrations.web.shell import TheShell
from integrations.web.state import TheAsking
from integrations.wire import AnswerOut, SuggestionOut

router = APIRouter()


@router.post("/ask", include_in_schema=False)
async def ask(request: Request, shell: TheShell, asking: TheAsking, admission: Admitted) -> Response:
    """Leads to the conversation; a visitor whose browser has shown no token yet, and may never keep one, gets the
    answer at once."""
    asker = shell.asker
    fields = await form_of(request)
    question = fields.get("question", "").strip()
    # Nothing is theirs whose browser shows no token.
    conversation = fields.get("conversation") or None if not asker.is_new_visitor else None
    if not question:
        return RedirectResponse(_address(shell.root, conversation), 303)
    posed = Posed(text=question, person=asker.person, audience=asker.audience, surface="web", conversation=conversation)
    try:
        answered = await while_waited_for(request, asking.answer(posed, admission))
    except UnknownConversation:
        raise ApiError(404, "not_found", "There is no such conversation.") from None
    response: Response
    if answered.answer_id is None or asker.is_new_visitor:
        response = fresh_page(shell, _fresh(question, answered))
    else:
        address = _address(shell.root, answered.conversation)
        response = RedirectResponse(f"{address}#answer-{answered.answer_id}", 303)
    asker.remember_on(response)
    return response


@router.get("/ask", include_in_schema=False)
async def back(shell: TheShell) -> Response:
    """For a browser that opens the form's address again, a day later or in another tab."""
    return RedirectResponse(_address(shell.root, None), 303)


def _address(root: str, conversation: str | None) -> str:
    return f"{root}/conversations/{conversation}" if conversation else f"{root}/"


def _fresh(question: str, answered: Answered) -> Fresh:
    following = tuple(SuggestionOut.model_validate(one) for one in answered.suggestions)
    answer = AnswerOut.of(answered.answer)
    return Fresh(question, answer, answered.answer_id, answered.conversation, following)
