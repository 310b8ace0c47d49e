// How Streamlit calls the desk.

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".desk");
  if (!root || !data) return undefined;
  const place = `${data.slug}:${data.target}:${data.source}`;
  if (root.wbDesk && root.wbPlace !== place) {
    root.wbDesk.destroy();
    root.wbDesk = null;
  }
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
}
