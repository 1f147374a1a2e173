// The document behind a citation: beside the answer where there is room, over the whole page where there is not.

import { fetchDocument, pathOf } from "./desk.js";
import { renderText } from "./document-text.js";
import { button, element } from "./dom.js";
import { originalLink, publisherAndDate } from "./publication.js";

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
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#dialog.open && !event.defaultPrevented) this.#dialog.close();
    });
    roomBeside.addEventListener("change", () => this.#dialog.open && this.#place());
  }

  /** Shows the cited document at the quoted words; on closing, focus goes back to `opener`. */
  async open(citation, opener) {
    this.#opener?.removeAttribute("aria-current");
    this.#opener = opener;
    this.#citation = citation;
    opener.setAttribute("aria-current", "true");
    this.#showHead(citation);
    this.#body.replaceChildren(element("p", { class: "status" }, "Opening the document…"));
    this.#place();
    this.#title.focus();
    try {
      const stored = await this.#document(citation.document_id, citation.version);
      if (this.#citation === citation) this.#showDocument(stored, citation);
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
    else this.#dialog.showModal();
    document.body.classList.toggle("beside", roomBeside.matches);
  }

  #closed() {
    if (this.#dialog.open) return; // only changed from sheet to panel or back
    document.body.classList.remove("beside");
    this.#citation = null;
    this.#opener.removeAttribute("aria-current");
    (this.#opener.isConnected ? this.#opener : find("question")).focus();
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
    this.#number.textContent = `Source ${citation.number}`;
    const link = originalLink(citation.url);
    this.#facts.replaceChildren(
      element("p", {}, publisherAndDate(citation), link ? " · " : null, link),
      element("p", { class: "facts" }, element("span", { id: "panel-place", dir: "auto" }, citation.locator)),
    );
  }

  #showDocument(stored, citation) {
    const { content, marks } = renderText(stored, citation);
    const [mark] = marks;
    if (stored.title !== citation.title) {
      find("panel-place").textContent = `As told in: ${[stored.title, citation.locator].filter(Boolean).join(", ")}`;
    }
    this.#facts.append(...versionFacts(stored));
    if (mark) this.#facts.append(button("Go to the quoted words", () => goTo(mark), { class: "plain" }));
    this.#body.lang = stored.language ?? "";
    this.#body.replaceChildren(
      ...(mark ? [] : [quoteAlone("The quoted words are no longer in this document. They were:", citation)]),
      content,
      ...referenceList(stored.references),
    );
    if (mark) mark.scrollIntoView({ block: "center" });
    else this.#body.scrollTop = 0;
  }

  #showFailure(error, citation) {
    this.#body.lang = "en";
    const reason = `The document cannot be shown. ${error.message}`;
    this.#body.replaceChildren(quoteAlone(`${reason} These are the quoted words:`, citation));
  }
}

/** What there is besides the text: a newer version, and the file it was read from. */
function versionFacts(stored) {
  const facts = [];
  if (stored.newer) {
    const dated = stored.newer.published ? ` (${stored.newer.published})` : "";
    const link = element("a", { href: `library/${pathOf(stored.id)}`, target: "_blank" }, "the version in force today");
    facts.push(element("p", { class: "notice" }, `This is version ${stored.version}. Read `, link, `${dated}.`));
  }
  // A brief leads to the publications it rests on; its own file tells a reader nothing more.
  if (stored.has_original && !stored.references?.length) {
    const address = `api/originals/${pathOf(stored.id)}?version=${stored.version}`;
    facts.push(element("p", {}, element("a", { href: address, download: true }, "Download the original file")));
  }
  return facts;
}

function goTo(mark) {
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
}

function quoteAlone(explanation, citation) {
  return element(
    "div",
    { class: "notice", lang: "en" },
    element("p", {}, explanation),
    element("blockquote", { dir: "auto", lang: "" }, citation.quote),
  );
}

function referenceList(references) {
  if (!references?.length) return [];
  const items = references.map((reference) =>
    element(
      "li",
      {},
      element("span", { dir: "auto" }, reference.title),
      element("p", {}, publisherAndDate(reference), ...linkAfterDot(reference.url)),
    ),
  );
  return [
    element("h3", { lang: "en" }, "Publications this document rests on"),
    element("ul", { class: "references", lang: "en" }, ...items),
  ];
}

function linkAfterDot(address) {
  const link = originalLink(address);
  return link ? [" · ", link] : [];
}
