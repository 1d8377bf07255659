/** Asks about the newest picture again and again, one question at a time. */
import { pause } from "../../http/pause.ts";

/** Shortest time from one question to the next, in ms: the main map keeps most of the engine. */
const STEP_MS = 200;

/** Pause after a question that was not answered, in ms. */
const RETRY_MS = 2_000;

/** What a feed needs. */
export interface FeedOptions<Question, Answer> {
  /** What is to be asked in full; null while there is nothing to ask. */
  readonly question: () => Question | null;
  /** The same question without what costs much, for a picture that moves. */
  readonly lighter: (question: Question) => Question;
  /** Names what a full answer is about: where that is another one, the next question is asked in full. */
  readonly about: (question: Question) => string;
  /** Time from one full question to the next while the picture moves, in ms. */
  readonly fullMs: number;
  /** The newest picture as PNG, or null where there is none to look at. */
  readonly picture: () => Uint8Array<ArrayBuffer> | null;
  /** What the picture is while it stands still; null while it moves. */
  readonly stillness: () => unknown;
  readonly ask: (
    question: Question,
    picture: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ) => Promise<Answer>;
  readonly onAnswer: (answer: Answer, picture: Uint8Array<ArrayBuffer>) => void;
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
export async function feed<Question, Answer>(
  options: FeedOptions<Question, Answer>,
  signal: AbortSignal,
): Promise<void> {
  const { now, pause } = options.time;
  let answered: { readonly asked: string; readonly still: unknown } | null = null;
  let full = { about: "", atMs: -Infinity };
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
    const about = options.about(question);
    const due = still !== null || about !== full.about || startMs - full.atMs >= options.fullMs;
    try {
      const answer = await options.ask(due ? question : options.lighter(question), picture, signal);
      if (due) full = { about, atMs: startMs };
      answered = { asked, still };
      options.onAnswer(answer, picture);
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
