// The last thing drawn on a page: it tells of which drawing it is (see upkeep.js).
export default function mount({ data }) {
  globalThis[Symbol.for("workbench.drawn")] = data.run;
}
