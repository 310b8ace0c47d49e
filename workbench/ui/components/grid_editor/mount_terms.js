// The channel for terms: hands the editor of the feed's module what it may ask with, and what was answered.
const REGISTRY = Symbol.for("workbench.grid");
export default function mount({ data, setTriggerValue }) {
  const registry = (globalThis[REGISTRY] ??= { bases: new Map(), waiting: [], editors: new WeakMap() });
  registry.terms ??= {};
  registry.terms.send = (question) => inTurn(() => setTriggerValue("ask", question));
  registry.terms.changed?.(data.answer);
}
