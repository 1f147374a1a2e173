"""No faster than questions may be asked: for what is no question and yet costs the desk work or room."""

from fastapi import Request

from integrations.web.allowances import Allowances
from integrations.web.errors import ApiError
from integrations.web.identity import TheAsker
from integrations.web.limits import spender_of


async def paced(request: Request, asker: TheAsker) -> None:
    """Takes one of the questions that the asker has this minute. Raises ApiError ``too_fast`` (429)."""
    allowances: Allowances = request.app.state.allowances
    if wait := allowances.take_question(spender_of(request, asker)):
        text = f"That was much in a short time. Please try again in {wait} seconds."
        raise ApiError(429, "too_fast", text, retry=wait)
