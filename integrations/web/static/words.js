// The page's own words, in the reader's language, from the page itself.

const messages = read("messages");
/** {root, translates, dates}: what the server told of itself. */
export const desk = read("desk");
export const language = document.documentElement.lang;
const isRightToLeft = document.documentElement.dir === "rtl";
const plurals = new Intl.PluralRules(language);

/** The words of `section.name`, with the values in their places. */
export function word(key, values = {}) {
  return filled(template(key), values);
}

/** The words that go with a number: `[one] {count} source. [other] {count} sources.` holds one form a category. */
export function counted(key, count) {
  const parts = template(key).split(/\[(zero|one|two|few|many|other)\]/);
  const forms = new Map();
  for (let at = 1; at < parts.length; at += 2) forms.set(parts[at], parts[at + 1].trim());
  return filled(forms.get(plurals.select(count)) ?? forms.get("other"), { count });
}

function template(key) {
  const [section, name] = key.split(".");
  return messages[section][name];
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => isolated(String(values[name] ?? "")));
}

/** Apart from what runs from the right, where a Latin title would turn the words around it. */
function isolated(text) {
  return isRightToLeft ? `\u2068${text}\u2069` : text;
}

function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}
