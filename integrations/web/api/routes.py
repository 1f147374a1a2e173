"""Every address below ``/api/v1``, and which of them are also there under their name of before there were versions."""

from fastapi import APIRouter

from integrations.web.api import answers, asking, briefings, conversations, documents, me, topics, translations

router = APIRouter()
for _part in (asking, me, conversations, answers, briefings, translations, documents, topics):
    router.include_router(_part.router)

unversioned = APIRouter()
for _part in (asking, documents, topics):
    unversioned.include_router(_part.router)
