// The only way this page makes elements. Text becomes text nodes, whatever it contains.

/** An element with attributes (those that are null or false are left out) and children (nodes, text or null). */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function button(label, onClick, attributes = {}) {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", () => onClick(made));
  return made;
}

/** Does it on a plain click; with a key held, or another mouse button, the link stays a link. */
export function onPlainClick(link, act) {
  link.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    act(link);
  });
}

let made = 0;

/** An id that nothing else on the page has. */
export function newId(name) {
  made += 1;
  return `${name}-${made}`;
}
