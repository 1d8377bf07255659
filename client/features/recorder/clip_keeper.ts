/** Trims a recording and hands it on: to whoever keeps clips, or as a file. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { RecorderPorts } from "./ports.ts";
import type { RecorderEvent } from "./recorder_events.ts";
import type { Preview } from "./recorder_state.ts";
import { trimClip, type Trimmed } from "./trimmed_clip.ts";

const NO_ROOM = "There is no room for the clip in this browser. Save it as a file, or delete other clips.";
const NOT_KEPT = "The clip could not be kept. Save it as a file instead.";

/** Keeps the parts of recordings that people want. */
export class ClipKeeper {
  readonly #keep: RecorderPorts["keep"];
  readonly #trimming = signal<number | null>(null);

  constructor(keep: RecorderPorts["keep"]) {
    this.#keep = keep;
  }

  /** Share of the trimming that is done, 0…1, or null while nothing is trimmed. */
  get trimming(): ReadonlySignal<number | null> {
    return this.#trimming;
  }

  /** Keeps the part that people want; returns the event that says how that ended. */
  async keep(preview: Preview): Promise<Extract<RecorderEvent, { kind: "kept" | "not-kept" }>> {
    try {
      const { clip, remove } = await this.#trim(preview);
      const outcome = await this.#keep(clip);
      // Whoever keeps it has a copy.
      void remove();
      return outcome === "full" ? { kind: "not-kept", words: NO_ROOM } : { kind: "kept" };
    } catch {
      return { kind: "not-kept", words: NOT_KEPT };
    }
  }

  /** Makes the part that people want as a file. @throws Error where it cannot be trimmed */
  async file(preview: Preview): Promise<Blob> {
    return (await this.#trim(preview)).clip.media;
  }

  async #trim(preview: Preview): Promise<Trimmed> {
    try {
      return await trimClip(preview, (share) => this.#trimming.value = share);
    } finally {
      this.#trimming.value = null;
    }
  }
}
