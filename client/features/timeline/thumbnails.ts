/** Which pictures stand below the lines, and their small copies. */
import type { Thumbnail } from "./draw_timeline.ts";
import type { Moment } from "./moment.ts";
import type { Window } from "./places.ts";

/** Height of a small copy, in pixels: two for each pixel of the page. */
const COPY_PX = 96;

/** Returns the moments whose pictures are shown, side by side: they stay with their times while these move to the left. */
export function thumbnailMoments(
  moments: readonly Moment[],
  { spanMs }: Window,
  width: number,
  side: number,
): readonly { readonly fromMs: number; readonly moment: Moment }[] {
  if (side === 0 || width === 0) return [];
  const stepMs = spanMs * (side + 2) / width;
  const found = new Map<number, Moment>();
  for (const moment of moments) {
    if (moment.picture === null) continue;
    // A picture that stands still is that of all the time for which it holds.
    const last = Math.floor(Math.max(moment.atMs, moment.untilMs) / stepMs);
    for (let slot = Math.floor(moment.atMs / stepMs); slot <= last; slot++) {
      if (!found.has(slot)) found.set(slot, moment);
    }
  }
  return [...found].map(([slot, moment]) => ({ fromMs: slot * stepMs, moment }));
}

/** Small copies of the pictures that are shown, made once each. */
export class Thumbnails {
  readonly #copies = new Map<number, ImageBitmap | null>();
  readonly #onReady: () => void;

  /** `onReady`: another copy is there. */
  constructor(onReady: () => void) {
    this.#onReady = onReady;
  }

  /** Returns the copies that are there, begins to make the others, and lets go of those that are not shown any longer. */
  take(shown: ReturnType<typeof thumbnailMoments>): readonly Thumbnail[] {
    const ids = new Set(shown.map(({ moment }) => moment.id));
    for (const [id, copy] of this.#copies) {
      if (ids.has(id)) continue;
      copy?.close();
      this.#copies.delete(id);
    }
    return shown.flatMap(({ fromMs, moment }) => {
      const image = this.#copies.get(moment.id);
      if (image === undefined) void this.#make(moment);
      return image === undefined || image === null ? [] : [{ fromMs, image }];
    });
  }

  /** Makes all copies; {@link take} returns them afterwards. */
  async makeAll(shown: ReturnType<typeof thumbnailMoments>): Promise<void> {
    await Promise.all(shown.map(({ moment }) => this.#make(moment)));
  }

  dispose(): void {
    for (const copy of this.#copies.values()) copy?.close();
    this.#copies.clear();
  }

  async #make({ id, picture }: Moment): Promise<void> {
    if (picture === null) return;
    this.#copies.set(id, null);
    try {
      const copy = await createImageBitmap(picture, {
        resizeHeight: COPY_PX,
        resizeQuality: "medium",
      });
      if (!this.#copies.has(id)) return copy.close();
      this.#copies.set(id, copy);
      this.#onReady();
    } catch {
      // A picture that cannot be decoded has no small copy; its place stays empty.
    }
  }
}
