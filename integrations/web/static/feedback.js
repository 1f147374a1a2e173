// Whether an answer was helpful, and what was wrong with it.

import { giveFeedback } from "./answers.js";
import { button, element, newId } from "./dom.js";
import { word } from "./words.js";

const REASONS = ["wrong", "missing", "outdated", "citation", "language", "other"];
const LONGEST_COMMENT = 2000; // characters

/** The two buttons. `tell(act)` runs what may fail and says the words it returns; the form for "No" goes into `space`. */
export function feedbackTool(answerId, space, tell) {
  const line = element("p", { class: "feedback" }, element("span", {}, word("feedback.label")));
  const thank = (told) =>
    tell(async () => {
      await giveFeedback(answerId, told);
      line.replaceChildren(word("feedback.thanks"));
      space.replaceChildren();
      return word("feedback.thanks");
    });
  const no = () =>
    tell(async () => {
      await giveFeedback(answerId, { helpful: false });
      const form = reasonForm(thank, space);
      space.replaceChildren(form);
      form.querySelector("input").focus();
      return "";
    });
  line.append(
    button(word("feedback.yes"), () => thank({ helpful: true }), { class: "tool" }),
    button(word("feedback.no"), no, { class: "tool" }),
  );
  return line;
}

/** What stands there where feedback was given before. */
export function feedbackGiven() {
  return element("p", { class: "feedback" }, word("feedback.thanks"));
}

function reasonForm(thank, space) {
  const choices = REASONS.map((reason) =>
    element(
      "label",
      { class: "choice" },
      element("input", { type: "radio", name: "reason", value: reason }),
      ` ${word(`feedback.${reason}`)}`,
    ),
  );
  const id = newId("comment");
  const comment = element("textarea", { id, name: "comment", rows: "2", maxlength: LONGEST_COMMENT, dir: "auto" });
  const form = element(
    "form",
    { class: "form tool-form" },
    element("fieldset", { class: "field" }, element("legend", {}, word("feedback.why")), ...choices),
    element("div", { class: "field" }, element("label", { for: id }, word("feedback.comment")), comment),
    element(
      "div",
      { class: "actions" },
      element("button", { type: "submit" }, word("feedback.send")),
      button(word("feedback.cancel"), () => space.replaceChildren(), { class: "secondary" }),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = new FormData(form).get("reason");
    const told = { helpful: false, ...(reason && { reason }), ...(comment.value.trim() && { comment: comment.value.trim() }) };
    thank(told);
  });
  return form;
}
