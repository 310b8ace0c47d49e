// A page that stays open over an upgrade of the server runs the program's earlier half in the browser: say so.
const SEEN = Symbol.for("workbench.revision");
export default function mount({ data, parentElement }) {
  globalThis[SEEN] ??= data.revision;
  const bar = parentElement.querySelector(".upkeep");
  bar.hidden = globalThis[SEEN] === data.revision;
  bar.querySelector("span").textContent = data.words;
  const button = bar.querySelector("button");
  button.textContent = data.action;
  button.onclick = () => globalThis.location.reload();
}
