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

const CODES_AND_INVISIBLE =
  /⟨\/?\d{1,4}\/?⟩|[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

/**
 * Append text to an element. Its inline codes are drawn small, as they must not be mistaken for words; characters that
 * cannot be seen stand there by their number, and none of them turns or hides what follows.
 */
function appendText(parent, text) {
  let at = 0;
  for (const code of text.matchAll(CODES_AND_INVISIBLE)) {
    if (code.index > at) parent.append(text.slice(at, code.index));
    const invisible = code[0].length === 1;
    const shown = invisible ? `U+${code[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}` : code[0];
    parent.append(make("span", invisible ? "code unseen" : "code", shown));
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
