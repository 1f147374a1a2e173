"""An answer as a briefing note to be taken along, in DOCX or PDF: what was asked, what holds, and where each word
stands."""

from assistant.briefing.docx_file import briefing_docx
from assistant.briefing.pdf_file import briefing_pdf

__all__ = ["briefing_docx", "briefing_pdf"]
