"""From a question to an answer that is kept, for every surface that speaks HTTP: the page, its API, the form that works
without a script, and clients of OpenAI's API. Nothing of the web is known here.

``answering`` asks and keeps; ``seeing`` says what a reader may still be shown of what was kept; ``suggesting`` what to
ask next.
"""
