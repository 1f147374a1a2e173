"""While the desk is closed it answers nobody on Slack, and says why wherever it is asked."""

from integrations.accounts.store import open_accounts
from tests.integrations.slack.conftest import PUBLIC_ANSWER, PUBLIC_QUESTION
from tests.integrations.slack.office import Office
from tests.integrations.slack.test_private import command
from tests.integrations.slack.workspace import ANA, ANAS_DM, BEN, words_of

REASON = "Figures are being corrected, <!channel> [see](https://example.org) at noon."


async def test_a_closed_desk_says_why_in_threads_and_to_commands_and_answers_again(office: Office) -> None:
    accounts = open_accounts(office.conversations.engine)
    accounts.close_desk(REASON, "terminal")
    asked = await office.says(ANA, ANAS_DM, PUBLIC_QUESTION)
    told = (await office.answer_to(asked)).read
    assert "takes no questions for now" in told and "Figures are being corrected" in told
    assert PUBLIC_ANSWER not in told
    _, answers = await command(office, BEN, "Da li je prelaz Tabanovce otvoren cele noći, molim vas lepo?")
    assert "Pitanja se trenutno ne primaju" in answers[0]["text"]
    for words in (told, answers[0]["text"], words_of(answers[0].get("blocks") or [])):
        assert "<!" not in words and "](" not in words, "an operator's words reach nobody as a mention or a link"
    assert office.conversations.holdings().questions == 0

    accounts.open_desk("terminal")
    asked = await office.says(ANA, ANAS_DM, PUBLIC_QUESTION)
    assert PUBLIC_ANSWER in (await office.answer_to(asked)).read
