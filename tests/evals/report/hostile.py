"""A run whose questions, answers, documents and provenance all try to break out of the page."""

from pathlib import Path

from evals.questions import PackTurn, Question
from evals.records import AnswerRecord, NoticeRecord, PassageRecord, SentenceRecord
from tests.evals.report.runs import citation, write_run

HOSTILE = (
    '</script></style></title><img src=x onerror="window.hit = 1"><script>window.hit = 2</script>\'"&amp;$body${x}'
    "<svg onload=window.hit=3>\x00\x07\x1b\u202ereversed]]>-->"
)
ADDRESSES = (
    "javascript:window.hit=4",
    "JaVaScRiPt:window.hit=5",
    "data:text/html,<script>window.hit=6</script>",
    "//example.org/no-scheme",
    "http://[",
    "https://example.org/fine?a=1&b=%22'><b>",
)


def hostile_run(directory: Path) -> Path:
    questions, answers = [], []
    for number, address in enumerate(ADDRESSES):
        question = Question(
            id=f"h{number} {HOSTILE}",
            pack=HOSTILE,
            lang=f"en{HOSTILE}",
            question=f"Question {number} {HOSTILE}",
            history=(PackTurn(role="user", text=HOSTILE),),
            answers=(HOSTILE,),
            gold_doc_ids=(HOSTILE,),
            evidence=(f"evidence {HOSTILE}",),
            topic=f"topic {number} {HOSTILE}",
            kind=f"kind{HOSTILE}",
            forbidden=(f"forbidden{HOSTILE}",),
        )
        cited = citation(HOSTILE, f"quote {HOSTILE}", url=address, title=f"Title {HOSTILE}", publisher=HOSTILE)
        cited = cited.model_copy(update={"verified": number % 2 == 0, "locator": HOSTILE, "published": HOSTILE})
        text = HOSTILE if number == 1 else f"a {HOSTILE} quote {HOSTILE}"
        passage = PassageRecord(
            passage_id=cited.passage_id, document_id=HOSTILE, score=0.5, audience="public", text=text
        )
        questions.append(question)
        answers.append(
            AnswerRecord(
                question_id=question.id,
                outcome="FAILED" if number == 3 else "ANSWERED",
                answer=HOSTILE,
                language=HOSTILE,
                sentences=(SentenceRecord(text=HOSTILE, citations=(cited,)),) if number != 3 else (),
                passages=(passage,),
                notices=(NoticeRecord(kind=HOSTILE, text=HOSTILE),),
                failure=HOSTILE if number == 3 else None,
            )
        )
    return write_run(directory, questions, answers, told={"model": HOSTILE, "settings": {HOSTILE: HOSTILE}})
