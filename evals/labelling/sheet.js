"use strict";

const { sheet, items } = JSON.parse(document.getElementById("data").textContent);
const place = `labels ${sheet}`;
const UNSURE = ["unsure", "Cannot tell"];
const QUESTIONS = {
  support: ["Do the sources support the marked sentence?", [["supported", "Supported"], ["partly", "Partly"], ["not", "Not supported"], UNSURE]],
  answers: ["Does the whole answer answer the question?", [["yes", "Yes"], ["partly", "Partly"], ["no", "No"], UNSURE]],
  refusal: ["Was it right not to answer?", [["right", "Right"], ["wrong", "Wrong: what was found answers the question"], UNSURE]],
};
const by = (id) => document.getElementById(id);
const known = new Set(items.map((item) => item.id));
const asked = (item) => (item.sentence === null ? ["refusal"] : ["support", "answers"]);

// What a closed tab must not lose: initials, labels by item, and where the rater was.
let kept = { initials: "", at: 0, labels: {} };
let unsaved = false;
let remembers = true;

function remember() {
  unsaved = true;
  try {
    localStorage.setItem(place, JSON.stringify(kept));
  } catch {
    if (remembers) tell("This browser keeps nothing for this page. Save the labels as a file before you close it.");
    remembers = false;
  }
}

function recall() {
  try {
    const held = JSON.parse(localStorage.getItem(place));
    if (!held || typeof held !== "object") return;
    kept.initials = String(held.initials ?? "");
    kept.at = Number.isInteger(held.at) && items[held.at] ? held.at : 0;
    for (const [id, label] of Object.entries(held.labels ?? {})) accept(id, label);
  } catch {
    remembers = false;
  }
}

function accept(id, label) {
  const item = items.find((each) => each.id === id);
  if (!item || !label || typeof label !== "object") return false;
  const taken = { note: String(label.note ?? "").slice(0, 4000), at: String(label.at ?? "") };
  for (const name of asked(item)) {
    if (QUESTIONS[name][1].some(([value]) => value === label[name])) taken[name] = label[name];
  }
  kept.labels[id] = taken;
  return true;
}

const isDone = (item) => asked(item).every((name) => kept.labels[item.id]?.[name]);

function made(tag, attributes, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

// Whatever comes from documents and models is set as text, in the direction of its own letters.
const text = (tag, words, ...classes) => made(tag, { class: ["text", ...classes].join(" "), dir: "auto" }, words);

function tell(words) {
  by("message").textContent = words;
  by("message").hidden = !words;
}

function show(index, moves = true) {
  kept.at = Math.min(Math.max(index, 0), items.length - 1);
  const item = items[kept.at];
  const parts = [];
  if (item.history.length) {
    parts.push(made("h2", {}, "Earlier in the conversation"), ...item.history.map((turn) => text("p", turn, "earlier")));
  }
  const question = text("p", item.question, "question");
  question.lang = item.language;
  parts.push(made("h2", {}, "Question"), question);
  parts.push(made("h2", {}, item.sentence === null ? "What the desk said" : "Answer"), answer(item));
  const found = item.sentence === null ? "What the desk had found" : "Sources of the marked sentence";
  parts.push(made("h2", {}, found));
  parts.push(...item.sources.map((source) => card(source)));
  if (!item.sources.length) parts.push(made("p", { class: "text" }, item.sentence === null ? "Nothing that was kept." : "None."));
  parts.push(...asked(item).map((name) => choices(item, name)));
  const note = made("textarea", { id: "note", dir: "auto", maxlength: "4000" });
  note.value = kept.labels[item.id]?.note ?? "";
  note.addEventListener("input", () => put(item, "note", note.value));
  parts.push(made("h2", {}, made("label", { for: "note" }, "Note (if you like)")), note);
  by("item").replaceChildren(...parts);
  by("back").disabled = kept.at === 0;
  by("next").disabled = kept.at === items.length - 1;
  count();
  if (moves) {
    by("item").focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

function answer(item) {
  const whole = made("p", { class: "text", dir: "auto" });
  item.answer.forEach((sentence, number) => {
    const piece = made("span", number === item.sentence ? { class: "asked-about" } : {}, sentence);
    whole.append(number ? " " : "", piece);
  });
  return whole;
}

function card(source) {
  const about = [source.title, source.published, source.locator].filter(Boolean).join(" · ");
  const box = made("div", { class: "source" });
  if (about) box.append(text("p", about, "about"));
  const begin = source.quote ? source.passage.indexOf(source.quote) : -1;
  if (begin >= 0) {
    const whole = made("p", { class: "text", dir: "auto" });
    whole.append(
      source.passage.slice(0, begin),
      made("mark", {}, source.quote),
      source.passage.slice(begin + source.quote.length),
    );
    box.append(whole);
    return box;
  }
  if (source.quote) box.append(made("p", { class: "text", dir: "auto" }, made("mark", {}, source.quote)));
  if (source.passage) box.append(text("p", source.passage));
  return box;
}

function choices(item, name) {
  const [title, values] = QUESTIONS[name];
  const field = made("fieldset", { id: name }, made("legend", {}, title));
  values.forEach(([value, words], number) => {
    const input = made("input", { type: "radio", name, value });
    input.checked = kept.labels[item.id]?.[name] === value;
    input.addEventListener("change", () => put(item, name, value));
    field.append(made("label", { class: "choice" }, input, words, made("kbd", { "aria-hidden": "true" }, String(number + 1))));
  });
  return field;
}

function put(item, name, value) {
  kept.labels[item.id] = { ...kept.labels[item.id], [name]: value, at: new Date().toISOString() };
  remember();
  count();
}

function count() {
  const done = items.filter(isDone).length;
  by("progress").textContent = `Item ${kept.at + 1} of ${items.length} · ${done} labelled`;
  by("bar").max = items.length;
  by("bar").value = done;
}

function unlabelled() {
  const order = [...items.keys()].map((step) => (kept.at + 1 + step) % items.length);
  const next = order.find((index) => !isDone(items[index]));
  if (next === undefined) tell("Every item is labelled. Save the labels as a file and send it.");
  else show(next);
}

function save() {
  const initials = by("initials").value.trim();
  if (!initials) {
    tell("Write your initials first: labels are compared by rater.");
    by("initials").focus();
    return;
  }
  const rows = items
    .filter((item) => kept.labels[item.id])
    .map((item) => JSON.stringify({ sheet, item: item.id, rater: initials, ...kept.labels[item.id] }) + "\n");
  if (!rows.length) {
    tell("There is nothing to save yet.");
    return;
  }
  const address = URL.createObjectURL(new Blob(rows, { type: "application/jsonl" }));
  made("a", { href: address, download: `labels-${sheet}-${initials.replace(/[^\p{L}\p{N}]/gu, "")}.jsonl` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  unsaved = false;
  const open = items.filter((item) => !isDone(item)).length;
  tell(open ? `Saved. ${open} items are not labelled yet.` : "Saved. Thank you: send the file to whoever gave you this sheet.");
}

async function goOn(file) {
  const taken = [];
  let number = 0;
  for (const line of (await file.text()).split("\n")) {
    number += 1;
    if (!line.trim()) continue;
    let row;
    try {
      row = JSON.parse(line);
    } catch {
      tell(`Line ${number} of ${file.name} is not a label. Nothing was taken over.`);
      return;
    }
    if (row?.sheet !== sheet || !known.has(row.item)) {
      tell(`Line ${number} of ${file.name} belongs to another sheet. Nothing was taken over.`);
      return;
    }
    taken.push(row);
  }
  // What was labelled later holds.
  const newer = taken.filter((row) => String(row.at ?? "") >= (kept.labels[row.item]?.at ?? ""));
  newer.forEach((row) => accept(row.item, row));
  if (taken.length && !by("initials").value.trim()) {
    kept.initials = String(taken[0].rater ?? "").slice(0, 20);
    by("initials").value = kept.initials;
  }
  remember();
  show(kept.at, false);
  tell(`${newer.length} of ${taken.length} labels were taken over from ${file.name}; the others were older than yours.`);
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.matches("textarea, #initials")) {
    if (event.key === "Escape" || (event.key === "Enter" && event.target.id === "initials")) by("item").focus();
    return;
  }
  const item = items[kept.at];
  if (/^[1-4]$/.test(event.key)) {
    const focused = event.target.closest("fieldset")?.id;
    const name = focused ?? asked(item).find((each) => !kept.labels[item.id]?.[each]) ?? asked(item)[0];
    const input = by(name)?.querySelectorAll("input")[Number(event.key) - 1];
    if (!input) return;
    input.checked = true;
    put(item, name, input.value);
  } else if (event.key === "n") show(kept.at + 1);
  else if (event.key === "p") show(kept.at - 1);
  else if (event.key === "u") unlabelled();
  else return;
  event.preventDefault();
}

recall();
by("initials").value = kept.initials;
by("initials").addEventListener("input", () => {
  kept.initials = by("initials").value;
  remember();
});
by("guide").open = !Object.keys(kept.labels).length;
by("back").addEventListener("click", () => show(kept.at - 1));
by("next").addEventListener("click", () => show(kept.at + 1));
by("unlabelled").addEventListener("click", unlabelled);
by("save").addEventListener("click", save);
by("open").addEventListener("change", async () => {
  const [file] = by("open").files;
  if (file) await goOn(file);
  by("open").value = "";
});
document.addEventListener("keydown", press);
addEventListener("beforeunload", (event) => {
  if (unsaved && !remembers) event.preventDefault();
});
show(kept.at, false);
