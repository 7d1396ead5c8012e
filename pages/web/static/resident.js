// What the plain pages can do a little better with a script. Everything works without it.
"use strict";

const HALF_AN_HOUR = 30 * 60 * 1000;

function keepDraft(field) {
  const key = "draft:" + field.dataset.keep;
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) || "null");
    if (kept && Date.now() - kept.at < HALF_AN_HOUR && !field.value.trim()) field.value = kept.text;
    field.addEventListener("input", () =>
      sessionStorage.setItem(key, JSON.stringify({ text: field.value, at: Date.now() })));
  } catch { /* a browser that keeps nothing */ }
}

function forgetDrafts() {
  try {
    Object.keys(sessionStorage).filter((key) => key.startsWith("draft:")).forEach((key) => sessionStorage.removeItem(key));
  } catch { /* a browser that keeps nothing */ }
}

function fillFromAddress(field) {
  const digits = location.hash.slice(1);
  if (!/^\d{30,40}$/.test(digits)) return;
  field.value = digits.replace(/(\d{4})(?=\d)/g, "$1 ");
  history.replaceState(null, "", location.pathname);
}

// What the page would say about the words when they are sent is said while they are typed, 0.8 s after the last key.
function lookWhileTyping(region) {
  const field = document.getElementById("text");
  let waiting, asked = field.value;
  const draw = (told) => {
    const sentences = told.map((one) => one.sentence);
    const shown = [...region.children].map((line) => line.textContent);
    if (sentences.join("\n") === shown.join("\n")) return;
    region.replaceChildren(...sentences.map((sentence) => {
      const line = document.createElement("p");
      line.className = "caution";
      line.textContent = sentence;
      return line;
    }));
  };
  const look = async () => {
    const text = asked = field.value;
    if (!text.trim()) return draw([]);
    const body = new URLSearchParams({ text, unit: region.dataset.look, lang: document.documentElement.lang });
    try {
      const answer = await fetch("/r/look", { method: "POST", body, credentials: "omit", cache: "no-store" });
      if (answer.ok && text === field.value) draw((await answer.json()).told);
    } catch { /* no connection: the page says it when the words are sent */ }
  };
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => field.value !== asked && look(), 800);
  };
  field.addEventListener("input", later);
  document.querySelectorAll("[data-looked]").forEach((line) => { line.hidden = false; });
  if (field.value && !region.children.length) look();
}

// A long list is shortened to what has the word in it. Options are taken out, for some phones show hidden ones too.
function findInList(box) {
  const list = document.getElementById(box.dataset.find), field = box.querySelector("input");
  const told = box.querySelector("[role=status]"), whole = [...list.children];
  const has = (option, word) => `${option.text} ${option.dataset.words || ""}`.toLowerCase().includes(word);
  const shorten = () => {
    const word = field.value.trim().toLowerCase(), chosen = list.value;
    let found = 0;
    list.replaceChildren(...whole.flatMap((part) => {
      if (part.tagName === "OPTION" || !word) return [part.cloneNode(true)];
      const fitting = [...part.children].filter((option) => has(option, word) || option.value === chosen);
      found += fitting.filter((option) => has(option, word)).length;
      const group = part.cloneNode(false);
      group.append(...fitting.map((option) => option.cloneNode(true)));
      return fitting.length ? [group] : [];
    }));
    list.value = chosen;
    told.textContent = !word ? "" : found ? box.dataset.found.replace("{n}", found) : box.dataset.none;
    return found;
  };
  field.addEventListener("input", shorten);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault(); // the words are not to be sent by it
    const word = field.value.trim().toLowerCase();
    if (shorten() === 1 && word) list.value = [...list.options].find((option) => option.value && has(option, word)).value;
    list.focus();
  });
  box.hidden = false;
}

document.querySelectorAll("[data-keep]").forEach(keepDraft);
document.querySelectorAll("[data-find]").forEach(findInList);
document.querySelectorAll("[data-look]").forEach(lookWhileTyping);
if (document.querySelector("[data-sent]")) forgetDrafts();
document.querySelectorAll("[data-code]").forEach(fillFromAddress);
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  });
});
// On a shared phone nobody gets back to the receipt with the Back key once its owner has moved on.
document.querySelectorAll("[data-leave]").forEach((form) =>
  form.addEventListener("submit", () => history.replaceState(null, "", form.dataset.leave)));
