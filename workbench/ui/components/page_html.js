export default function ({ parentElement, data, setTriggerValue }) {
  let root = parentElement.querySelector(".wb");
  if (!root) {
    root = document.createElement("div");
    root.className = "wb";
    parentElement.appendChild(root);
  }
  if (root.wbDrawn !== data.html) {
    root.innerHTML = data.html;
    root.wbDrawn = data.html;
  }
  root.onclick = (event) => {
    if (event.target.closest("[data-print]")) return window.print();
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[data-page]");
    if (!link) return;
    event.preventDefault();
    const { page, params } = link.dataset;
    leaveFor(page, () => setTriggerValue("go", { page, params: JSON.parse(params || "{}") }));
  };
}
