"""The forms by which operators decide about a document. Pure."""

from collections.abc import Callable, Mapping, Sequence

from integrations.web.admin.parts import (
    actions,
    button,
    choice,
    cluster,
    entry,
    facts,
    field,
    folded,
    form,
    hidden,
    link,
)
from integrations.web.markup import Markup
from knowledge.audiences import PARTNER, PUBLIC, STAFF
from knowledge.versions import VersionInfo

LONGEST_REASON = 500


def audiences(delegations: Sequence[str], also: str = "") -> list[tuple[str, str]]:
    """Those that can be chosen, with what they mean."""
    known = {
        PUBLIC: "public: everybody",
        PARTNER: "partner: all delegations and staff",
        **{one: f"{one}: this delegation alone" for one in delegations},
        STAFF: "staff: our own people",
    }
    return list(({also: also} | known if also and also not in known else known).items())


def forms(
    address: Callable[..., str], latest: VersionInfo, known: Mapping[str, str | None], delegations: Sequence[str]
) -> list[Markup]:
    """Folded away: one form a decision. ``address`` gives that of a page of operators."""
    identifier = hidden("id", latest.id)
    relabelling = form(
        address("/document/relabel"),
        identifier,
        field(
            "audience", "Who may see it", choice("audience", audiences(delegations, latest.audience), latest.audience)
        ),
        actions(button("Set the audience")),
    )
    dating = form(
        address("/document/date"),
        identifier,
        hidden("version", str(latest.version)),
        *(
            field(name, said, entry(name, value=known[name] or "", placeholder="YYYY-MM-DD"), hint)
            for name, said, hint in (
                ("published", "Published", "YYYY, YYYY-MM or YYYY-MM-DD; empty: not known."),
                ("valid_from", "In force from", "Empty: from its date."),
                ("valid_until", "In force until", "The last day. Empty: without end."),
            )
        ),
        actions(button(f"Set the dates of version {latest.version}")),
    )
    superseding = form(
        address("/document/supersede"),
        identifier,
        field("successor", "Id of the document that takes its place", entry("successor", required=True)),
        field("since", "Since", entry("since", placeholder="YYYY-MM-DD"), "Empty: from the day the other is in force."),
        actions(button("Put the other in its place")),
    )
    is_withdrawn = latest.withdrawn_at is not None
    ending = form(
        address("/document/reinstate" if is_withdrawn else "/document/withdraw"),
        identifier,
        field("reason", "Reason", entry("reason", required=True, maxlength=str(LONGEST_REASON))),
        actions(button("Bring it back") if is_withdrawn else button("Withdraw it", "danger")),
    )
    add = link(address("/documents/upload", id=latest.id), "Add a new version", **{"class": "button secondary"})
    return [
        folded("Audience", relabelling),
        folded("Dates", dating),
        folded("Another document takes its place", superseding),
        folded("Bring it back" if is_withdrawn else "Withdraw", ending),
        cluster(add, facts("The version before stays stored, and is not in force any more.")),
    ]
