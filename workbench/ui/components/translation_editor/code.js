// How the desk's code, which comes to the browser once a page, is called with every answer.

const registry = (globalThis[Symbol.for("workbench.desk")] ??= { waiting: [] });

registry.mount = ({ parentElement, data, setTriggerValue }) => {
  const root = parentElement.querySelector(".desk");
  if (!root || !data) return undefined;
  const place = `${data.slug}:${data.target}:${data.source}`;
  if (root.wbDesk && root.wbPlace !== place) {
    root.wbDesk.destroy();
    root.wbDesk = null;
  }
  if (!parentElement.querySelector("style.of-desk")) root.before(make("style", "of-desk", STYLE));
  root.wbDesk ??= new Desk(root, data);
  root.wbPlace = place;
  root.wbDesk.receive(data, (message) => inTurn(() => setTriggerValue("ops", message)));
  const desk = root.wbDesk;
  // Streamlit also calls this for a drawing that a quicker one has overtaken: only a desk that left the page ends.
  return () => {
    desk.leave();
    setTimeout(() => {
      if (root.isConnected || root.wbDesk !== desk) return;
      desk.destroy();
      root.wbDesk = null;
    }, 0);
  };
};

export default function code() {
  for (const component of registry.waiting.splice(0)) component.end = registry.mount(component);
}
