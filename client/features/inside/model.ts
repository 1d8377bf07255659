/** What the panel shows: the network's structure, a layer, a page of its channels, what they add to a class. */
import { computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import { CHANNELS_PER_PAGE, type Inside, type InsideHead } from "../../../shared/inside.ts";
import { extentProperty } from "../../../shared/map_extent.ts";
import type { Welcome } from "../../../shared/protocol.ts";
import { inputOf, requestModel } from "../../live/served_models.ts";
import { problemWords } from "../../http/http.ts";
import type { Source } from "../../picture/source.ts";
import { enlarge, type Enlarged } from "../../stage/enlarged.ts";
import { targetText } from "../../view/target_text.ts";
import type { ViewState } from "../../view/view_state.ts";
import { askInside, askLayers, type InsideQuestion } from "./api.ts";
import { createFeature, type Feature } from "../../http/feature.ts";
import { feed, PAGE_TIME } from "./feed.ts";
import { NewestPicture, type PicturePorts } from "../../picture/newest_picture.ts";
import { type LayersAnswer, type LayerStage, structureOf } from "./structure.ts";

/** Pause before the layers are asked for again, in ms. */
const RETRY_MS = 2_000;

/** Time from one question for contributions to the next while the picture moves, in ms: they cost a backward pass. */
const CONTRIBUTIONS_MS = 1_000;

/** How the answers come. */
export type FeedStatus =
  | { readonly kind: "waiting" }
  | { readonly kind: "live" }
  | { readonly kind: "problem"; readonly words: string };

/** What the model needs. */
export interface InsideModelPorts extends PicturePorts {
  readonly source: Pick<Source, "isStill" | "kind" | "frozen">;
  readonly welcome: ReadonlySignal<Welcome | null>;
  /** The view, whose class is what channels add to. */
  readonly view: ReadonlySignal<ViewState>;
  /** Every class label by index; empty until they are loaded. */
  readonly labels: ReadonlySignal<readonly string[]>;
  /** The channel that is shown over the picture, or null. */
  readonly enlarged: Signal<Enlarged | null>;
}

/** The list of layers; while it is open it asks, until it is disposed of. */
export class InsideModel {
  readonly #ports: InsideModelPorts;
  readonly #network = signal<LayersAnswer | null>(null);
  readonly #chosen = signal<string | null>(null);
  readonly #answer = signal<Inside | null>(null);
  readonly #contributions = signal<InsideHead["contributions"]>(null);
  readonly #status = signal<FeedStatus>({ kind: "waiting" });
  readonly #end = new AbortController();
  /** Ends the question for the layers of the model before. */
  #loading = new AbortController();
  readonly #stopFollowing: () => void;
  /** Whether the layers are listed: nothing is asked about them otherwise. */
  readonly isListed: Signal<boolean> = signal(false);
  /** The page of channels that is shown, from 1. */
  readonly pageNumber: Signal<number> = signal(1);
  readonly feature: Feature = createFeature();
  /** Id of the model that is looked into; null before the first connection. */
  readonly model: ReadonlySignal<string | null> = computed(() => this.#ports.welcome.value?.model.id ?? null);
  readonly stages: ReadonlySignal<readonly LayerStage[]> = computed(() =>
    structureOf(this.#network.value?.layers ?? [])
  );
  /** The layer that is looked at, or null before the network is known. */
  readonly layer: ReadonlySignal<string | null> = computed(() =>
    this.#chosen.value ?? this.#network.value?.defaultLayer ?? null
  );
  /** The last answer for this layer and page, or null. */
  readonly inside: ReadonlySignal<Inside | null> = computed(() => {
    const head = this.#answer.value?.head;
    return head?.layer === this.layer.value && head?.page === this.pageNumber.value
      ? this.#answer.value
      : null;
  });
  /** Stands for a still picture; another one where the source or the held picture is another. */
  readonly #stillness = computed(() => {
    const { kind, frozen } = this.#ports.source;
    return { source: kind.value, frozen: frozen.value };
  });

  constructor(ports: InsideModelPorts) {
    this.#ports = ports;
    const picture = new NewestPicture(ports);
    const stops = [
      effect(() => this.#followChannel(ports.enlarged.value)),
      effect(() => this.#followModel(this.model.value)),
    ];
    this.#stopFollowing = () => stops.forEach((stop) => stop());
    void feed({
      question: () => this.isListed.value ? this.#question() : null,
      lighter: (question) => ({ ...question, target: null }),
      about: ({ layer, target }) => `${layer} ${target}`,
      fullMs: CONTRIBUTIONS_MS,
      picture: () => picture.read(inputOf(ports.welcome.value)),
      stillness: () => ports.source.isStill() ? this.#stillness.value : null,
      ask: askInside,
      onAnswer: (inside) => this.#onAnswer(inside),
      onProblem: (error) => this.#onProblem(error),
      time: PAGE_TIME,
    }, this.#end.signal);
  }

  /** The network, or null before it is known. */
  get network(): ReadonlySignal<LayersAnswer | null> {
    return this.#network;
  }

  /** The model as requests name it; a signal is read. */
  get request(): string | null {
    const welcome = this.#ports.welcome.value;
    return welcome === null ? null : requestModel(welcome);
  }

  get contributions(): ReadonlySignal<InsideHead["contributions"]> {
    return this.#contributions;
  }

  get status(): ReadonlySignal<FeedStatus> {
    return this.#status;
  }

  /** Channel of the chosen layer that lies over the picture, or null. */
  get enlargedChannel(): number | null {
    const enlarged = this.#ports.enlarged.value;
    return enlarged !== null && enlarged.layer === this.layer.value ? enlarged.channel : null;
  }

  chooseLayer(next: string): void {
    if (next === this.layer.value) return;
    this.#begin(next);
  }

  /** Shows a channel over the picture, and the page that it is on; hides it where it is shown. */
  toggleChannel(channel: number): void {
    const layer = this.layer.value;
    if (layer === null) return;
    const { enlarged } = this.#ports;
    if (this.enlargedChannel === channel) {
      enlarged.value = null;
      return;
    }
    this.pageNumber.value = Math.floor(channel / CHANNELS_PER_PAGE) + 1;
    enlarged.value = { layer, channel, map: null };
  }

  dispose(): void {
    this.#end.abort();
    this.#stopFollowing();
    this.feature.stop();
    this.#ports.enlarged.value = null;
  }

  /** Looks at a layer from its first page on; null: the network's own. */
  #begin(layer: string | null): void {
    this.#chosen.value = layer;
    this.pageNumber.value = 1;
    this.#answer.value = null;
    this.#contributions.value = null;
    this.#ports.enlarged.value = null;
  }

  /** Another model has other layers. */
  #followModel(model: string | null): void {
    this.#loading.abort();
    if (model === null) return;
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    untracked(() => {
      this.#network.value = null;
      this.#begin(null);
      void this.#load(this.request, AbortSignal.any([signal, this.#end.signal]));
    });
  }

  async #load(model: string | null, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#network.value === null) {
      try {
        const network = await askLayers(model, signal);
        if (!signal.aborted) this.#network.value = network;
      } catch (error) {
        if (signal.aborted) return;
        this.#onProblem(error);
        await PAGE_TIME.pause(RETRY_MS, signal);
      }
    }
  }

  #question(): InsideQuestion | null {
    const layer = this.layer.value;
    if (layer === null) return null;
    const { view, labels } = this.#ports;
    return {
      model: this.request,
      layer,
      page: this.pageNumber.value,
      channel: this.enlargedChannel,
      target: targetText(view.value.current.target, labels.value),
    };
  }

  #onAnswer(next: Inside): void {
    const { head, raw } = next;
    if (head.layer !== this.layer.value) return;
    this.#status.value = { kind: "live" };
    this.#answer.value = next;
    if (head.contributions !== null) this.#contributions.value = head.contributions;
    const { enlarged: { value: enlarged } } = this.#ports;
    if (raw === null || enlarged?.layer !== head.layer || enlarged.channel !== head.channel) return;
    const { height, width, extent } = head;
    const plane = { height, width, values: raw, ...extentProperty(extent) };
    this.#ports.enlarged.value = enlarge(enlarged, plane, performance.now());
  }

  #onProblem(error: unknown): void {
    this.#status.value = { kind: "problem", words: `${problemWords(error)} It is tried again.` };
  }

  /** What was made of one channel is none of the next one's. */
  #followChannel(shown: Enlarged | null): void {
    const state = this.feature.state.peek();
    const question = "question" in state ? state.question : null;
    const same = shown !== null && question?.channel === shown.channel && question.layer === shown.layer;
    if (!same && state.kind !== "idle") this.feature.stop();
  }
}
