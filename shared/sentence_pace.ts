/** How often a sentence may change, so that it can be read. Pure. */
import { NO_SENTENCE, type Sentence } from "./sentence.ts";

/** Shortest time for which words of one class stay, in ms. */
export const WORDS_MS = 2_500;

/** Shortest time for which numbers stay, in ms. */
export const NUMBERS_MS = 1_000;

/** Shortest time between two changes of the class, in ms: two that are equally strong would change places all the time. */
export const CLASS_MS = 1_000;

/** Shortest time between two sentences that are read aloud, in ms. */
export const SPOKEN_MS = 5_000;

/** The sentence that is shown, and since when its words and numbers are. */
export interface PacedSentence {
  readonly shown: Sentence;
  readonly wordsMs: number;
  readonly numbersMs: number;
  /** When the class was another one last. */
  readonly classMs: number;
  /** What was read aloud last, and when. */
  readonly spoken: string;
  readonly spokenMs: number;
}

/** Before the first sentence. */
export const NOTHING_SAID: PacedSentence = {
  shown: NO_SENTENCE,
  wordsMs: -Infinity,
  numbersMs: -Infinity,
  classMs: -Infinity,
  spoken: "",
  spokenMs: -Infinity,
};

/** Takes a newer sentence, as far as it may be shown and read aloud by now. */
export function paceSentence(before: PacedSentence, next: Sentence, nowMs: number): PacedSentence {
  const after = show(before, next, nowMs);
  // A sentence that is not finished is not read aloud in place of one that is.
  const isNews = after.shown.words !== "" && after.shown.text !== before.spoken;
  if (!isNews || nowMs - before.spokenMs < SPOKEN_MS) return after;
  return { ...after, spoken: after.shown.text, spokenMs: nowMs };
}

function show(before: PacedSentence, next: Sentence, nowMs: number): PacedSentence {
  const { shown } = before;
  if (next.text === shown.text) return before;
  if (next.words === shown.words) {
    return nowMs - before.numbersMs < NUMBERS_MS ? before : { ...before, shown: next, numbersMs: nowMs };
  }
  // What is added at the end of a sentence without a reason takes nothing away from who is reading it.
  const isAdded = next.about === shown.about && !shown.explains && next.explains;
  const isOther = next.about !== shown.about;
  const mayChange = isOther
    ? nowMs - before.classMs >= CLASS_MS
    : isAdded || nowMs - before.wordsMs >= WORDS_MS;
  if (!mayChange) return before;
  const classMs = isOther && shown.about !== null ? nowMs : before.classMs;
  return { ...before, shown: next, wordsMs: nowMs, numbersMs: nowMs, classMs };
}
