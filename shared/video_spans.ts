/** Which class a video showed when. Pure. */
import type { Prediction } from "./protocol.ts";
import { followSpans, NO_SPANS, type Span, type SpanEvent, type SpanState } from "./spans.ts";

/** A class that stayed first for a while; times in s. */
export interface VideoSpan {
  readonly index: number;
  readonly label: string;
  readonly fromS: number;
  readonly toS: number;
  readonly frames: number;
  /** Mean probability, 0…1. */
  readonly mean: number;
}

/** How often a class was first in all frames. */
export interface VideoClass {
  readonly index: number;
  readonly label: string;
  readonly frames: number;
  /** Of the explained frames, 0…1. */
  readonly share: number;
}

/** What a video showed, by time and in all. */
export interface VideoContents {
  /** In the order of time; between them no class stayed first. */
  readonly spans: readonly VideoSpan[];
  /** The most frequent first. */
  readonly classes: readonly VideoClass[];
  /** Frames whose first class was no more than a guess. */
  readonly unsureFrames: number;
  readonly frames: number;
}

/** Follows the first classes of a video's frames. */
export class VideoSpans {
  #state: SpanState = NO_SPANS;
  readonly #ended: Span[] = [];
  readonly #counts = new Map<number, { label: string; frames: number }>();
  #frames = 0;
  #unsure = 0;

  /** Takes the next explained frame. */
  take(first: Prediction, unsure: boolean, seconds: number): void {
    this.#frames++;
    if (unsure) this.#unsure++;
    const count = this.#counts.get(first.index) ?? { label: first.label, frames: 0 };
    this.#counts.set(first.index, { ...count, frames: count.frames + 1 });
    this.#follow(
      unsure ? { kind: "unsure" } : {
        kind: "sighting",
        sighting: {
          classIndex: first.index,
          label: first.label,
          probability: first.probability,
          method: "",
          modelId: "",
          modelName: "",
          modelHash: "",
          taughtHead: null,
          timeMs: seconds * 1_000,
        },
      },
    );
  }

  /** What was seen up to the end of the video, in s. */
  contents(endS: number): VideoContents {
    this.#follow({ kind: "stop" });
    const spans = this.#ended.map((span, place): VideoSpan => {
      const next = this.#ended[place + 1]?.startMs ?? endS * 1_000;
      return {
        index: span.classIndex,
        label: span.label,
        fromS: span.startMs / 1_000,
        // A span ends with its last frame, which is shown until the next one.
        toS: Math.min(next, span.endMs + (span.endMs - span.startMs) / Math.max(1, span.frames - 1)) / 1_000,
        frames: span.frames,
        mean: span.mean,
      };
    });
    const classes = [...this.#counts].map(([index, { label, frames }]) => ({
      index,
      label,
      frames,
      share: frames / this.#frames,
    })).sort((a, b) => b.frames - a.frames);
    return { spans, classes, unsureFrames: this.#unsure, frames: this.#frames };
  }

  #follow(event: SpanEvent): void {
    const { state, changes } = followSpans(this.#state, event);
    this.#state = state;
    for (const { kind, span } of changes) if (kind === "ended") this.#ended.push(span);
  }
}
