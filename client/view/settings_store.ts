/** The settings of the page as one signal: every change is stored at once. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { AddressState } from "./address.ts";
import { loadSettings, saveSettings, type Settings, type Shelf } from "./settings.ts";

/** What people chose, kept between visits. */
export class SettingsStore {
  readonly #shelf: Shelf;
  readonly #current;

  /** Begins with what is stored on `shelf`; what an address says goes first. */
  constructor(shelf: Shelf, address: AddressState) {
    this.#shelf = shelf;
    const stored = loadSettings(shelf);
    this.#current = signal<Settings>({
      ...stored,
      ...(address.method !== undefined && { method: address.method }),
      ...(address.colormap !== undefined && { colormap: address.colormap }),
      ...(address.opacity !== undefined && { opacity: address.opacity }),
      ...(address.options !== undefined &&
        { options: { ...stored.options, [address.method ?? stored.method]: address.options } }),
    });
  }

  get current(): ReadonlySignal<Settings> {
    return this.#current;
  }

  /** Changes some settings and stores all. */
  change(part: Partial<Settings>): void {
    this.#current.value = { ...this.#current.value, ...part };
    saveSettings(this.#shelf, this.#current.value);
  }

  /** Sets the heatmap's opacity; it is cut to 0…1 and rounded to hundredths. */
  setOpacity(opacity: number): void {
    this.change({ opacity: Math.round(Math.min(1, Math.max(0, opacity)) * 100) / 100 });
  }
}
