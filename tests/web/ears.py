"""What a program can tell of how a page sounds: names that tell apart, tables with names, quiet."""

from collections.abc import Iterator

from playwright.sync_api import Page

HEARD = """() => {
  const words = (one) => (one.getAttribute("aria-label") || one.textContent).replace(/\\s+/g, " ").trim();
  const found = [];
  for (const table of document.querySelectorAll("main table")) {
    const name = table.caption || table.getAttribute("aria-label") || table.getAttribute("aria-labelledby");
    if (!name && !table.closest("[role=region]")) found.push("a table without a name");
    const head = [...document.querySelectorAll("h1, h2, h3, h4")].filter(
      (one) => one.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1);
    if (table.caption && head && words(head) === words(table.caption))
      found.push("a heading that its table says again: " + words(head));
  }
  for (const one of document.querySelectorAll("[aria-labelledby], [aria-describedby]"))
    for (const kind of ["aria-labelledby", "aria-describedby"])
      for (const id of (one.getAttribute(kind) || "").split(" ").filter(Boolean))
        if (!document.getElementById(id)) found.push(kind + " nothing: " + id);
  // A draft that this browser kept, perhaps by another test, is told by scripts as the page opens.
  for (const one of document.querySelectorAll("[role=status]:not([data-draft-found]), [role=alert], [aria-live]"))
    if (one.checkVisibility() && words(one)) found.push("is told unasked: " + words(one));
  const led = new Map();
  for (const one of document.querySelectorAll("main a[href], main button, main summary")) {
    if (!one.checkVisibility() || one.closest("td, th, [aria-hidden]")) continue;
    const to = one.tagName === "A" ? one.href : one.tagName === "BUTTON" ? one.value + one.form?.action : one;
    const name = one.tagName + " " + words(one);
    if (led.has(name) && led.get(name) !== to) found.push("cannot be told apart: " + name);
    led.set(name, to);
  }
  return [...new Set(found)];
}"""


def misheard(page: Page) -> Iterator[str]:
    """Yield what a page as it stands would say twice, without a name, or unasked."""
    yield from map(str, page.evaluate(HEARD))
