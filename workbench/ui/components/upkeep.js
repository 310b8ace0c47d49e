// A page that stays open over an upgrade of the server runs the program's earlier half in the browser: say so. While the
// server does not answer, or where an address has no page, say that in the person's language: Streamlit's own dialogs
// speak English alone and take the keys away from whoever is at work. And a page that has not come whole is asked for
// again.
const SEEN = Symbol.for("workbench.revision");
const WATCH = Symbol.for("workbench.connection");
const CONNECTION = "Connection error"; // how Streamlit's dialogs begin
const NO_PAGE = "Page not found";
const SETTLES = 1000; // ms after which a closed dialog moves the keys no more
const ASK_EVERY = 1500; // ms between two looks whether the server is back
const UNSAVED = Symbol.for("workbench.unsaved");
const WHOLE = Symbol.for("workbench.whole");
const END = Symbol.for("workbench.drawn"); // set by what is drawn last on a page: of which drawing it is
const DRAWN = '[data-testid="stMain"] [data-testid="stElementContainer"]:not(.st-key-upkeep, .st-key-lookup, .st-key-page_end)';
const SETTLED = 400; // ms without a change after which a page is not one that is just being drawn
const STRAY = 1500; // ms between two steps of history that are one change of page
const REDRAWINGS = 3; // as often a page that is not whole is asked for, one after the other

class Connection {
  constructor() {
    this.note = null;
    this.noPage = null;
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
      const words = dialog.textContent.trim();
      if (words.startsWith(NO_PAGE) && this.noPage) this.tellNoPage();
      else if (!words.startsWith(CONNECTION)) continue;
      dialog.querySelector('button[aria-label="Close"]')?.click();
      for (const wait of [0, 50, 100, 200, 400, 800]) setTimeout(() => this.giveBack(), wait);
      clearTimeout(this.closing);
      this.closing = setTimeout(() => (this.closing = 0), SETTLES);
      if (words.startsWith(CONNECTION)) this.lost();
    }
  }

  tellNoPage() {
    const { noPage } = this;
    if (!noPage.hidden) return;
    noPage.hidden = false;
    const go = () => {
      noPage.hidden = true;
      for (const name of ["click", "keydown"]) document.removeEventListener(name, go, true);
    };
    // Not the click that closes the dialog: the person's next one.
    setTimeout(() => ["click", "keydown"].forEach((name) => document.addEventListener(name, go, true)), SETTLES);
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

/**
 * Asks again for a page that has not come, or not to its end. What a part of the page being left says on the way to
 * another one (a clock of Streamlit's too) Streamlit takes for a word from there, and clears away the page just drawn;
 * and what is said in the moment in which a page was drawn makes it forget what of that page is still to be sent.
 */
class Whole {
  constructor() {
    this.times = 0;
    this.run = "";
    this.again = null;
    new MutationObserver(() => this.wait()).observe(document.body, { childList: true, subtree: true });
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), SETTLED);
  }

  look() {
    if (document.querySelector(DRAWN) && globalThis[END] === this.run) {
      this.times = 0;
      return;
    }
    if (this.times === REDRAWINGS) return;
    if (document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]')) {
      this.times += 1;
      this.again();
    }
    this.wait();
  }
}

/**
 * Leaves one step of the browser's history for one change of page: Streamlit makes two of a change with parameters, and
 * the first, the page that is left with the other page's parameters, is another text's page or none at all.
 */
function watchHistory() {
  const push = history.pushState.bind(history);
  let stray = null; // a step that changed the parameters alone
  history.pushState = (state, unused, url) => {
    const [from, to] = [new URL(location.href), new URL(url ?? location.href, location.href)];
    const follows = stray && performance.now() - stray < STRAY && to.pathname !== from.pathname && to.search === from.search;
    if (follows) history.replaceState(state, unused, url);
    else push(state, unused, url);
    stray = to.pathname === from.pathname && to.search !== from.search ? performance.now() : null;
  };
}

export default function mount({ data, parentElement, setTriggerValue }) {
  globalThis[SEEN] ??= data.revision;
  const bar = parentElement.querySelector(".upkeep");
  bar.hidden = globalThis[SEEN] === data.revision;
  bar.querySelector("span").textContent = data.words;
  const button = bar.querySelector("button");
  button.textContent = data.action;
  button.onclick = () => globalThis.location.reload();
  if (!globalThis[WATCH]) watchHistory();
  if (data.language) document.cookie = `${data.cookie}=${data.language}; path=/; max-age=31536000; SameSite=Lax`;
  const connection = (globalThis[WATCH] ??= new Connection());
  connection.note = parentElement.querySelector(".away");
  connection.note.textContent = data.away;
  connection.noPage = parentElement.querySelector(".no-page");
  connection.noPage.textContent = data.noPage;
  connection.dismiss();
  connection.show();
  const unsaved = (globalThis[UNSAVED] ??= new Unsaved());
  unsaved.words = data.unsaved;
  const whole = (globalThis[WHOLE] ??= new Whole());
  whole.run = data.run;
  whole.again = () => inTurn(() => setTriggerValue("again", whole.times));
  whole.wait();
}
