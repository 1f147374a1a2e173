"""What an answer costs: milliseconds until something was found, the first sentence and the end, and tokens."""

from evals.metrics.view import Parts, View

MOMENTS = ("found", "first_sentence", "total")


def cost(view: View) -> Parts:
    record = view.record
    parts: Parts = {
        f"ms_{name}": (float(record.timings_ms[name]), 1.0) for name in MOMENTS if name in record.timings_ms
    }
    for name, key in (("tokens_in", "input"), ("tokens_out", "output")):
        if key in record.tokens:
            parts[name] = (float(record.tokens[key]), 1.0)
    return parts
