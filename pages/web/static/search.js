// Some of what a search finds, shown under its field while somebody types. Without it, Enter leads to the same.
// The words travel in the body of a request and are kept nowhere.
"use strict";

(() => {
  const FIELDS = ".st-key-qy_find input, .st-key-qy_search input";
  const list = document.createElement("ul"), told = document.createElement("div");
  let field = null, waiting = 0, asking = null, at = -1;

  list.id = "qy-find-list";
  list.className = "qy-find-list";
  list.setAttribute("role", "listbox");
  told.className = "qy-find-told";
  told.setAttribute("role", "status");
  document.body.append(told);

  const begin = (input) => {
    if (field === input) return;
    close();
    field = input;
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
    })) input.setAttribute(name, value);
    list.setAttribute("aria-label", input.getAttribute("aria-label") || "");
  };

  const options = () => [...list.querySelectorAll("[role=option]")];

  const close = () => {
    clearTimeout(waiting);
    if (asking) asking.abort();
    list.remove();
    told.textContent = "";
    at = -1;
    if (field) {
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }
  };

  const line = (one, n) => {
    const option = document.createElement("li"), link = document.createElement("a"), beside = document.createElement("small");
    option.id = `qy-find-${n}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    link.href = one.to;
    link.tabIndex = -1;
    link.textContent = one.title;
    beside.textContent = [one.kind, one.beside].filter(Boolean).join(" · ");
    link.append(beside);
    option.append(link);
    return option;
  };

  const draw = (answer) => {
    list.replaceChildren(...answer.found.map(line));
    at = -1;
    field.removeAttribute("aria-activedescendant");
    told.textContent = answer.found.length ? answer.count : answer.none;
    if (!answer.found.length) return list.remove(), field.setAttribute("aria-expanded", "false");
    const box = field.getBoundingClientRect(), width = Math.min(Math.max(box.width, 340), innerWidth - 16);
    list.style.width = `${width}px`;
    list.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
    list.style.top = `${box.bottom + 6}px`;
    document.body.append(list);
    field.setAttribute("aria-expanded", "true");
  };

  const look = async () => {
    const words = field.value;
    if (asking) asking.abort();
    if (!words.trim()) return close();
    asking = new AbortController();
    try {
      const answer = await fetch("/search/look", {
        method: "POST", body: new URLSearchParams({ words }), cache: "no-store", signal: asking.signal,
      });
      if (answer.ok && field.value === words && document.activeElement === field) draw(await answer.json());
    } catch { /* no connection, or asked again: Enter leads to the page of results */ }
  };

  const mark = (to) => {
    const all = options();
    if (!all.length) return;
    at = (to + all.length) % all.length;
    all.forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    all[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", all[at].id);
  };

  const keys = {
    ArrowDown: () => mark(at + 1),
    ArrowUp: () => mark(at < 0 ? -1 : at - 1),
    Enter: () => options()[at].querySelector("a").click(),
    Escape: close,
  };

  document.addEventListener("focusin", (event) => event.target.matches?.(FIELDS) && begin(event.target));
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.(FIELDS)) return;
    begin(event.target);
    clearTimeout(waiting);
    if (!event.isComposing) waiting = setTimeout(look, 250);
  });
  document.addEventListener("compositionend", (event) => {
    if (event.target.matches?.(FIELDS)) waiting = setTimeout(look, 250);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.(FIELDS) || event.isComposing || !list.isConnected) return;
    if (!(event.key in keys) || (event.key === "Enter" && at < 0)) return event.key === "Enter" ? close() : undefined;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  }, true);
  document.addEventListener("pointerdown", (event) => {
    if (!list.contains(event.target) && event.target !== field) close();
  });
  document.addEventListener("focusout", (event) => event.target === field && setTimeout(() => {
    if (document.activeElement !== field && !list.matches(":hover")) close();
  }, 150));
  addEventListener("resize", close);
})();
