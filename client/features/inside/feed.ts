/** Asks about the newest picture again and again, one question at a time. */
import type { Inside } from "../../../shared/inside.ts";
import { pause } from "../../http/pause.ts";
import type { InsideQuestion } from "./api.ts";

/** Shortest time from one question to the next, in ms: the main map keeps most of the engine. */
const STEP_MS = 200;

/** Time from one question for contributions to the next while the picture moves, in ms: they cost a backward pass. */
const CONTRIBUTIONS_MS = 1_000;

/** Pause after a question that was not answered, in ms. */
const RETRY_MS = 2_000;

/** What a feed needs. */
export interface FeedOptions {
  /** What is to be asked, with the class always named; null while there is nothing to ask. */
  readonly question: () => InsideQuestion | null;
  /** The newest picture as PNG, or null where there is none to look at. */
  readonly picture: () => Uint8Array<ArrayBuffer> | null;
  /** What the picture is while it stands still; null while it moves. */
  readonly stillness: () => unknown;
  readonly ask: (
    question: InsideQuestion,
    picture: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ) => Promise<Inside>;
  readonly onAnswer: (inside: Inside) => void;
  readonly onProblem: (error: unknown) => void;
  readonly time: FeedTime;
}

/** The feed's clock. */
export interface FeedTime {
  /** Monotonic time, in ms. */
  readonly now: () => number;
  /** Waits so many ms, 0 or more, or until the signal comes. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Runs until `signal` is aborted. */
export async function feed(options: FeedOptions, signal: AbortSignal): Promise<void> {
  const { now, pause } = options.time;
  let answered: { readonly asked: string; readonly still: unknown } | null = null;
  let contributed = { to: "", atMs: -Infinity };
  while (!signal.aborted) {
    const question = options.question();
    const still = options.stillness();
    const asked = JSON.stringify(question);
    const known = still !== null && answered?.asked === asked && answered.still === still;
    const picture = question === null || known ? null : options.picture();
    if (question === null || picture === null) {
      await pause(STEP_MS, signal);
      continue;
    }
    const startMs = now();
    const to = `${question.layer} ${question.target}`;
    const due = still !== null || to !== contributed.to || startMs - contributed.atMs >= CONTRIBUTIONS_MS;
    try {
      const inside = await options.ask(due ? question : { ...question, target: null }, picture, signal);
      if (due) contributed = { to, atMs: startMs };
      answered = { asked, still };
      options.onAnswer(inside);
      // An answer that took long is followed by as long a pause: the main map has the engine half of the time at least.
      const tookMs = now() - startMs;
      await pause(Math.max(STEP_MS - tookMs, tookMs), signal);
    } catch (error) {
      if (signal.aborted) return;
      options.onProblem(error);
      await pause(RETRY_MS, signal);
    }
  }
}

/** The browser's clock. */
export const PAGE_TIME: FeedTime = { now: () => performance.now(), pause };
