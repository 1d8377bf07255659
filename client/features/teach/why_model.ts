/** Why the head says what it says of the picture of now: asked once a second while somebody looks. */
import { effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import type { HeadKind } from "../../../shared/head_model.ts";
import { extentProperty } from "../../../shared/map_extent.ts";
import type { TaughtHead, Why } from "../../../shared/teach_wire.ts";
import { createFeature, type Feature } from "../../http/feature.ts";
import { problemWords } from "../../http/http.ts";
import { enlarge, type Enlarged } from "../../stage/enlarged.ts";
import type { TeachServer } from "./server.ts";

/** Shortest time from one question to the next, in ms: the live map keeps most of the engine. */
const STEP_MS = 1_000;

/** Pause after a question that was not answered, in ms. */
const RETRY_MS = 3_000;

/** Steps of a visualisation: enough to see what it is about. */
const FEATURE_STEPS = 100;

/** What is asked about. */
export interface WhySubject {
  readonly id: string;
  /** Id of the model whose network is below the head. */
  readonly base: string;
  readonly kind: HeadKind;
  readonly headRevision: number;
}

/** What asking needs. */
export interface WhyPorts {
  readonly server: Pick<TeachServer, "why" | "head">;
  /** The head that is looked at, or null while none is learned; reads signals. */
  readonly subject: () => WhySubject | null;
  /** The newest picture as PNG, or null where there is none. */
  readonly picture: () => Uint8Array<ArrayBuffer> | null;
  /** The channel that is shown over the picture, or null. */
  readonly enlarged: Signal<Enlarged | null>;
  readonly now: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Asks from the beginning until it is disposed of. */
export class WhyModel {
  readonly #ports: WhyPorts;
  readonly #why = signal<Why | null>(null);
  readonly #head = signal<TaughtHead | null>(null);
  readonly #problem = signal<string | null>(null);
  readonly #end = new AbortController();
  readonly #stopFollowing: () => void;
  /** Ends the question for the head of before. */
  #asking = new AbortController();
  /** What a channel likes to see. */
  readonly feature: Feature = createFeature();

  constructor(ports: WhyPorts) {
    this.#ports = ports;
    let before = "";
    this.#stopFollowing = effect(() => {
      const subject = ports.subject();
      const now = JSON.stringify(subject);
      if (now === before) return;
      before = now;
      untracked(() => this.#follow(subject));
    });
    void this.#ask();
  }

  /** The newest answer of the head that is chosen, or null. */
  get why(): ReadonlySignal<Why | null> {
    return this.#why;
  }

  /** The head as it was fitted, or null before it is known. */
  get head(): ReadonlySignal<TaughtHead | null> {
    return this.#head;
  }

  get problem(): ReadonlySignal<string | null> {
    return this.#problem;
  }

  /** The channel that lies over the picture, or null; reads a signal. */
  get channel(): number | null {
    const { value } = this.#ports.enlarged;
    return value !== null && value.layer === this.#head.value?.layer ? value.channel : null;
  }

  /** Shows a channel over the picture in place of the heatmap, or the heatmap again. */
  toggleChannel(channel: number): void {
    const layer = this.#head.value?.layer ?? null;
    if (layer === null) return;
    const shown = this.channel === channel;
    this.#ports.enlarged.value = shown ? null : { layer, channel, map: null };
    const { value } = this.#why;
    if (!shown && value !== null) this.#showChannel(value);
  }

  /** Makes the picture that a channel answers to most. */
  visualise(channel: number): void {
    const [layer, subject] = [this.#head.value?.layer ?? null, this.#ports.subject()];
    if (layer === null || subject === null) return;
    // The network below the head: it stays when the head learns again or is another one.
    this.feature.start({ model: subject.base, layer, channel, steps: FEATURE_STEPS, seed: 0 });
  }

  dispose(): void {
    this.#end.abort();
    this.#asking.abort();
    this.#stopFollowing();
    this.feature.stop();
    this.#ports.enlarged.value = null;
  }

  /** Another head answers other questions; one that learned again keeps what is shown until it has answered. */
  #follow(subject: WhySubject | null): void {
    this.#asking.abort();
    if (subject?.kind !== this.#why.value?.kind) this.#why.value = null;
    if (subject?.kind !== this.#head.value?.kind) {
      // A channel that another head asked about has no newer values from now on.
      if (this.channel !== null) this.#ports.enlarged.value = null;
      this.#head.value = null;
    }
    if (subject === null) return;
    this.#asking = new AbortController();
    void this.#readHead(subject, this.#asking.signal);
  }

  async #readHead({ id, kind }: WhySubject, signal: AbortSignal): Promise<void> {
    try {
      const head = await this.#ports.server.head(id, kind, signal);
      if (!signal.aborted) this.#head.value = head;
    } catch (error) {
      if (!signal.aborted) this.#problem.value = problemWords(error);
    }
  }

  async #ask(): Promise<void> {
    const { server, subject, picture, now, pause } = this.#ports;
    const { signal } = this.#end;
    while (!signal.aborted) {
      const asked = untracked(subject);
      const png = asked === null ? null : picture();
      const startMs = now();
      if (asked !== null && png !== null) {
        try {
          const why = await server.why(asked.id, asked.kind, png, signal);
          if (untracked(subject)?.kind === asked.kind) this.#onWhy(why);
        } catch (error) {
          if (signal.aborted) return;
          this.#problem.value = problemWords(error);
          await pause(RETRY_MS, signal);
          continue;
        }
      }
      // An answer that took long is followed by as long a pause.
      const tookMs = now() - startMs;
      await pause(Math.max(STEP_MS - tookMs, tookMs), signal);
    }
  }

  #onWhy(why: Why): void {
    this.#problem.value = null;
    this.#why.value = why;
    this.#showChannel(why);
  }

  #showChannel({ layer, channels, extent }: Why): void {
    const { enlarged } = this.#ports;
    const { value } = enlarged;
    const map = channels.find(({ channel }) => channel === value?.channel);
    if (value === null || value.layer !== layer || map === undefined) return;
    const { height, width, values } = map;
    const plane = { height, width, values: Float32Array.from(values), ...extentProperty(extent) };
    enlarged.value = enlarge(value, plane, this.#ports.now());
  }
}
