// The component that is redrawn with every step: it hands what the server says to the editor of the feed's module.
const REGISTRY = Symbol.for("workbench.grid");
export default function mount(component) {
  const registry = (globalThis[REGISTRY] ??= { bases: new Map(), waiting: [], editors: new WeakMap() });
  if (!registry.mount) {
    const { data, parentElement, setTriggerValue } = component;
    const waiting = { data, parentElement, setTriggerValue };
    registry.waiting.push(waiting);
    return () => waiting.end?.();
  }
  return registry.mount(component);
}
