// Streamlit's own words, which it has in English only, shown in Chinese. What people typed is left alone.
(() => {
  const { words, patterns } = __WORDS__;
  const rules = patterns.map(([form, chinese]) => [new RegExp(form), chinese]);
  const attributes = ["aria-label", "placeholder", "title", "alt"];
  const typed = "[data-testid=stMarkdown],[data-testid=stText],[data-testid=stHtml],[data-testid=stDataFrame] canvas," +
    "[data-testid=stTimeInput],textarea,script,style,[contenteditable]:not([role=spinbutton])";
  const hint = "[data-testid^=stTooltip],[role=tooltip]";

  const chinese = (text) => {
    const english = text.trim();
    if (!english || english.length > 200) return null;
    if (Object.hasOwn(words, english)) return text.replace(english, () => words[english]);
    const rule = rules.find(([form]) => form.test(english));
    return rule ? text.replace(english, () => english.replace(rule[0], rule[1])) : null;
  };
  const isTyped = (element) => element && element.closest(typed) && !element.closest(hint);
  const turnText = (node) => {
    if (isTyped(node.parentElement)) return;
    const found = chinese(node.nodeValue);
    if (found !== null && found !== node.nodeValue) node.nodeValue = found;
  };
  const turnAttributes = (element) => {
    for (const name of attributes) {
      const value = element.getAttribute(name);
      const found = value && chinese(value);
      if (found && found !== value) element.setAttribute(name, found);
    }
  };
  const turn = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return turnText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    turnAttributes(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.nodeType === Node.TEXT_NODE) turnText(node); else turnAttributes(node);
    }
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(turn);
      else if (change.type === "characterData") turnText(change.target);
      else turnAttributes(change.target);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: attributes,
  });
})();
