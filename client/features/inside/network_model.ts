/** The network drawn on the picture of now, and the moments of the last minutes. */
import { computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import type { DrawnNetwork } from "../../../shared/network.ts";
import { extentProperty } from "../../../shared/map_extent.ts";
import { problemWords } from "../../http/http.ts";
import { inputOf, requestModel } from "../../live/served_models.ts";
import { NewestPicture } from "../../picture/newest_picture.ts";
import { enlarge } from "../../stage/enlarged.ts";
import { targetText } from "../../view/target_text.ts";
import { type Drawing, isFull, redrawn, refreshed } from "./drawing.ts";
import { feed, PAGE_TIME } from "./feed.ts";
import type { FeedStatus, InsideModelPorts } from "./model.ts";
import { type Moment, withMoment } from "./moments.ts";
import { askNetwork, type NetworkQuestion } from "./network_api.ts";

/** Time from one question for lines to the next while the picture moves, in ms: they cost about eight forward passes. */
const LINES_MS = 2_000;

/** The drawing's model; it asks from the beginning until it is disposed of. */
export class NetworkModel {
  readonly #ports: InsideModelPorts;
  readonly #drawing = signal<Drawing | null>(null);
  readonly #moments = signal<readonly Moment[]>([]);
  readonly #status = signal<FeedStatus>({ kind: "waiting" });
  readonly #end = new AbortController();
  readonly #stopFollowing: () => void;
  /** Id of the model that is drawn; null before the first connection. */
  readonly #model = computed(() => this.#ports.welcome.value?.model.id ?? null);
  /** Stands for a still picture; another one where the source or the held picture is another. */
  readonly #stillness = computed(() => {
    const { kind, frozen } = this.#ports.source;
    return { source: kind.value, frozen: frozen.value };
  });

  constructor(ports: InsideModelPorts) {
    this.#ports = ports;
    const picture = new NewestPicture(ports);
    const stops = [
      effect(() => this.#forget(this.#model.value)),
      effect(() => this.#forgetMoments(ports.source.kind.value)),
    ];
    this.#stopFollowing = () => stops.forEach((stop) => stop());
    void feed({
      question: () => this.#question(),
      lighter: (question) => this.#lighter(question),
      about: ({ model, target }) => `${model} ${target}`,
      fullMs: LINES_MS,
      picture: () => picture.read(inputOf(ports.welcome.value)),
      stillness: () => ports.source.isStill() ? this.#stillness.value : null,
      ask: async (question, seen, signal) => {
        const model = this.#model.value;
        const answer = await askNetwork(question, seen, signal);
        return { model, answer };
      },
      onAnswer: ({ model, answer }, seen) => {
        // What another model made of the picture is none of this one's.
        if (model === this.#model.value) this.#onAnswer(answer, seen);
      },
      onProblem: (error) =>
        this.#status.value = { kind: "problem", words: `${problemWords(error)} It is tried again.` },
      time: PAGE_TIME,
    }, this.#end.signal);
  }

  /** What is drawn, or null before the first answer. */
  get drawing(): ReadonlySignal<Drawing | null> {
    return this.#drawing;
  }

  /** The last minutes, the oldest first. */
  get moments(): ReadonlySignal<readonly Moment[]> {
    return this.#moments;
  }

  get status(): ReadonlySignal<FeedStatus> {
    return this.#status;
  }

  /** Reports whether a layer is one of the drawing's stages. */
  draws(layer: string | undefined): boolean {
    return this.#drawing.value?.stages.some((stage) => stage.layer === layer) ?? false;
  }

  /** The channel over the picture; a signal that may be set. */
  get enlarged(): Signal<InsideModelPorts["enlarged"]["value"]> {
    return this.#ports.enlarged;
  }

  /** Shows a channel over the picture; hides it where it is shown. */
  toggleChannel(layer: string, channel: number): void {
    const { enlarged } = this.#ports;
    const isShown = enlarged.value?.layer === layer && enlarged.value.channel === channel;
    enlarged.value = isShown ? null : { layer, channel, map: null };
  }

  dispose(): void {
    this.#end.abort();
    this.#stopFollowing();
    this.#moments.value = [];
  }

  #question(): NetworkQuestion | null {
    const { welcome, view, labels, enlarged } = this.#ports;
    if (welcome.value === null) return null;
    const shown = enlarged.value;
    return {
      model: requestModel(welcome.value),
      target: targetText(view.value.current.target, labels.value),
      named: [],
      raw: shown !== null && this.draws(shown.layer) ? { layer: shown.layer, channel: shown.channel } : null,
    };
  }

  /** Thumbnails of what is drawn take the forward pass alone. */
  #lighter(question: NetworkQuestion): NetworkQuestion {
    const stages = this.#drawing.value?.stages ?? [];
    if (stages.length === 0) return question;
    return {
      ...question,
      target: null,
      named: stages.map(({ rows }) => rows.map(({ channel }) => channel)),
    };
  }

  #onAnswer(answer: DrawnNetwork, picture: Uint8Array<ArrayBuffer>): void {
    const before = this.#drawing.value;
    this.#status.value = { kind: "live" };
    this.#drawing.value = isFull(answer) || before === null
      ? redrawn(before, answer)
      : refreshed(before, answer);
    this.#moments.value = withMoment(this.#moments.value, answer, {
      picture: new Blob([picture], { type: "image/png" }),
      atMs: PAGE_TIME.now(),
    });
    this.#enlarge(answer);
  }

  #enlarge({ head, raw }: DrawnNetwork): void {
    const { enlarged } = this.#ports;
    const shown = enlarged.value;
    const stage = head.stages[head.raw?.stage ?? -1];
    if (raw === null || stage?.layer !== shown?.layer || head.raw?.channel !== shown?.channel) return;
    if (shown === null || stage === undefined) return;
    const { height, width, extent } = stage;
    enlarged.value = enlarge(
      shown,
      { height, width, values: raw, ...extentProperty(extent) },
      PAGE_TIME.now(),
    );
  }

  /** Another model has other channels. */
  #forget(_model: string | null): void {
    untracked(() => {
      this.#drawing.value = null;
      this.#moments.value = [];
    });
  }

  /** What another source showed is none of this one's. */
  #forgetMoments(_source: unknown): void {
    untracked(() => this.#moments.value = []);
  }
}
