"""What the parts of the Slack desk share: one object, made once, handed to each of them."""

from dataclasses import dataclass, field

from assistant.conversations.store import Conversations
from assistant.desk import Desk
from integrations.accounts.store import Accounts
from integrations.slack.answering import Answering
from integrations.slack.identity import Identities
from integrations.slack.keeping import Jobs
from integrations.slack.pace import Pace
from integrations.slack.settings import SlackSettings
from integrations.slack.streaming import FLUSH_SECONDS
from integrations.slack.workspaces import Workspaces


@dataclass(frozen=True, slots=True)
class Parts:
    desk: Desk
    conversations: Conversations
    settings: SlackSettings
    workspaces: Workspaces
    identities: Identities
    jobs: Jobs
    answering: Answering
    accounts: Accounts
    pace: Pace = field(default_factory=Pace)
    flush_seconds: float = FLUSH_SECONDS

    @property
    def can_escalate(self) -> bool:
        """Whether there is an experts' channel to hand a question on to."""
        return self.settings.experts_channel is not None
