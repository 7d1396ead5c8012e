// The next page of a list is read from its beginning: its buttons stand at the end of the one before.
document.addEventListener("click", (event) => {
  if (event.target.closest?.('[class*="st-key-qy_turn_"] button')) {
    document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
  }
});
