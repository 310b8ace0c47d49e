// Keys and switches of the desk, the card of the keys, the card over a term.

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

// What Option and a letter type on some Mac keyboard and translators need: signs, quotes, letters with accents, and the
// dead keys for these. There Control and Option are the shortcut.
const NEEDED = /^(?:Dead|[@~|\\[\]{}§€·…–—¡¿«»‹›„‚“”‘’]|(?![a-zµπω])\p{L})$/iu;

/** Whether a key pressed together with Alt is a shortcut of the desk, not a character that is typed. */
function isShortcut(event) {
  if (!event.altKey || event.shiftKey || event.metaKey) return false;
  if (event.ctrlKey) return MAC; // elsewhere it is AltGr, which types
  return !(MAC && event.target.matches("textarea, input") && NEEDED.test(event.key));
}

Object.assign(Desk.prototype, {
  key(event) {
    event.stopPropagation(); // the app's own one-letter shortcuts must not hear what is typed here
    if (event.isComposing) return;
    const control = event.ctrlKey || event.metaKey;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    const actions = {
      Enter: control && (() => this.confirm()),
      ArrowDown: event.altKey && (() => this.move(1)),
      ArrowUp: event.altKey && (() => this.move(-1)),
      Escape: () => this.escape(),
      F9: () => this.toggleQuiet(),
    };
    const letters = {
      KeyN: () => this.openNext(), KeyR: () => this.toggleReferences(), KeyT: () => this.panel?.nextTerm(),
      KeyX: () => this.leaveOut(), KeyQ: () => this.panel?.firstFix(), KeyZ: () => this.toggleQuiet(),
      KeyC: () => this.panel?.copy.hidden || this.panel?.copy.click(), KeyK: () => this.toggleKeys(), KeyP: () => this.preview.toggle(),
      KeyS: () => this.split(), KeyJ: () => this.join(), KeyU: () => this.undoStep(),
      KeyM: () => this.panel?.notes.toggleComment(), KeyH: () => this.panel?.notes.toggleHistory(),
      KeyL: () => this.copyAddress(),
    };
    let action = actions[event.key];
    if (!action && control && digit) action = () => (event.shiftKey ? this.panel?.insertTerm(digit - 1) : this.panel?.insertSuggestion(digit - 1));
    if (!action && isShortcut(event)) action = letters[event.code];
    if (!action) return;
    event.preventDefault();
    action();
  },

  /** Copy the address at which this page opens at the open segment. */
  async copyAddress() {
    if (!this.panel) return;
    const from = new URLSearchParams(location.search).get("from");
    const { slug: text, target: to } = this.data;
    const address = segmentAddress({ text, to, ...(from && { from }), segment: this.panel.row.k });
    this.say((await copyText(address, this.root)) ? this.words.linkCopied : fill(this.words.notCopied, { address }));
  },

  escape() {
    if (!this.card.hidden) this.hideCard();
    else if (!this.keysCard.hidden) this.toggleKeys();
    else if (this.root.classList.contains("quiet-mode")) this.toggleQuiet();
  },

  /** Keep the switches for the person, so that the desk looks the same next time. */
  keepView() {
    this.outbox.add({ op: "view", quiet: this.root.classList.contains("quiet-mode"), references: Boolean(this.showReferences), preview: this.preview.shown });
  },

  toggleReferences({ keep = true } = {}) {
    this.showReferences = !this.showReferences;
    this.bar.references.setAttribute("aria-pressed", String(this.showReferences));
    if (this.panel) this.panel.references.hidden = !this.showReferences;
    if (keep) this.keepView();
  },

  toggleQuiet({ keep = true } = {}) {
    const quiet = this.root.classList.toggle("quiet-mode");
    this.bar.quiet.setAttribute("aria-pressed", String(quiet));
    this.panel?.grow();
    if (this.active !== null) this.reveal();
    if (keep) this.keepView();
  },

  toggleKeys() {
    this.keysCard.hidden = !this.keysCard.hidden;
    this.bar.keys.setAttribute("aria-pressed", String(!this.keysCard.hidden));
  },

  drawKeys() {
    const card = make("dl", "keys", null, { "aria-label": this.words.keys });
    card.hidden = true;
    for (const [keys, what] of this.words.shortcuts) {
      const term = make("dt");
      const pressed = MAC ? keys.replace(/^(?=Alt [A-Z]$)/, "Ctrl ") : keys;
      pressed.split(" ").forEach((key) => term.append(make("kbd", "", key)));
      card.append(term, make("dd", "", what));
    }
    return card;
  },

  showCard(element, draw) {
    clearTimeout(this.cardTimer);
    this.cardTimer = setTimeout(() => {
      this.card.replaceChildren(draw());
      this.card.hidden = false;
      const box = this.root.getBoundingClientRect();
      const own = element.getBoundingClientRect();
      const size = this.card.getBoundingClientRect();
      const below = own.bottom + size.height + 12 < innerHeight;
      this.card.style.left = `${Math.max(0, Math.min(own.left - box.left, box.width - size.width - 8))}px`;
      this.card.style.top = `${below ? own.bottom - box.top + 6 : own.top - box.top - size.height - 6}px`;
      element.setAttribute("aria-describedby", "wb-card");
    }, 150);
  },

  hideCard() {
    clearTimeout(this.cardTimer);
    this.card.hidden = true;
  },
});
