// Copying, for whatever component offers it.

/** The element that has the focus, also inside the page's components. */
function focused() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/** Put text into the clipboard; false where the browser refuses. `host` holds a field for a moment if it must. */
async function copyText(text, host) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea"); // a page without HTTPS has no clipboard of its own
    area.value = text;
    host.append(area);
    const from = focused();
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    from?.focus?.({ preventScroll: true });
    return done;
  }
}

let keeping = 0;

/** Put the row at hand into the page's address, where a reload and the browser's Back find it again. */
function keepRow(number) {
  const open = () => [location.pathname, ...["text", "to"].map((name) => new URLSearchParams(location.search).get(name))].join(" ");
  const here = open();
  clearTimeout(keeping);
  keeping = setTimeout(() => {
    if (open() !== here) return; // another page or text was opened meanwhile
    const address = new URL(location.href);
    for (const other of ["segment", "unit"]) address.searchParams.delete(other);
    address.searchParams.set("row", String(number));
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }, 300);
}

/** The address at which this page opens at a segment. */
function segmentAddress(parameters) {
  const address = new URL(location.pathname, location.href);
  address.search = new URLSearchParams(parameters);
  return address.href;
}
