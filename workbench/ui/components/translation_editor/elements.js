// Small tools: elements made without markup, so that text from files is always text.

/** Make an element; `text` is set as text, `attributes` as attributes (null and false leave one out). */
function make(tag, className = "", text = null, attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== null) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  return element;
}

/** Fill the {names} of a sentence. */
function fill(sentence, values) {
  return String(sentence ?? "").replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Append text to an element with its inline codes drawn small, as they must not be mistaken for words. */
function appendText(parent, text) {
  let at = 0;
  for (const code of text.matchAll(/⟨\/?\d{1,4}\/?⟩/g)) {
    if (code.index > at) parent.append(text.slice(at, code.index));
    parent.append(make("span", "code", code[0]));
    at = code.index + code[0].length;
  }
  if (at < text.length) parent.append(text.slice(at));
  return parent;
}

/** Append [operation, text] pieces: "=" as it stands, "-" struck out, "+" added. */
function appendPieces(parent, pieces, words) {
  for (const [operation, text] of pieces) {
    if (operation === "=") {
      appendText(parent, text);
    } else {
      const piece = make(operation === "-" ? "del" : "ins");
      piece.append(make("span", "sr", operation === "-" ? ` ${words.removed} ` : ` ${words.added} `));
      parent.append(appendText(piece, text));
      piece.append(make("span", "sr", " "));
    }
  }
  return parent;
}

/** Put text into a field as if it was typed, so that the browser's own undo takes it back. */
function typeInto(field, text, { all = false } = {}) {
  field.focus({ preventScroll: true });
  if (all) field.select();
  const before = field.value;
  const typed = document.execCommand && document.execCommand("insertText", false, text);
  if (!typed || (field.value === before && text !== before)) {
    if (all) field.value = text;
    else field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Insert a word at the caret with the spaces it needs around it. */
function typeWord(field, word) {
  const before = field.value.slice(0, field.selectionStart);
  const after = field.value.slice(field.selectionEnd);
  const left = before && !/[\s(«“"'’¿¡⟩-]$/u.test(before) ? " " : "";
  const right = after && !/^[\s).,;:!?»”"'’⟨-]/u.test(after) ? " " : "";
  typeInto(field, left + word + right);
}

/** Show a number as the interface's language writes it. */
function numeral(value, locale) {
  try {
    return new Intl.NumberFormat(locale).format(value);
  } catch {
    return String(value);
  }
}

/** The browser's own form of the interface's language (en-GB rather than en), for dates. */
function ownLocale(locale) {
  return navigator.languages.find((code) => code.split("-")[0] === locale) ?? locale;
}

/** Show when something happened, in the person's own time zone. */
function moment(iso, locale) {
  const date = new Date(iso);
  if (!iso || Number.isNaN(date.getTime())) return "";
  try {
    return new Intl.DateTimeFormat(ownLocale(locale), { dateStyle: "medium", timeStyle: "short" }).format(date);
  } catch {
    return iso.slice(0, 16);
  }
}
