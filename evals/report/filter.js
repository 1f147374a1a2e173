"use strict";

// Narrows the list of questions. Without this the list is all there, only longer.
{
  const form = document.querySelector("#filter");
  const list = document.querySelector("#entries");
  if (form && list) {
    const entries = [...list.querySelectorAll(".entry")];
    const count = form.querySelector("output");
    const texts = new Map();
    const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

    const textOf = (entry) => {
      if (!texts.has(entry)) texts.set(entry, plain(entry.textContent));
      return texts.get(entry);
    };

    const fits = (entry, wanted, words) =>
      wanted.every(([name, value]) => (entry.dataset[name] ?? "").split("|").includes(value)) &&
      words.every((word) => textOf(entry).includes(word));

    const narrow = () => {
      const wanted = [...form.querySelectorAll("select")].map((one) => [one.name, one.value]).filter(([, value]) => value);
      const words = plain(form.querySelector("input").value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const entry of entries) {
        entry.hidden = !fits(entry, wanted, words);
        if (!entry.hidden) shown += 1;
      }
      count.textContent = `${shown} of ${entries.length} shown`;
      list.classList.toggle("narrowed", shown < entries.length);
    };

    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(narrow, 100);
    });
    form.addEventListener("reset", () => setTimeout(narrow));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    narrow();
  }
}
