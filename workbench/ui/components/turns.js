// Streamlit gathers all that components say in one moment into one message, which names the fragment of only one of
// them: the others are heard but get no answer. So each of ours speaks in a moment of its own.
//
// And Streamlit takes what is said on the way to another page for a word from the page that is being left, goes back
// there for it, and leaves the browser with an empty page. So whoever speaks on the way waits until it is over.

const LEAVING = 3000; // ms after which nothing waits any more for a page that does not come
const LOOK_EVERY = 25; // ms between two looks whether it has come

function turns() {
  return (globalThis[Symbol.for("workbench.turns")] ??= { waiting: [], busy: false, leaving: null });
}

function pageName() {
  return location.pathname.split("/").pop() || "home";
}

/** Follow a link to a page (the value of its `data-page`): nothing is said after it before that page is there. */
function leaveFor(page, speak) {
  inTurn(() => {
    speak();
    if (page !== pageName()) turns().leaving = { page: pageName(), end: performance.now() + LEAVING };
  });
}

function inTurn(speak) {
  const line = turns();
  line.waiting.push(speak);
  if (line.busy) return;
  const next = () => {
    const left = line.leaving;
    // The address changes once Streamlit counts itself on the other page.
    if (left && left.page === pageName() && performance.now() < left.end) {
      line.busy = true;
      setTimeout(next, LOOK_EVERY);
      return;
    }
    line.leaving = null;
    const first = line.waiting.shift();
    line.busy = Boolean(first);
    if (!first) return;
    try {
      first(); // sets Streamlit's timer, which sends the message
    } finally {
      setTimeout(next, 0); // runs out after that one
    }
  };
  next();
}
