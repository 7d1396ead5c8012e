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

document.querySelectorAll("[data-keep]").forEach(keepDraft);
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
