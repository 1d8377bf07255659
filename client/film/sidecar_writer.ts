/** Writes a sidecar while a film grows: its entries become text at once and leave the page's memory in parts. */
import { MAX_SIDECAR_FRAMES, type Sidecar, type SidecarFrame } from "../../shared/sidecar.ts";

/** Entries of a part: a Blob of a few hundred kB, which browsers keep outside the page or on the disk. */
const PART_ENTRIES = 300;

/** The entries of one sidecar. */
export class SidecarWriter {
  #parts: Blob[] = [];
  #lines: string[] = [];
  #count = 0;

  /** Entries so far. */
  get count(): number {
    return this.#count;
  }

  /** Adds an entry; times rise. An entry beyond `MAX_SIDECAR_FRAMES` is left out. */
  add(entry: SidecarFrame): void {
    if (this.#count >= MAX_SIDECAR_FRAMES) return;
    this.#lines.push((this.#count === 0 ? "" : ",\n") + JSON.stringify(entry));
    this.#count++;
    if (this.#lines.length >= PART_ENTRIES) this.#parts.push(this.#take());
  }

  /** Returns the text of the whole file. */
  async finish(head: Omit<Sidecar, "frames">): Promise<string> {
    const opening = JSON.stringify(head).slice(0, -1);
    const file = new Blob([opening, ',"frames":[', ...this.#parts, this.#take(), "]}"]);
    this.#parts = [];
    return await file.text();
  }

  #take(): Blob {
    return new Blob(this.#lines.splice(0));
  }
}
