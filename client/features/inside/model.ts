/** What the drawer shows: the network's structure, a layer, a page of its channels, what they add to a class. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { CHANNELS_PER_PAGE, type Inside, type InsideHead } from "../../../shared/inside.ts";
import { extentProperty } from "../../../shared/map_extent.ts";
import type { Page } from "../../app/page.ts";
import { targetText } from "../../view/target_text.ts";
import { AS_FILE, SquareEncoder } from "../../picture/square_encoder.ts";
import { enlarge } from "../../stage/enlarged.ts";
import { problemWords } from "../../http/http.ts";
import { askInside, askLayers } from "./api.ts";
import { createFeature, type Feature } from "./feature.ts";
import { feed, PAGE_TIME } from "./feed.ts";
import { type LayersAnswer, type Stage, structureOf } from "./structure.ts";

/** Pause before the layers are asked for again, in ms. */
const RETRY_MS = 2_000;

/** Side of a picture before the model's own is known, in px. */
const FIRST_SIDE_PX = 224;

/** How the answers come. */
export type FeedStatus =
  | { readonly kind: "waiting" }
  | { readonly kind: "live" }
  | { readonly kind: "problem"; readonly words: string };

/** The drawer's model. */
export interface InsideModel {
  /** The network, or null before it is known. */
  readonly network: ReadonlySignal<LayersAnswer | null>;
  readonly stages: ReadonlySignal<readonly Stage[]>;
  /** The layer that is looked at, or null before the network is known. */
  readonly layer: ReadonlySignal<string | null>;
  readonly pageNumber: Signal<number>;
  /** The last answer for this layer and page, or null. */
  readonly inside: ReadonlySignal<Inside | null>;
  readonly contributions: ReadonlySignal<InsideHead["contributions"]>;
  readonly status: ReadonlySignal<FeedStatus>;
  readonly feature: Feature;
  chooseLayer(layer: string): void;
  /** Shows a channel over the picture, and the page that it is on; the channel that is shown goes back. */
  toggleChannel(channel: number): void;
  dispose(): void;
}

/** Makes the model and begins to ask. */
export function createInside(page: Page): InsideModel {
  const network = signal<LayersAnswer | null>(null);
  const stages = computed(() => structureOf(network.value?.layers ?? []));
  const chosen = signal<string | null>(null);
  const layer = computed(() => chosen.value ?? network.value?.defaultLayer ?? null);
  const pageNumber = signal(1);
  const answer = signal<Inside | null>(null);
  const contributions = signal<InsideHead["contributions"]>(null);
  const status = signal<FeedStatus>({ kind: "waiting" });
  const feature = createFeature();
  const encoder = new SquareEncoder();
  const end = new AbortController();

  const inside = computed(() => {
    const { head } = answer.value ?? {};
    return head?.layer === layer.value && head?.page === pageNumber.value ? answer.value : null;
  });

  /** Stands for a still picture; another one where the source or the held picture is another. */
  const stillness = computed(() => ({ source: page.source.kind.value, frozen: page.source.frozen.value }));

  function question() {
    if (layer.value === null) return null;
    const { enlarged } = page;
    return {
      layer: layer.value,
      page: pageNumber.value,
      channel: enlarged.value?.layer === layer.value ? enlarged.value.channel : null,
      target: targetText(page.session.view.value.current.target, page.labels.value),
    };
  }

  function side(): number {
    return page.session.welcome.value?.model.width ?? FIRST_SIDE_PX;
  }

  function onAnswer(next: Inside): void {
    const { head, raw } = next;
    if (head.layer !== layer.value) return;
    status.value = { kind: "live" };
    answer.value = next;
    if (head.contributions !== null) contributions.value = head.contributions;
    const enlarged = page.enlarged.value;
    if (raw === null || enlarged?.layer !== head.layer || enlarged.channel !== head.channel) return;
    const { height, width, extent } = head;
    const plane = { height, width, values: raw, ...extentProperty(extent) };
    page.enlarged.value = enlarge(enlarged, plane, performance.now());
  }

  function onProblem(error: unknown): void {
    status.value = { kind: "problem", words: `${problemWords(error)} It is tried again.` };
  }

  async function load(): Promise<void> {
    while (!end.signal.aborted && network.value === null) {
      try {
        network.value = await askLayers(end.signal);
      } catch (error) {
        if (end.signal.aborted) return;
        onProblem(error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  // What was made of one channel is none of the next one's.
  const stopWatching = effect(() => {
    void page.enlarged.value?.channel;
    const shown = page.enlarged.peek();
    const state = feature.state.peek();
    const question = "question" in state ? state.question : null;
    const same = shown !== null && question?.channel === shown.channel && question.layer === shown.layer;
    if (!same && state.kind !== "idle") feature.stop();
  });

  void load();
  void feed({
    question,
    picture() {
      if (document.hidden) return null;
      const { surface, source } = page;
      const seen = source.isStill()
        ? encoder.still(surface.still(), side())
        : encoder.moving(surface.current(), side(), AS_FILE);
      return seen?.picture ?? null;
    },
    stillness: () => page.source.isStill() ? stillness.value : null,
    ask: askInside,
    onAnswer,
    onProblem,
    time: PAGE_TIME,
  }, end.signal);

  return {
    network,
    stages,
    layer,
    pageNumber,
    inside,
    contributions,
    status,
    feature,
    chooseLayer(next) {
      if (next === layer.value) return;
      chosen.value = next;
      pageNumber.value = 1;
      answer.value = null;
      contributions.value = null;
      page.enlarged.value = null;
    },
    toggleChannel(channel) {
      if (layer.value === null) return;
      const { enlarged } = page;
      if (enlarged.value?.layer === layer.value && enlarged.value.channel === channel) {
        enlarged.value = null;
        return;
      }
      pageNumber.value = Math.floor(channel / CHANNELS_PER_PAGE) + 1;
      enlarged.value = { layer: layer.value, channel, map: null };
    },
    dispose() {
      end.abort();
      stopWatching();
      feature.stop();
      page.enlarged.value = null;
    },
  };
}
