/** What somebody sees who watches: pictures and maps of the presenter, always of the same frame. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { aspectOf } from "../../shared/aspect.ts";
import type { BundlePart } from "../../shared/bundle.ts";
import type { Tile } from "../../shared/codec.ts";
import type {
  Prediction,
  ReadRanking,
  ReasonMessage,
  Result,
  ServerMessage,
  View,
  Welcome,
} from "../../shared/protocol.ts";
import type { RemoteCommand, StageState } from "../../shared/remote.ts";
import { sentenceOf } from "../../shared/sentence.ts";
import { NOTHING_SAID, type PacedSentence, paceSentence } from "../../shared/sentence_pace.ts";
import { type Board, createBoard } from "../live/board.ts";
import { MIDDLE_GREY } from "../map/cover_painter.ts";
import { Overlay } from "../map/overlay.ts";
import { isCut } from "../live/scene_cut.ts";
import { inputOf, ServedModels } from "../live/served_models.ts";
import { percent } from "../ui/format.ts";
import { nameOf } from "../view/labels.ts";
import { methodOf, natureOfView } from "../view/view_state.ts";
import { createWatchLink, type WatchLink } from "./watch_link.ts";
import { decodePicture, WatchPicture } from "./watch_picture.ts";
import { readPieces } from "./watch_pieces.ts";

/** Bundles that may wait for their pictures; of what comes on top only the words are taken. */
const MAX_WAITING = 4;

/** The state of a watch page; nothing happens until `start()`. */
export class WatchModel {
  readonly welcome: Signal<Welcome | null> = signal(null);
  readonly view: Signal<View | null> = signal(null);
  /** Null before the presenter's page has reported it. */
  readonly stage: Signal<StageState | null> = signal(null);
  /** What the view's map rests on, as it was measured last; null before. */
  readonly reason: Signal<ReasonMessage | null> = signal(null);
  readonly board: Board = createBoard();
  readonly picture: WatchPicture = new WatchPicture();
  readonly overlay: Overlay;
  readonly link: WatchLink;
  /** Width over height of what the presenter's model sees of a picture. */
  readonly aspect: ReadonlySignal<number> = computed(() => aspectOf(inputOf(this.welcome.value)));
  /** What is seen and why, as it may be read by now. */
  readonly sentence: Signal<PacedSentence> = signal(NOTHING_SAID);
  readonly #models = new ServedModels();
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;
  /** The ranking of the newest result; null before the first. */
  #ranking: ReadRanking | null = null;

  /** `url`: address of the socket. */
  constructor(url: string) {
    this.overlay = new Overlay({
      nature: () => natureOfView(this.view.value ?? { method: "", options: {} }, this.#methods),
      shading: (signed) => ({
        colormap: signed ? "diverging" : this.stage.value?.colormap ?? "viridis",
        floor: 0,
      }),
      still: () => this.stage.value?.frozen ?? false,
      commonScale: () => null,
      onDrawn: () => {},
    });
    this.link = createWatchLink({ url, onParts: (parts) => this.#enqueue(parts) });
  }

  start(): void {
    this.link.start();
  }

  command(command: RemoteCommand): void {
    this.link.send(command);
  }

  /** Makes the sentence of what is known by now; time in ms. */
  step(nowMs: number): void {
    const { ranking, target } = this.board.state.peek();
    const { value: view } = this.view;
    const named = (row: Prediction | null) => row && { ...row, name: nameOf(row, this.welcome.value) };
    const { value: state } = this.link.state;
    const { value: reason } = this.reason;
    const next = sentenceOf({
      target: named(target),
      first: named(ranking.rows[0] ?? null),
      unsure: ranking.unsure,
      reason: reason?.revision === view?.revision ? reason : null,
      blind: false,
      stale: state.phase !== "live" || state.away,
      signed: natureOfView(view ?? { method: "", options: {} }, this.#methods).signed,
      head: this.welcome.value?.model.head ?? "softmax",
      mirrored: this.stage.value?.mirrored === true,
    }, {
      nameOf: (index, label) => nameOf({ index, label }, this.welcome.value),
      percent,
    });
    this.sentence.value = paceSentence(this.sentence.peek(), next, nowMs);
  }

  get #methods() {
    return this.welcome.value?.methods ?? [];
  }

  #enqueue(parts: readonly BundlePart[]): void {
    const taken = this.#waiting < MAX_WAITING ? parts : parts.filter((part) => typeof part === "string");
    this.#waiting++;
    this.#queue = this.#queue.then(() => this.#act(taken)).catch(() => {}).finally(() => this.#waiting--);
  }

  async #act(parts: readonly BundlePart[]): Promise<void> {
    const pieces = readPieces(parts);
    const frame = pieces.find((one) => one.kind === "frame")?.frame;
    // Decoded first: the picture and its map appear together. One that is broken takes nothing else with it.
    const bitmap = frame === undefined ? null : await decodePicture(frame);
    for (const piece of pieces) {
      if (piece.kind === "message") this.#takeMessage(piece.message);
      else if (piece.kind === "tile") this.#takeTile(piece.tile);
      else if (bitmap !== null) this.picture.show(bitmap, this.aspect.value);
    }
  }

  #takeMessage(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        this.#models.welcomed(message);
        this.welcome.value = message;
        return this.overlay.forgetFrames();
      case "view": {
        const { type: _type, notes: _notes, ...next } = message;
        const { value: before } = this.view;
        if (before?.method !== next.method || before.model !== next.model) this.overlay.forgetScale();
        this.#showModel(next.model);
        this.reason.value = null;
        this.view.value = next;
        this.picture.setCover(next.cover ?? null, this.welcome.value?.model.grey ?? MIDDLE_GREY);
        return;
      }
      case "models":
      case "loading":
      case "model":
        return this.#models.take(message);
      case "stage":
        this.stage.value = message.stage;
        return this.overlay.redraw();
      case "away":
        this.link.away(message.on);
        // A presenter who comes back counts frames from the beginning.
        if (!message.on) this.overlay.forgetFrames();
        return;
      case "result":
        return this.#takeResult(message);
      case "reason":
        this.reason.value = message;
        return;
      case "pane":
      case "pane-result":
      case "log":
      case "logged":
      case "dropped":
      case "error":
      case "shared":
      case "flip-progress":
      case "flip-result":
      case "flip-failed":
      case "remote":
      case "ping":
      case "pong":
        // For the presenter, or for the link.
        return;
      default: {
        const _never: never = message;
        return _never;
      }
    }
  }

  /** What the presenter's view is of from now on. */
  #showModel(id: string): void {
    const { value: welcome } = this.welcome;
    const facts = this.#models.factsOf(id);
    // A model that was changed comes again by the same id (X8).
    if (welcome === null || facts === undefined || welcome.model === facts.model) return;
    this.welcome.value = { ...welcome, ...facts };
    this.#ranking = null;
  }

  #takeResult(result: Result): void {
    if (isCut(this.#ranking, result.ranking)) this.overlay.noteCut(performance.now());
    this.#ranking = result.ranking;
    this.board.take(result);
    const { value: view } = this.view;
    const progressive = view !== null && methodOf(view, this.#methods)?.progressive === true;
    this.overlay.noteFrame(result.frame, progressive);
  }

  #takeTile(tile: Tile): void {
    if (tile.revision === this.view.value?.revision) this.overlay.add(tile, performance.now());
  }
}
