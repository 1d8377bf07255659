/** The videos of the queue, and how each of them stands. Pure. */
import type { FinishedFilm } from "./finish.ts";

/** How far a film is. */
export interface Progress {
  readonly done: number;
  /** About how many frames there are in all; null where it is not known yet. */
  readonly total: number | null;
}

/** How a video stands. */
export type Phase =
  | { readonly kind: "waiting" }
  /** `leftS`: time left in s, or null where it is not known yet. */
  | { readonly kind: "running"; readonly progress: Progress; readonly leftS: number | null }
  /** The frame under way is finished, and what is done is kept. */
  | { readonly kind: "stopping"; readonly progress: Progress }
  /** `why`: in words, or null where somebody paused it. */
  | { readonly kind: "paused"; readonly progress: Progress; readonly why: string | null }
  /** It was left by an earlier visit: its file has to be chosen again. */
  | { readonly kind: "asleep" }
  | { readonly kind: "joining"; readonly share: number }
  | { readonly kind: "done"; readonly film: FinishedFilm }
  | { readonly kind: "failed"; readonly words: string };

/** A video. */
export interface Entry {
  readonly id: string;
  /** Name of its file. */
  readonly name: string;
  /** What explains it, in words. */
  readonly how: string;
  readonly phase: Phase;
}

/** Changes how a video stands. */
export function withPhase(entries: readonly Entry[], id: string, phase: Phase): Entry[] {
  return entries.map((entry) => entry.id === id ? { ...entry, phase } : entry);
}

/** The video whose turn it is: the first that waits, unless one is being made. */
export function nextOf(entries: readonly Entry[]): Entry | null {
  return entries.some(isBusy) ? null : entries.find(({ phase }) => phase.kind === "waiting") ?? null;
}

/** Whether a film is being made. */
export function isBusy({ phase }: Pick<Entry, "phase">): boolean {
  return phase.kind === "running" || phase.kind === "stopping" || phase.kind === "joining";
}

/** Time left in whole s, from what this run has done so far; null before it says anything. */
export function timeLeft({ done, total }: Progress, before: number, passedMs: number): number | null {
  const made = done - before;
  if (total === null || made < 3) return null;
  return Math.max(0, Math.ceil(passedMs / 1_000 / made * (total - done)));
}

/** What a film is called. */
export function filmFileName(name: string, ending: "mp4" | "webm" | "json"): string {
  return `${name.replace(/\.[^.]+$/, "") || "video"} explained.${ending}`;
}
