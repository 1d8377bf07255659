/** Why the map is as it is: the sentence below the picture and the small meter, from what the server measures. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { ReasonMessage } from "../../../shared/protocol.ts";
import { type SentenceFacts, sentenceOf, type SentenceWords } from "../../../shared/sentence.ts";
import { NOTHING_SAID, type PacedSentence, paceSentence } from "../../../shared/sentence_pace.ts";
import type { SmallMeter } from "../../../shared/small_meter.ts";
import type { StreamObserver } from "../../live/stream_observers.ts";

/** A reason of a moving picture says nothing any more after this long, in ms: what it was measured on is long past. */
const REASON_MS = 8_000;

/** What the sentence is made of beside what is measured, and whose view it is. */
export interface Said extends Omit<SentenceFacts, "reason"> {
  /** Revision of the view that is shown. */
  readonly revision: number;
}

/** What the model needs. */
export interface WhyPorts {
  readonly observe: (observer: StreamObserver) => () => void;
  /** Asks the server for reasons. */
  readonly send: (on: boolean) => void;
  /** The time in ms. */
  readonly now: () => number;
  /** What is shown now. */
  readonly said: () => Said;
  readonly words: SentenceWords;
  /** Whether the picture stands still, so that what was measured of it stays true. */
  readonly isStill: () => boolean;
}

/** What is known of why. */
export interface Why {
  readonly sentence: ReadonlySignal<PacedSentence>;
  /** Null: not measured of this map. */
  readonly meter: ReadonlySignal<SmallMeter | null>;
}

/** Follows the stream from now on. */
export function createWhy({ observe, send, now, said, words, isStill }: WhyPorts): Why {
  const sentence = signal(NOTHING_SAID);
  const meter = signal<SmallMeter | null>(null);
  let known: { readonly reason: ReasonMessage; readonly atMs: number } | null = null;

  function forget(): void {
    known = null;
    meter.value = null;
  }

  function update(): void {
    const nowMs = now();
    const shown = said();
    if (known !== null && known.reason.revision !== shown.revision) forget();
    if (known !== null && nowMs - known.atMs > REASON_MS && !isStill()) known = null;
    const reason = known?.reason ?? null;
    if (reason !== null) meter.value = reason.target.index === shown.target?.index ? reason.meter : null;
    sentence.value = paceSentence(sentence.peek(), sentenceOf({ ...shown, reason }, words), nowMs);
  }

  observe({
    connected() {
      forget();
      send(true);
    },
    accepted: update,
    pictureChanged(change) {
      if (change === "source") forget();
    },
    sceneCut: forget,
    message(message) {
      if (message.type !== "reason") return;
      known = { reason: message, atMs: now() };
      update();
    },
    stepped: update,
  });
  return { sentence, meter };
}
