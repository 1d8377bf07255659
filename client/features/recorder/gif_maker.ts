/** Three seconds as an animated GIF: filmed, encoded and handed over as a download. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Toasts } from "../../ui/toasts.ts";
import { saveFile } from "../../ui/save_file.ts";
import type { Session } from "../../live/session.ts";
import { clipFileStem } from "../../../shared/clips.ts";
import type { TakeOptions } from "./take/take.ts";

/** Length of a GIF, in ms. */
export const GIF_MS = 3_000;

/** How often the time is told, in ms. */
const STEP_MS = 100;

/** What is being done; shares 0…1. */
export type GifState =
  | { readonly kind: "rest" }
  | { readonly kind: "filming"; readonly share: number }
  | { readonly kind: "encoding"; readonly share: number };

/** What a maker of GIFs needs from the page. */
export interface GifOptions extends Pick<TakeOptions, "surface" | "isStill" | "seen"> {
  readonly session: Session;
  readonly toasts: Toasts;
  /** Whether it has a caption. */
  readonly caption: () => boolean;
  /** What the file is called, without its ending. */
  readonly name: () => string;
}

/** Makes GIFs, one at a time. */
export interface GifMaker {
  readonly state: ReadonlySignal<GifState>;
  /** Begins, or gives up what is being made. */
  toggle(): void;
}

/** Makes a maker that rests. */
export function createGifMaker({ session, toasts, name, caption, ...picture }: GifOptions): GifMaker {
  const state = signal<GifState>({ kind: "rest" });
  let wanted: AbortController | null = null;

  async function make({ signal }: AbortController): Promise<void> {
    const { openGifFilm, Take } = await import("./lazy_recorder.ts");
    if (signal.aborted) return;
    const film = openGifFilm((share) => {
      signal.throwIfAborted();
      state.value = { kind: "encoding", share };
    });
    const take = new Take({ ...picture, film, crop: "square", drawn: true, caption: caption() });
    const unfollow = session.observe(take);
    const beganMs = performance.now();
    try {
      await filming(take, beganMs, signal);
      unfollow();
      const taken = await take.finish(performance.now(), null, []);
      saveFile(taken.media, `${clipFileStem(taken.name === "" ? name() : taken.name)}.gif`);
      toasts.say("The GIF is saved.");
    } finally {
      unfollow();
    }
  }

  /** Done when the time is over or nobody wants it any more. */
  function filming(take: { tick(nowMs: number): void }, beganMs: number, wanted: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setInterval(() => {
        const nowMs = performance.now();
        take.tick(nowMs);
        state.value = { kind: "filming", share: Math.min(1, (nowMs - beganMs) / GIF_MS) };
        if (nowMs - beganMs < GIF_MS && !wanted.aborted) return;
        clearInterval(timer);
        wanted.aborted ? reject(wanted.reason) : resolve();
      }, STEP_MS);
    });
  }

  return {
    state,
    toggle() {
      if (wanted !== null) return wanted.abort();
      const mine = wanted = new AbortController();
      state.value = { kind: "filming", share: 0 };
      make(mine).catch(() => {
        if (!mine.signal.aborted) toasts.say("The GIF could not be made by this browser.");
      }).finally(() => {
        wanted = null;
        state.value = { kind: "rest" };
      });
    },
  };
}
