"""Do the citations hold? The right documents, every sentence, and quotes letter for letter."""

from evals.metrics.matching import on_one_line
from evals.metrics.view import Parts, View
from evals.records import CitationRecord


def citations(view: View) -> Parts:
    """Precision and recall count documents against the gold ones, for answers given to questions that have some. Every
    sentence of an answer should be cited. Every quote is either found in the document it names, misattributed (it
    stands in another passage of the record) or not found."""
    return {**_documents(view), **_sentences(view), **_quotes(view)}


def _documents(view: View) -> Parts:
    question, groups = view.question, view.question.documents_wanted
    if question.expected != "answer" or view.silent or not groups:
        return {}
    right = {document for group in groups for document in group} | set(question.acceptable_doc_ids)
    cited = view.cited
    apt = sum(document in right for document in cited)
    served = sum(any(document in cited for document in group) for group in groups)
    return {
        "citation_precision": (apt / len(cited) if cited else 0.0, 1.0),
        "citation_recall": (served / len(groups), 1.0),
        "uncited_answers": (float(not cited), 1.0),
    }


def _sentences(view: View) -> Parts:
    sentences = view.record.sentences
    if view.silent or view.record.clarified or not sentences:
        return {}
    return {"cited_sentences": (float(sum(bool(sentence.citations) for sentence in sentences)), float(len(sentences)))}


def _quotes(view: View) -> Parts:
    if not view.quotes:
        return {}
    found = misattributed = 0
    for citation in view.quotes:
        if citation.verified or _stands_in(view, citation, its_own=True):
            found += 1
        elif _stands_in(view, citation, its_own=False):
            misattributed += 1
    count = float(len(view.quotes))
    return {
        "quotes_found": (float(found), count),
        "quotes_misattributed": (float(misattributed), count),
        "quotes_not_found": (count - found - misattributed, count),
    }


def _stands_in(view: View, citation: CitationRecord, *, its_own: bool) -> bool:
    """Whether the quote stands in a passage of its own document, or of another, but for white space."""
    quote = on_one_line(citation.quote)
    return bool(quote) and any(
        quote in on_one_line(passage.text)
        for passage in view.record.passages
        if passage.text and (passage.document_id == citation.document_id) is its_own
    )
