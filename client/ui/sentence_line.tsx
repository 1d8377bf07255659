import type { PacedSentence } from "../../shared/sentence_pace.ts";
import { Unbroken } from "./unbroken.tsx";

/** From this many characters on a sentence is written smaller, so that it stays within its lines on phones. */
const LONG = 84;

/** Properties of the line. */
export interface SentenceLineProps {
  readonly sentence: PacedSentence;
  readonly class: string;
}

/** The sentence on what is seen and why; the room for it is there before it is. Screen readers hear it every five seconds at most. */
export function SentenceLine({ sentence: { shown, spoken }, class: name }: SentenceLineProps) {
  return (
    <>
      <p class={name} data-testid="sentence" data-long={shown.text.length > LONG}>
        <Unbroken text={shown.text} />
      </p>
      <div class="visually-hidden" role="status" aria-live="polite" data-testid="sentence-spoken">
        {spoken}
      </div>
    </>
  );
}
