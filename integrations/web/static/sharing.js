// A link to an answer, for those who may read the same documents.

import { share, unshare } from "./answers.js";
import { copyLink } from "./copying.js";
import { readableDate } from "./dates.js";
import { button, element, newId } from "./dom.js";
import { word } from "./words.js";

/** Makes the link, copies it and shows it in `space`; `tell(text)` says what came of it. Throws DeskError. */
export async function shareAnswer(answerId, space, tell) {
  const { url, expires } = await share(answerId);
  await copyLink(url);
  const id = newId("share");
  const field = element("input", { id, type: "text", readonly: true, value: url, dir: "ltr" });
  field.addEventListener("focus", () => field.select());
  const withdraw = button(
    word("tools.unshare"),
    async () => {
      await tell(async () => {
        await unshare(answerId);
        space.replaceChildren();
        return word("tools.unshared");
      });
    },
    { class: "plain" },
  );
  const said = element("p", {}, word("tools.shared", { date: readableDate(expires) }));
  space.replaceChildren(said, element("label", { for: id, class: "unseen" }, word("tools.share_link")), field, withdraw);
  return said.textContent;
}
