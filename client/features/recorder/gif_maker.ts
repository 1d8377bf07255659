/** Three seconds as an animated GIF: filmed, encoded and handed over as a download. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { clipFileStem } from "../../../shared/clips.ts";
import { saveFile } from "../../ui/save_file.ts";
import type { FilmingPorts } from "./ports.ts";

/** Length of a GIF, in ms. */
export const GIF_MS = 3_000;

/** How often the share that is filmed is updated, in ms. */
const STEP_MS = 100;

/** What is being done; shares 0…1. */
export type GifState =
  | { readonly kind: "rest" }
  | { readonly kind: "filming"; readonly share: number }
  | { readonly kind: "encoding"; readonly share: number };

/** Makes GIFs, one at a time. */
export interface GifMaker {
  readonly state: ReadonlySignal<GifState>;
  /** Begins a GIF, or cancels the one that is being made. */
  toggle(): void;
}

/** Makes a GIF maker that rests. */
export function createGifMaker(ports: FilmingPorts): GifMaker {
  const state = signal<GifState>({ kind: "rest" });
  let wanted: AbortController | null = null;
  return {
    state,
    toggle() {
      if (wanted !== null) return wanted.abort();
      const { signal } = wanted = new AbortController();
      const show = (next: GifState) => state.value = next;
      show({ kind: "filming", share: 0 });
      makeGif(ports, show, signal).catch(() => {
        if (!signal.aborted) ports.say("The GIF could not be made by this browser.");
      }).finally(() => {
        wanted = null;
        show({ kind: "rest" });
      });
    },
  };
}

/** Makes one GIF; rejects where it is cancelled or fails. */
async function makeGif(
  { observe, say, name, caption, ...picture }: FilmingPorts,
  show: (state: GifState) => void,
  signal: AbortSignal,
): Promise<void> {
  const { openGifFilm, Take } = await import("./lazy_recorder.ts");
  if (signal.aborted) return;
  const film = openGifFilm(picture.seen().aspect, (share) => {
    signal.throwIfAborted();
    show({ kind: "encoding", share });
  });
  const take = new Take({ ...picture, film, crop: "seen", drawn: true, caption: caption() });
  const stopObserving = observe(take);
  try {
    await filming(performance.now(), signal, (nowMs, share) => {
      take.tick(nowMs);
      show({ kind: "filming", share });
    });
    stopObserving();
    const taken = await take.finish(performance.now(), null, []);
    saveFile(taken.media, `${clipFileStem(taken.name === "" ? name() : taken.name)}.gif`);
    say("The GIF is saved.");
  } finally {
    stopObserving();
  }
}

/** Resolves when the time is over; rejects as soon as nobody wants it any longer. */
function filming(
  beganMs: number,
  signal: AbortSignal,
  onStep: (nowMs: number, share: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      const nowMs = performance.now();
      onStep(nowMs, Math.min(1, (nowMs - beganMs) / GIF_MS));
      if (nowMs - beganMs < GIF_MS && !signal.aborted) return;
      clearInterval(timer);
      signal.aborted ? reject(signal.reason) : resolve();
    }, STEP_MS);
  });
}
