// Mounting ----------------------------------------------------------------------------------------------------------

function sameRows(a, b) {
  const said = (row) => `${rowKey(row)}/${!!row.k}/${!!row.a}/${row.u ?? ""}`;
  return a.length === b.length && a.every((row, n) => row === b[n] || said(row) === said(b[n]));
}

/** Rows of the server that say what is drawn already keep the drawn row's identity. */
function keepDrawn(before, server) {
  const known = new Map(before.map((row) => [rowKey(row), row]));
  return server.map((row) => {
    const drawn = known.get(rowKey(row));
    return drawn && drawn !== row && JSON.stringify(flat(drawn)) === JSON.stringify(flat(row)) ? drawn : row;
  });
}

function flat(row) {
  return [row.p ?? null, row.r ?? [], !!row.x, !!row.k, !!row.a, row.u ?? []];
}

const REGISTRY = Symbol.for("workbench.grid");
const registry = (globalThis[REGISTRY] ??= { bases: new Map(), waiting: [], editors: new WeakMap() });

function feedBase(id) {
  return registry.bases.get(id);
}

/** Called through the small component that is redrawn with every step. */
registry.mount = ({ data, parentElement, setTriggerValue }) => {
  const send = (name, value) => inTurn(() => setTriggerValue(name, value));
  const base = feedBase(data.base);
  let editor = registry.editors.get(parentElement);
  const stale = editor && !parentElement.contains(editor.parts.editor);
  if ((!editor || stale) && base && parentElement.querySelector("[data-part=editor]")) {
    editor?.close();
    editor = new GridEditor(parentElement, base);
    registry.editors.set(parentElement, editor);
    editor.fitHeight();
    editor.take(data, send);
    editor.list();
    if (data.place != null) editor.go(data.place);
    else editor.draw();
    editor.drawState();
    if (!document.activeElement || document.activeElement === document.body) {
      editor.parts.grid.focus({ preventScroll: true });
    }
  } else if (editor && base) {
    editor.take(data, send);
  } else {
    registry.waiting.push({ data, parentElement, setTriggerValue });
  }
  // Streamlit also calls this for a drawing that a quicker one has overtaken: only a grid that left the page ends.
  return () => setTimeout(() => {
    const left = registry.editors.get(parentElement);
    if (!left || left.parts.editor.isConnected) return;
    left.close();
    registry.editors.delete(parentElement);
  }, 0);
};

/** The feed: keeps the base for the editor, shows nothing. Only the two last bases are kept. */
export default function feed({ data }) {
  registry.bases.delete(data.id);
  registry.bases.set(data.id, data);
  for (const id of [...registry.bases.keys()].slice(0, -2)) registry.bases.delete(id);
  const waiting = registry.waiting;
  registry.waiting = [];
  for (const call of waiting) call.end = registry.mount(call);
}
