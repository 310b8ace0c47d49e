// A page that stays open over an upgrade of the server runs the program's earlier half in the browser: say so. And while
// the server does not answer, say that, in the person's language: Streamlit's own dialog about it speaks English alone
// and takes the keys away from whoever is at work.
const SEEN = Symbol.for("workbench.revision");
const WATCH = Symbol.for("workbench.connection");
const DIALOG = "Connection error"; // how Streamlit's dialog begins
const SETTLES = 1000; // ms after which a closed dialog moves the keys no more
const ASK_EVERY = 1500; // ms between two looks whether the server is back

class Connection {
  constructor() {
    this.note = null;
    this.away = false;
    this.last = null; // where the keys were before the dialog, which passes them on to elements of its own
    this.closing = 0;
    const note = (event) => {
      if (!this.closing && !document.querySelector('[role="dialog"]')) [this.last] = event.composedPath();
    };
    // A component keeps to itself that the keys move within it: where they arrive is seen by each key as well.
    for (const name of ["focusin", "keydown"]) document.addEventListener(name, note, true);
    new MutationObserver(() => this.dismiss()).observe(document.body, { childList: true, subtree: true });
  }

  dismiss() {
    for (const dialog of document.querySelectorAll('[role="dialog"]')) {
      if (!dialog.textContent.trim().startsWith(DIALOG)) continue;
      dialog.querySelector('button[aria-label="Close"]')?.click();
      for (const wait of [0, 50, 100, 200, 400, 800]) setTimeout(() => this.giveBack(), wait);
      clearTimeout(this.closing);
      this.closing = setTimeout(() => (this.closing = 0), SETTLES);
      this.lost();
    }
  }

  giveBack() {
    const { last } = this;
    if (last?.isConnected && last.getRootNode().activeElement !== last) last.focus({ preventScroll: true });
  }

  lost() {
    if (this.away) return;
    this.away = true;
    this.show();
    this.ask();
  }

  async ask() {
    try {
      const answer = await fetch("_stcore/health", { cache: "no-store" });
      this.away = !answer.ok;
    } catch {
      this.away = true;
    }
    this.show();
    if (this.away) setTimeout(() => this.ask(), ASK_EVERY);
  }

  show() {
    // The translation editor says more exactly what is saved and what is not.
    const own = [...document.querySelectorAll("*")].some((e) => e.shadowRoot?.querySelector(".desk") || e.matches(".desk"));
    if (this.note) this.note.hidden = !this.away || own;
  }
}

export default function mount({ data, parentElement }) {
  globalThis[SEEN] ??= data.revision;
  const bar = parentElement.querySelector(".upkeep");
  bar.hidden = globalThis[SEEN] === data.revision;
  bar.querySelector("span").textContent = data.words;
  const button = bar.querySelector("button");
  button.textContent = data.action;
  button.onclick = () => globalThis.location.reload();
  const connection = (globalThis[WATCH] ??= new Connection());
  connection.note = parentElement.querySelector(".away");
  connection.note.textContent = data.away;
  connection.show();
}
