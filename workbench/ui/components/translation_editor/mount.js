// The component that is redrawn with every answer: it hands what the server says to the desk's code, which came once.

export default function mount(component) {
  const registry = (globalThis[Symbol.for("workbench.desk")] ??= { waiting: [] });
  if (registry.mount) return registry.mount(component);
  registry.waiting.push(component);
  return () => component.end?.();
}
