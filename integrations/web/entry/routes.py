"""All addresses of this package."""

from fastapi import APIRouter

from integrations.web.entry import invitations, oidc, privacy, sign_in

router = APIRouter(include_in_schema=False)
for part in (sign_in, oidc, invitations, privacy):
    router.include_router(part.router)
