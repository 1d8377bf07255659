/** The tool that covers parts of the picture: what is painted goes to the view, and a search for what flips the answer. */
import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type Cover, coveredCells, coverOf, effectiveCover, sameCover } from "../../../shared/cover.ts";
import type { FlipAsked } from "../../../shared/protocol.ts";
import type { BoardState } from "../../live/board.ts";
import type { FeatureMessage, StreamObserver } from "../../live/stream_observers.ts";
import type { CellMap } from "../../map/cell_map.ts";
import { withHottest } from "../../map/hot_cells.ts";
import type { PaintLayer } from "../../stage/stage_model.ts";
import type { NameOf } from "../../view/labels.ts";
import type { PaneContent } from "../../view/pane_content.ts";
import type { Settings } from "../../view/settings.ts";
import { askedView, type ViewState } from "../../view/view_state.ts";
import { CoverSender } from "./cover_sender.ts";
import { CLEARED, covered, type CoverEvent, type CoverState, firstCover } from "./cover_state.ts";
import { NOTHING } from "./stamp.ts";
import { foundWords } from "./words.ts";

/** Share of the picture that is covered at a time where it is hottest. */
const HOT_SHARE = 0.1;

/** What the tool needs. */
export interface CoverPorts {
  readonly observe: (observer: StreamObserver) => () => void;
  readonly view: ReadonlySignal<ViewState>;
  /** Hides a part of the picture from the network; returns the view's revision. */
  readonly setCover: (cover: Cover | null) => number;
  readonly board: ReadonlySignal<BoardState>;
  /** Whether no newer picture follows by itself. */
  readonly isStill: () => boolean;
  readonly nameOf: NameOf;
  /** Starts a search for a region that changes the answer, or ends it; false where there is no connection. */
  readonly sendFlip: (asked: FlipAsked) => boolean;
  readonly settings: ReadonlySignal<Settings>;
  readonly change: (part: Partial<Settings>) => void;
  readonly mirrored: ReadonlySignal<boolean>;
  /** Width over height of what the network sees; reads a signal. */
  readonly aspect: () => number;
  /** The map on the stage, or null. */
  readonly map: () => CellMap | null;
  /** What the stage shows as covered while somebody paints; null: what the view covers. */
  readonly painting: Signal<{ readonly cover: Cover | null } | null>;
  /** What lies over the picture to be painted on, or null. */
  readonly paintLayer: Signal<PaintLayer | null>;
  /** Opens a further pane; false where there is no room for one. */
  readonly addPane: (content: PaneContent) => boolean;
  readonly say: (words: string) => void;
}

/** A search for a region. */
export type SearchState =
  | { readonly kind: "none" }
  | { readonly kind: "running"; readonly rows: number; readonly most: number }
  | { readonly kind: "done" | "failed"; readonly words: string };

/** The tool while its panel is open. */
export class CoverModel {
  readonly #ports: CoverPorts;
  readonly #state: Signal<CoverState>;
  readonly #search = signal<SearchState>({ kind: "none" });
  readonly #sender: CoverSender;
  readonly #stop: readonly (() => void)[];
  #searchRevision = 0;

  constructor(ports: CoverPorts) {
    this.#ports = ports;
    const { coverFill, coverBrush } = ports.settings.peek();
    const cover = askedView(ports.view.peek()).cover ?? null;
    const cells = cover === null ? NOTHING : coveredCells(cover);
    this.#state = signal(firstCover({ cells, fill: cover?.fill ?? coverFill }, coverBrush));
    this.#sender = new CoverSender({
      send: ports.setCover,
      isStill: ports.isStill,
      later(run, ms) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    });
    this.#stop = [
      ports.observe(this.#observer()),
      effect(() => this.#shape(ports.aspect())),
      effect(() => this.#adopt(askedView(ports.view.value).cover ?? null)),
    ];
  }

  get state(): ReadonlySignal<CoverState> {
    return this.#state;
  }

  get search(): ReadonlySignal<SearchState> {
    return this.#search;
  }

  /** What is covered as the view has it, or null. */
  get cover(): Cover | null {
    const { cells, fill } = this.#state.value;
    return effectiveCover(coverOf(cells, fill));
  }

  /** Takes one event of hands or buttons. */
  take(event: CoverEvent): void {
    const before = this.#state.peek();
    const after = covered(before, event);
    this.#state.value = after;
    if (event.kind === "filled") this.#ports.change({ coverFill: event.fill });
    if (event.kind === "size") this.#ports.change({ coverBrush: after.size });
    if (after.cells === before.cells && after.fill === before.fill) return;
    const { cover } = this;
    this.#ports.painting.value = { cover };
    this.#sender.take(cover);
  }

  clear(): void {
    this.take(CLEARED);
  }

  /** Covers the tenth of the picture where the map is hottest, beside what is covered already. */
  coverHottest(): void {
    const cells = withHottest(this.#ports.map(), this.#state.peek().cells, HOT_SHARE);
    if (cells === null) {
      return this.#ports.say(
        "The heatmap marks nothing that could be covered: wait for a map, or choose another method.",
      );
    }
    this.take({ kind: "set", cells });
  }

  /** Keeps what is covered as a pane beside the whole picture. */
  keepAsPane(): void {
    const { cover } = this;
    if (cover === null) return;
    const { method, target, layer, options } = this.#ports.view.peek().current;
    const content = {
      kind: "map",
      method,
      target,
      against: null,
      layer: layer ?? null,
      options,
      cover,
    } as const;
    if (!this.#ports.addPane(content)) {
      return this.#ports.say(
        "There is no room for a further pane: remove one of the five, then keep this one.",
      );
    }
    this.clear();
  }

  /** Starts the search for a region that changes the answer. */
  startSearch(): void {
    const revision = ++this.#searchRevision;
    const sent = this.#ports.sendFlip({ revision, on: true, fill: this.#state.peek().fill });
    this.#search.value = sent ? { kind: "running", rows: 0, most: 0 } : {
      kind: "failed",
      words: "There is no connection to the server. Start the search again when it is back.",
    };
  }

  cancelSearch(): void {
    if (this.#search.peek().kind !== "running") return;
    this.#ports.sendFlip({ revision: this.#searchRevision, on: false, fill: "grey" });
    this.#search.value = { kind: "none" };
  }

  dispose(): void {
    this.cancelSearch();
    for (const stop of this.#stop) stop();
    // What waits goes out: the picture stays covered as it was left.
    this.#sender.settle();
    this.#ports.painting.value = null;
  }

  #shape(aspect: number): void {
    this.#state.value = covered(this.#state.peek(), { kind: "aspect", aspect });
  }

  /** The view has another cover than what was painted: a link, or the server's refusal of what was sent. */
  #adopt(cover: Cover | null): void {
    const { fill } = this.#state.peek();
    if (!this.#sender.isIdle || sameCover(cover, effectiveCover(coverOf(this.#state.peek().cells, fill)))) {
      return;
    }
    const cells = cover === null ? NOTHING : coveredCells(cover);
    this.#state.value = firstCover({ cells, fill: cover?.fill ?? fill }, this.#state.peek().size);
    this.#ports.painting.value = null;
  }

  #observer(): StreamObserver {
    return {
      answering: (revision) => this.#sender.answered(revision),
      tile: ({ pane, revision }) => pane === 0 && this.#sender.mapped(revision),
      connected: () => this.#sender.settle(),
      pictureChanged: (change) => {
        if (change !== "source" || this.#search.peek().kind !== "running") return;
        this.cancelSearch();
        const words = "The picture was changed during the search. Start it again for this one.";
        this.#search.value = { kind: "failed", words };
      },
      disconnected: () => {
        if (this.#search.peek().kind !== "running") return;
        const words = "The connection was lost. Start the search again when it is back.";
        this.#search.value = { kind: "failed", words };
      },
      message: (message) => this.#message(message),
    };
  }

  #message(message: FeatureMessage): void {
    if (message.type === "error") {
      if (message.revision === null || message.pane !== null) return;
      this.#sender.refused(message.revision);
      return this.#adopt(askedView(this.#ports.view.peek()).cover ?? null);
    }
    const isFlip = message.type === "flip-progress" || message.type === "flip-result" ||
      message.type === "flip-failed";
    if (!isFlip || message.revision !== this.#searchRevision || this.#search.peek().kind !== "running") {
      return;
    }
    if (message.type === "flip-progress") {
      const { rows, most } = message;
      this.#search.value = { kind: "running", rows, most };
    } else if (message.type === "flip-failed") {
      this.#search.value = { kind: "failed", words: `${message.message}.` };
    } else {
      const cells = message.cells === null ? null : coveredCells({ cells: message.cells });
      const words = foundWords(message, cells, {
        nameOf: this.#ports.nameOf,
        mirrored: this.#ports.mirrored.peek(),
      });
      this.#search.value = { kind: "done", words };
      if (cells !== null) this.take({ kind: "set", cells });
    }
  }
}
