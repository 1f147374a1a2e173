"""A quote of an answer of one's own, in the reader's language, where the desk has a model."""

from fastapi import APIRouter

from assistant.errors import ModelError, NotTranslatable
from assistant.types import Answer, Citation
from integrations.web.api.answers import Identifier, no_answer, whole
from integrations.web.api.failing import changing
from integrations.web.api.own import TheOwn
from integrations.web.api.shapes import TranslationIn, TranslationOut
from integrations.web.errors import ApiError
from integrations.web.limits import Admitted

_PROMPT_TOKENS = 500
router = APIRouter(tags=["answers"])


@router.post(
    "/answers/{answer_id}/translation", responses=changing(404, 409, 429), summary="Translate a quoted passage"
)
async def translate(answer_id: Identifier, body: TranslationIn, own: TheOwn, admission: Admitted) -> TranslationOut:
    """To be shown beside the original, marked as a machine's."""
    kept = await whole(own, answer_id)
    citation = _citation(kept.answer, body) if kept.answer is not None else None
    if citation is None:
        raise no_answer()
    if own.desk.model_name is None:
        raise ApiError(409, "no_model", "This desk has no language model: quotes stay in their own language.")
    if not admission.use_model:
        raise ApiError(429, "no_model_left", "You have used the language model enough for today. Try again tomorrow.")
    # The model does not say what a translation took: at most a token a character, there and back, with its prompt.
    admission.spend(_PROMPT_TOKENS + 2 * len(citation.quote))
    try:
        translation = await own.desk.translate(citation.quote, body.language)
    except NotTranslatable as error:
        raise ApiError(409, "not_translatable", str(error)) from error
    except ModelError as error:
        raise ApiError(503, "model_unavailable", "The quote cannot be translated at the moment.", retry=30) from error
    return TranslationOut(text=translation.text, model=translation.model)


def _citation(answer: Answer, wanted: TranslationIn) -> Citation | None:
    for sentence in answer.sentences:
        for citation in sentence.citations:
            if (citation.passage_id, citation.start) == (wanted.passage_id, wanted.start):
                return citation
    return None
