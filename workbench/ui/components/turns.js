// Streamlit gathers all that components say in one moment into one message, which names the fragment of only one of
// them: the others are heard but get no answer. So each of ours speaks in a moment of its own.

function inTurn(speak) {
  const turns = (globalThis[Symbol.for("workbench.turns")] ??= { waiting: [], busy: false });
  turns.waiting.push(speak);
  if (turns.busy) return;
  const next = () => {
    const first = turns.waiting.shift();
    turns.busy = Boolean(first);
    if (!first) return;
    try {
      first(); // sets Streamlit's timer, which sends the message
    } finally {
      setTimeout(next, 0); // runs out after that one
    }
  };
  next();
}
