"""The pages of operators under one address, for operators alone: to everybody else there is nothing there."""

from fastapi import APIRouter, Depends

from integrations.web.admin import (
    auditing,
    closing,
    deciding,
    documents,
    escalations,
    gaps,
    keys,
    opinions,
    overview,
    people,
    texts,
    uploading,
)
from integrations.web.identity import operator_of

router = APIRouter(include_in_schema=False, dependencies=[Depends(operator_of)])
for _part in (
    overview,
    texts,
    gaps,
    opinions,
    escalations,
    uploading,
    documents,
    deciding,
    people,
    keys,
    closing,
    auditing,
):
    router.include_router(_part.router, prefix="/admin")
