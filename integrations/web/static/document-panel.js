// The document behind a citation: beside the answer where there is room, as a sheet over it where there is not.

import { cover, uncover } from "./address.js";
import { apiAddress, fetchDocument, pathOf } from "./desk.js";
import { renderText } from "./document-text.js";
import { button, element } from "./dom.js";
import { originalLink, placeAddress, publicationFacts, publisherAndDate } from "./publication.js";
import { translationOf } from "./translation.js";
import { desk, language, word } from "./words.js";

const find = (id) => document.getElementById(id);
const roomBeside = matchMedia("(min-width: 62em)");

export class DocumentPanel {
  #dialog = find("document-panel");
  #title = find("panel-title");
  #number = find("panel-number");
  #facts = find("panel-facts");
  #body = find("panel-body");
  #documents = new Map(); // id and version to the promise of the document, so that it is fetched once
  #opener = null;
  #citation = null;

  constructor() {
    find("panel-close").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#closed());
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog && this.#dialog.matches(":modal")) this.#dialog.close(); // beside the sheet
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#dialog.open && !event.defaultPrevented) this.#dialog.close();
    });
    roomBeside.addEventListener("change", () => this.#dialog.open && this.#place());
  }

  /** Shows the cited document at the quoted words; on closing, focus goes back to `opener`. */
  async open(citation, opener, answerId = null) {
    this.#opener?.removeAttribute("aria-current");
    this.#opener = opener;
    this.#citation = citation;
    opener.setAttribute("aria-current", "true");
    this.#showHead(citation);
    this.#body.replaceChildren(element("p", { class: "status", lang: language }, word("panel.opening")));
    this.#place();
    this.#title.focus();
    try {
      const stored = await this.#document(citation.document_id, citation.version);
      if (this.#citation === citation) this.#showDocument(stored, citation, answerId);
    } catch (error) {
      if (this.#citation === citation) this.#showFailure(error, citation);
    }
  }

  /** Beside the answer the panel leaves the page usable; as a sheet it is modal, so that nothing hides behind it. */
  #place() {
    const isModal = this.#dialog.matches(":modal");
    if (this.#dialog.open && isModal !== roomBeside.matches) return;
    this.#dialog.close();
    if (roomBeside.matches) this.#dialog.show();
    else {
      this.#dialog.showModal();
      cover(() => this.#dialog.close());
    }
    document.body.classList.toggle("beside", roomBeside.matches);
  }

  #closed() {
    if (this.#dialog.open) return; // only changed from sheet to panel or back
    document.body.classList.remove("beside");
    this.#citation = null;
    this.#opener.removeAttribute("aria-current");
    (this.#opener.isConnected ? this.#opener : find("question")).focus();
    uncover();
  }

  #document(id, version) {
    const key = `${version} ${id}`;
    if (!this.#documents.has(key)) {
      const promise = fetchDocument(id, version);
      promise.catch(() => this.#documents.delete(key));
      this.#documents.set(key, promise);
    }
    return this.#documents.get(key);
  }

  #showHead(citation) {
    this.#title.textContent = citation.title;
    this.#number.textContent = word("panel.number", { number: citation.number });
    const place = element("bdi", { id: "panel-place" }, citation.place);
    this.#facts.replaceChildren(
      element("p", {}, publisherAndDate(citation)),
      element("p", { class: "facts" }, place),
      links(originalLink(citation.url), inLibrary(citation)),
    );
  }

  #showDocument(stored, citation, answerId) {
    const { content, marks } = renderText(stored, citation);
    const [mark] = marks;
    const version = word("panel.version", { number: stored.version });
    if (stored.title !== citation.title) {
      const told = word("panel.told_in", { title: stored.title });
      find("panel-place").textContent = [told, citation.place, version].filter(Boolean).join(" · ");
    } else find("panel-place").textContent = [citation.place, version].filter(Boolean).join(" · ");
    const go = mark ? button(word("panel.go"), () => goTo(mark), { class: "plain" }) : null;
    this.#facts.replaceChildren(
      ...[...this.#facts.children].slice(0, 2),
      links(originalLink(citation.url), inLibrary(citation), download(stored), go),
      ...newerNotice(stored),
      translationOf(citation, stored.language, answerId) ?? "",
    );
    this.#body.lang = stored.language ?? "";
    this.#body.replaceChildren(
      ...(mark ? [] : [quoteAlone(word("panel.gone"), citation)]),
      content,
      ...referenceList(stored.references),
    );
    if (mark) mark.scrollIntoView({ block: "center" });
    else this.#body.scrollTop = 0;
  }

  #showFailure(error, citation) {
    this.#body.lang = language;
    this.#body.replaceChildren(quoteAlone(`${error.message} ${word("panel.failed")}`, citation));
  }
}

function links(...children) {
  return element("p", { class: "links" }, ...children);
}

function inLibrary(citation) {
  return element("a", { href: placeAddress(citation), target: "_blank" }, word("panel.library"));
}

function download(stored) {
  // A brief leads to the publications it rests on; its own file tells a reader nothing more.
  if (!stored.has_original || stored.references?.length) return null;
  const address = apiAddress(`originals/${pathOf(stored.id)}?version=${stored.version}`);
  return element("a", { href: address, download: true }, word("panel.download"));
}

function newerNotice(stored) {
  if (!stored.newer) return [];
  const link = element("a", { href: `${desk.root}/library/${pathOf(stored.id)}`, target: "_blank" }, word("panel.newer_link"));
  const said = word("panel.newer", { number: stored.version });
  return [element("p", { class: "notice", "data-kind": "superseded" }, `${said} `, link)];
}

function goTo(mark) {
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
}

function quoteAlone(explanation, citation) {
  return element(
    "div",
    { class: "notice", "data-kind": "warn", lang: language },
    element("p", {}, explanation),
    element("blockquote", { dir: "auto", lang: "" }, citation.quote),
  );
}

function referenceList(references) {
  if (!references?.length) return [];
  const items = references.map((reference) =>
    element("li", {}, element("bdi", { lang: "" }, reference.title), publicationFacts(reference)),
  );
  return [
    element("h3", { lang: language }, word("panel.references")),
    element("ul", { class: "references", lang: language }, ...items),
  ];
}
