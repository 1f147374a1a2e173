// The quoted words in the reader's language, on demand and marked as a machine's.

import { announce } from "./announcer.js";
import { translateQuote } from "./answers.js";
import { DeskError } from "./desk.js";
import { button, element } from "./dom.js";
import { desk, language, word } from "./words.js";

/** The button, and what it brings; null where there is nothing to translate or nobody to do it. */
export function translationOf(citation, documentLanguage, answerId) {
  const isForeign = documentLanguage && scriptless(documentLanguage) !== scriptless(language);
  if (!isForeign || !desk.translates || !answerId) return null;
  const space = element("div", { class: "translation" });
  const ask = async (opener) => {
    opener.disabled = true;
    opener.textContent = word("panel.translating");
    try {
      const { text, model } = await translateQuote(answerId, citation, language);
      const said = element("p", { lang: language, dir: "auto" }, text);
      space.replaceChildren(said, element("p", { class: "facts" }, word("panel.translation", { model })));
      announce(word("panel.translation", { model }), text);
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      const why = error.code === "no_model" ? word("panel.no_model") : error.message;
      space.replaceChildren(element("p", { class: "notice", "data-kind": "warn" }, why));
      announce(why);
    }
  };
  space.append(button(word("panel.translate"), ask, { class: "secondary small" }));
  return space;
}

function scriptless(tag) {
  return tag.toLowerCase().split("-")[0];
}
