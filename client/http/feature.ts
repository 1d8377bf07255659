/** The feature visualisation of one channel, as it grows. */
import { type ReadonlySignal, signal } from "@preact/signals";
import * as v from "valibot";
import { type FeatureLine, FeatureLineSchema } from "../../shared/inside.ts";
import { readNdjson } from "../../shared/ndjson.ts";
import { checked, problemWords, Refusal } from "./http.ts";

/** Which channel is visualised, and how. */
export interface FeatureQuestion {
  /** Id of the model; null: the server's first one. */
  readonly model: string | null;
  readonly layer: string;
  readonly channel: number;
  readonly steps: number;
  readonly seed: number;
}

/**
 * Asks for a feature visualisation, line by line.
 *
 * @throws Refusal, or TypeError where the server cannot be reached
 */
async function* askFeature(
  { model, layer, channel, steps, seed }: FeatureQuestion,
  signal: AbortSignal,
): AsyncGenerator<Extract<FeatureLine, { step: number }>, void, undefined> {
  const query = new URLSearchParams({
    ...(model !== null && { model }),
    of: "channel",
    layer,
    channel: String(channel),
    steps: String(steps),
    seed: String(seed),
  });
  const response = await checked(await fetch(`/api/feature?${query}`, { signal }));
  for await (const line of readNdjson(response.body)) {
    const read = v.parse(FeatureLineSchema, line);
    if ("code" in read) throw new Refusal(read.words);
    yield read;
  }
}

/** How a visualisation stands. */
export type FeatureState =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly question: FeatureQuestion; readonly step: number; readonly png: Png }
  /** `silent`: the channel never answered, so that the picture shows nothing of it. */
  | { readonly kind: "done"; readonly question: FeatureQuestion; readonly png: Png; readonly silent: boolean }
  | { readonly kind: "failed"; readonly words: string };

/** A picture in base64, or null before the first. */
type Png = string | null;

/** Runs one visualisation at a time. */
export interface Feature {
  readonly state: ReadonlySignal<FeatureState>;
  start(question: FeatureQuestion): void;
  /** Stops what runs and forgets what was made. */
  stop(): void;
}

/** Makes it; nothing runs until `start()`. */
export function createFeature(): Feature {
  const state = signal<FeatureState>({ kind: "idle" });
  let run = new AbortController();

  async function follow(question: FeatureQuestion, { signal }: AbortController): Promise<void> {
    let png: Png = null;
    try {
      for await (const line of askFeature(question, signal)) {
        png = line.png ?? png;
        state.value = line.done
          ? { kind: "done", question, png, silent: line.silent }
          : { kind: "running", question, step: line.step, png };
      }
    } catch (error) {
      if (signal.aborted) return;
      state.value = { kind: "failed", words: problemWords(error) };
    }
  }

  function stop(): void {
    run.abort();
    state.value = { kind: "idle" };
  }

  return {
    state,
    start(question) {
      stop();
      run = new AbortController();
      state.value = { kind: "running", question, step: 0, png: null };
      void follow(question, run);
    },
    stop,
  };
}
