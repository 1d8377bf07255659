/** The comparison: panes, their maps, and what the server is asked for and answers about them. */
import { effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import type { Tile } from "../../../shared/codec.ts";
import { type Cover, sameCover } from "../../../shared/cover.ts";
import { ERRORS } from "../../../shared/errors.ts";
import type { MethodInfo, Pane, View } from "../../../shared/protocol.ts";
import type { FeatureMessage, StreamObserver } from "../../live/stream_observers.ts";
import type { Scale } from "../../../shared/moving_scale.ts";
import type { Shading } from "../../map/shade.ts";
import type { Toasts } from "../../ui/toasts.ts";
import type { PaneContent } from "../../view/pane_content.ts";
import { kindOfPane } from "./pane_kind.ts";
import { PaneMap } from "./pane_map.ts";
import { PanePictures, type PicturePorts } from "./pane_pictures.ts";
import { asked, firstPanes, NO_PANES, type PaneEvent, panesAfter, type PaneSet } from "./pane_set.ts";
import { type ScaledMap, scaleForAll, type ScaleKind } from "./scale_for_all.ts";

/** What a comparison needs. */
export interface ComparePorts extends PicturePorts {
  readonly observe: (observer: StreamObserver) => () => void;
  /** The methods of a model, or of the main pane's, as far as the server has named them. */
  readonly methods: (model: string | undefined) => readonly MethodInfo[];
  /** Width over height of what a model sees, or the main pane's, as far as it is known. */
  readonly aspectOf: (model: string | undefined) => number;
  /** The main pane's model, as far as it is known. */
  readonly mainModel: () => string | undefined;
  /** What the main pane hides from the network, or null. */
  readonly mainCover: () => Cover | null;
  /** Classes of this model are shown by name. */
  readonly needNames: (model: string) => void;
  readonly shading: (signed: boolean) => Omit<Shading, "range" | "signed">;
  /** Whether the panes are out of sight, as in present mode; a signal is read. */
  readonly isHidden: () => boolean;
  /** The main pane's map, and its method. */
  readonly main: () => ScaledMap;
  readonly mainMethod: () => string;
  /** Asks the server for the maps. */
  readonly send: (panes: Pane[]) => void;
  /** Every class label by index, as far as they are known. */
  readonly labels: () => readonly string[];
  /** The panes changed: worth remembering; null: the comparison is closed. */
  readonly onChange: (contents: readonly PaneContent[] | null) => void;
  readonly onOneScale: (on: boolean) => void;
  /** Redraws the main pane's map, whose scale may be the common one. */
  readonly redrawMain: () => void;
  readonly say: Toasts["say"];
}

/** What a visit before, or an address, says of the comparison. */
export interface StoredCompare {
  readonly contents: readonly PaneContent[];
  readonly open: boolean;
  readonly oneScale: boolean;
}

/** Panes beside the main one. */
export class Compare {
  readonly #ports: ComparePorts;
  readonly #open = signal(false);
  readonly #set = signal<PaneSet>(NO_PANES);
  readonly #oneScale = signal(false);
  readonly #maps = new Map<number, PaneMap>();
  readonly #pictures: PanePictures;
  readonly #stop: readonly (() => void)[];
  /** Of the main pane's view; without a model before the first. */
  #shownParts: { readonly model: string | undefined; readonly cover: Cover | null };
  /** The pane that has the whole area, 0 for the main one, or null. */
  readonly enlarged: Signal<number | null> = signal(null);

  /** Begins as it was stored; nothing is sent before the first connection. */
  constructor(ports: ComparePorts, { contents, open, oneScale }: StoredCompare) {
    this.#ports = ports;
    this.#shownParts = { model: undefined, cover: ports.mainCover() };
    this.#pictures = new PanePictures(ports);
    // Another pane is enlarged, or all of them go out of sight or come back.
    const stopAsking = effect(() => {
      void this.enlarged.value;
      void ports.isHidden();
      untracked(() => this.#open.value && ports.send(this.#seen()));
    });
    this.#stop = [stopAsking, ports.observe(this.#observer())];
    this.#apply({ kind: "set", contents });
    this.#open.value = open;
    this.#oneScale.value = oneScale;
  }

  get open(): ReadonlySignal<boolean> {
    return this.#open;
  }

  get set(): ReadonlySignal<PaneSet> {
    return this.#set;
  }

  /** Whether all maps are drawn on one scale. */
  get oneScale(): ReadonlySignal<boolean> {
    return this.#oneScale;
  }

  /** A pane's map, made when it is first asked for. */
  map(id: number): PaneMap {
    const known = this.#maps.get(id);
    if (known !== undefined) return known;
    const kind = () => this.#kindOf(this.#content(id));
    const made = new PaneMap({
      nature: () => kind().nature,
      shading: this.#ports.shading,
      still: this.#ports.isStill,
      commonScale: () => this.commonScale(kind()),
    });
    this.#maps.set(id, made);
    return made;
  }

  change(event: PaneEvent): void {
    this.#apply(event);
    this.#changed();
  }

  /** Removes a pane; a notice offers to restore it. */
  remove(id: number): void {
    const before = this.#contents();
    this.change({ kind: "removed", id });
    this.#ports.say("The pane is removed.", {
      label: "Undo",
      run: () => this.change({ kind: "set", contents: before }),
    });
  }

  /** Opens with the panes of before, or with a first comparison of the main pane's method; or closes. */
  toggle(): void {
    if (!this.#open.value && this.#set.value.panes.length === 0) {
      this.#apply({ kind: "set", contents: firstPanes(this.#ports.mainMethod()) });
    }
    this.#open.value = !this.#open.value;
    this.enlarged.value = null;
    for (const map of this.#maps.values()) map.clear();
    this.#changed();
    this.#ports.redrawMain();
  }

  /** Opens with these panes, in place of those of before; a notice offers to restore them. */
  show(contents: readonly PaneContent[]): void {
    const before = this.#contents();
    this.#apply({ kind: "set", contents });
    if (this.#open.value) this.#changed();
    else this.toggle();
    if (before.length === 0) return;
    this.#ports.say("The panes of before were replaced.", {
      label: "Undo",
      run: () => this.change({ kind: "set", contents: before }),
    });
  }

  setOneScale(on: boolean): void {
    this.#oneScale.value = on;
    this.redraw();
    this.#ports.redrawMain();
    this.#ports.onOneScale(on);
  }

  /** The scale of all maps of a kind, or null where each map has its own. */
  commonScale(kind: ScaleKind): Scale | null {
    if (!this.#open.value || !this.#oneScale.value) return null;
    const panes = this.#set.value.panes.filter(({ content }) => content.kind === "map").map((
      { id, content },
    ) => ({
      ...this.#kindOf(content),
      scale: this.map(id).overlay.ownScale,
    }));
    return scaleForAll([this.#ports.main(), ...panes], kind);
  }

  /** Copies the newest picture into the panes. */
  drawPictures(): void {
    if (!this.#open.value) return;
    const { aspectOf, mainCover } = this.#ports;
    const panes = this.#set.value.panes.map(({ id, content }) => ({
      map: this.map(id),
      aspect: aspectOf(content.kind === "map" ? content.model : undefined),
      cover: content.kind === "map" ? content.cover === undefined ? mainCover() : content.cover : null,
    }));
    this.#pictures.draw(panes, aspectOf(undefined));
  }

  redraw(): void {
    for (const { overlay } of this.#maps.values()) overlay.redraw();
  }

  dispose(): void {
    for (const stop of this.#stop) stop();
    for (const map of this.#maps.values()) map.dispose();
    this.#maps.clear();
  }

  #kindOf(content: PaneContent | undefined): ScaleKind {
    return kindOfPane(content, this.#ports.methods(content?.kind === "map" ? content.model : undefined));
  }

  #content(id: number): PaneContent | undefined {
    return this.#set.value.panes.find((one) => one.id === id)?.content;
  }

  #contents(): readonly PaneContent[] {
    return this.#set.value.panes.map(({ content }) => content);
  }

  #apply(event: PaneEvent): void {
    const before = this.#set.value;
    this.#set.value = panesAfter(before, event);
    const now = new Map(this.#set.value.panes.map((pane) => [pane.id, pane.revision]));
    for (const { id, revision } of before.panes) {
      if (now.has(id) && now.get(id) !== revision) this.#maps.get(id)?.clear();
    }
    for (const [id, gone] of this.#maps) {
      if (now.has(id)) continue;
      gone.dispose();
      this.#maps.delete(id);
      if (this.enlarged.value === id) this.enlarged.value = null;
    }
  }

  /** The maps that somebody sees: those behind an enlarged pane would cost the engine for nothing. */
  #seen(): Pane[] {
    if (!this.#open.value || this.#ports.isHidden()) return [];
    const shown = this.enlarged.value;
    const main = { model: this.#ports.mainModel(), cover: this.#ports.mainCover() };
    return asked(this.#set.value, main).filter(({ id }) => shown === null || shown === id);
  }

  #changed(): void {
    this.#ports.send(this.#seen());
    this.#ports.onChange(this.#open.value ? this.#contents() : null);
    this.drawPictures();
  }

  #observer(): StreamObserver {
    return {
      connected: () => this.#connected(),
      pictureChanged: (change, nextFrame) => change === "source" && this.#sourceChanged(nextFrame),
      accepted: (view) => this.#shown(view),
      afterCapture: () => this.drawPictures(),
      sceneCut: () => this.#sceneCut(),
      renormalised: () => this.#forgetScales(),
      result: ({ frame }) => this.#noteFrame(frame),
      tile: (tile, capturedMs) => this.#tile(tile, capturedMs),
      message: (message) => this.#message(message),
    };
  }

  /** A connection has begun, and knows of no pane. */
  #connected(): void {
    for (const { overlay } of this.#maps.values()) overlay.forgetFrames();
    this.#apply({ kind: "connected", labels: this.#ports.labels() });
    if (this.#open.value) this.#ports.send(this.#seen());
  }

  /** The main pane has this model and cover from now on, and so have the panes that have none of their own. */
  #shown({ model, cover: asked }: Pick<View, "model" | "cover">): void {
    const cover = asked ?? null;
    const { model: modelBefore, cover: coverBefore } = this.#shownParts;
    this.#shownParts = { model, cover };
    const covers = !sameCover(cover, coverBefore);
    const isOther = modelBefore !== undefined && modelBefore !== model;
    if (isOther) this.#apply({ kind: "main-model", before: modelBefore });
    else if (covers) this.#apply({ kind: "main-cover" });
    if (this.#open.value && (isOther || covers)) this.#ports.send(this.#seen());
  }

  /** Opens with a further pane; false where there is no room for one. */
  add(content: PaneContent): boolean {
    const before = this.#set.value;
    this.#apply({ kind: "added", content });
    if (this.#set.value === before) return false;
    if (this.#open.value) this.#changed();
    else this.toggle();
    return true;
  }

  /** No map lies over another picture. */
  #sourceChanged(firstFrame: number): void {
    for (const map of this.#maps.values()) map.sourceChanged(firstFrame);
    this.drawPictures();
  }

  /** Panes share a scale where they can: all begin again. */
  #forgetScales(): void {
    for (const { overlay } of this.#maps.values()) overlay.forgetScale();
  }

  /** The first maps of another scene set the scales. */
  #sceneCut(): void {
    for (const { overlay } of this.#maps.values()) overlay.noteCut(performance.now());
  }

  /** Maps that grow tile by tile show their age. */
  #noteFrame(frame: number): void {
    if (!this.#open.value) return;
    for (const { id, content } of this.#set.value.panes) {
      if (content.kind !== "map") continue;
      const method = this.#ports.methods(content.model).find((one) => one.id === content.method);
      this.map(id).overlay.noteFrame(frame, method?.progressive ?? false);
    }
  }

  #tile(tile: Tile, capturedMs: number | null): void {
    const pane = this.#set.value.panes.find(({ id }) => id === tile.pane);
    if (!this.#open.value || pane?.revision !== tile.revision) return;
    this.map(tile.pane).add(tile, capturedMs, performance.now());
  }

  #message(message: FeatureMessage): void {
    if (message.type === "pane") {
      // The server shows it, and names its classes.
      const { id, revision, target, against, model } = message;
      this.#apply({ kind: "accepted", id, revision, target, against });
      this.#ports.needNames(model);
    } else if (message.type === "pane-result") {
      const pane = this.#set.value.panes.find(({ id }) => id === message.pane);
      if (pane?.revision === message.revision) this.map(pane.id).say(message.predictions, performance.now());
    } else if (message.type === "error" && message.pane !== null && message.revision !== null) {
      const { pane: id, revision, code } = message;
      this.#apply({ kind: "refused", id, revision, words: ERRORS[code].words });
    }
  }
}
