/** While a recording is there, the browser asks before the page is left, and a hidden page is noticed. */
export class LeaveGuard {
  readonly #onVisibility: (hidden: boolean) => void;
  #listeners: AbortController | null = null;

  /** `onVisibility`: called when the page is hidden or shown while it is guarded. */
  constructor(onVisibility: (hidden: boolean) => void) {
    this.#onVisibility = onVisibility;
  }

  /** Guards the page, or lets it go. */
  set(guarded: boolean): void {
    if (!guarded) {
      this.#listeners?.abort();
      this.#listeners = null;
    } else if (this.#listeners === null) {
      this.#listeners = new AbortController();
      const { signal } = this.#listeners;
      addEventListener("beforeunload", (event) => event.preventDefault(), { signal });
      const changed = () => this.#onVisibility(document.visibilityState === "hidden");
      document.addEventListener("visibilitychange", changed, { signal });
    }
  }
}
