// What is typed into a form reaches the server with its button alone: whoever follows a link or closes the page before
// is asked first. (The two editors store by themselves and ask for themselves.)

const FORM = '[data-testid="stForm"]';
const WRITTEN_IN = "textarea, input:not([type=checkbox]):not([type=radio])";

class Unsaved {
  constructor() {
    this.begun = new Map(); // by field, what it said when one came to it
    this.words = "";
    document.addEventListener("focusin", (event) => this.arrive(event), true);
    document.addEventListener("click", (event) => this.click(event), true);
    addEventListener("beforeunload", (event) => this.any && event.preventDefault());
  }

  arrive({ target }) {
    if (target.matches?.(WRITTEN_IN) && target.closest(FORM) && !this.begun.has(target)) this.begun.set(target, target.value);
  }

  get any() {
    for (const field of [...this.begun.keys()]) if (!field.isConnected) this.begun.delete(field);
    return [...this.begun].some(([field, value]) => field.value !== value);
  }

  click(event) {
    const path = event.composedPath();
    if (path.some((part) => part.dataset?.testid === "stFormSubmitButton")) {
      this.begun.clear();
      return;
    }
    const elsewhere = event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    const link = path.find((part) => part.tagName === "A" && (part.dataset.page || part.dataset.testid === "stTopNavLink"));
    if (!link || elsewhere || !this.any) return;
    if (confirm(this.words)) {
      this.begun.clear();
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
