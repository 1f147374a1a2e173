"""What a form of a page sends, where no script does it: fields as text, nothing else."""

from urllib.parse import parse_qsl

from fastapi import Request

from integrations.web.errors import ApiError

_TYPE = "application/x-www-form-urlencoded"
_MOST_FIELDS = 40


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form by name, line ends as they are inside; of several by one name the last. Raises ApiError for
    what is no form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _TYPE:
        raise ApiError(415, "not_a_form", "Send this as a form.")
    try:
        body = (await request.body()).decode("ascii")
        pairs = parse_qsl(body, keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise ApiError(422, "invalid_form", "The form could not be read. Go back and send it again.") from error
    return {name: value.replace("\r\n", "\n") for name, value in pairs}
