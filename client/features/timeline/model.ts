/** The timeline: what it remembers, which moment is looked at, and what is drawn. Times in ms on its own clock. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { bandsOf, type Gap, gapsOf } from "./bands.ts";
import type { Drawing } from "./draw_timeline.ts";
import { type LineClass, lineClasses, linesOf } from "./lines.ts";
import type { Moment } from "./moment.ts";
import { MomentView, pictureOf } from "./moment_view.ts";
import { type PictureEncoder, startPictureWorker } from "./picture_link.ts";
import { spanFor, type Window } from "./places.ts";
import type { TimelinePorts } from "./ports.ts";
import { EMPTY_RING, follow, type Ring, type RingEvent } from "./ring.ts";
import { StreamClock } from "./stream_clock.ts";
import { StreamRecorder } from "./stream_recorder.ts";
import { thumbnailMoments, Thumbnails } from "./thumbnails.ts";

/** Length of a replay where no part was chosen, in ms. */
export const REPLAY_MS = 30_000;

/** A chosen part is at least this long, in ms. */
const SHORTEST_PART_MS = 500;

/** Steps of the figures between two choices of classes, and between two drawings for those who want no motion. */
const CALM_STEPS = 4;

/** A moment that is looked at: while it is only pointed at the stream continues, pinned it stays until it is let go. */
export interface Looked {
  readonly moment: Moment;
  readonly pinned: boolean;
}

/** The timeline's model. */
export class TimelineModel {
  /** Lies over the stage while a moment is looked at. */
  readonly view: MomentView = new MomentView();
  /** Rises whenever there is something new to draw, at most some times a second. */
  readonly drawn = signal(0);
  readonly #ports: TimelinePorts;
  readonly #looked = signal<Looked | null>(null);
  /** The moment whose picture is frozen, to be explained by any method. */
  readonly #held = signal<Moment | null>(null);
  readonly #chosen = signal<Gap | null>(null);
  readonly #clock = new StreamClock();
  readonly #thumbnails = new Thumbnails(() => this.#draw());
  readonly #encoder: PictureEncoder | null;
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");
  readonly #leave: (() => void)[];
  #ring: Ring = EMPTY_RING;
  #classes: readonly LineClass[] = [];
  #steps = 0;
  /** What is drawn while somebody points at it: what is pointed at must not move away. */
  #stillWindow: Window | null = null;

  constructor(ports: TimelinePorts) {
    this.#ports = ports;
    this.#encoder = startPictureWorker((id, picture) => this.#take({ kind: "pictured", id, picture }));
    const recorder = new StreamRecorder({
      at: (pageMs) => this.#clock.at(pageMs),
      rests: () => this.#clock.stands,
      seen: ports.seen,
      input: ports.input,
      take: (event) => this.#take(event),
      encode: (request) => this.#encoder?.encode(request),
    });
    this.#leave = [
      ports.observe(recorder),
      ports.observe({ stepped: () => this.#step() }),
      effect(() => this.#followFreeze(ports.frozen.value)),
    ];
  }

  get looked(): ReadonlySignal<Looked | null> {
    return this.#looked;
  }

  get held(): ReadonlySignal<Moment | null> {
    return this.#held;
  }

  /** The part that exports are of; null: the last 30 s. */
  get chosen(): ReadonlySignal<Gap | null> {
    return this.#chosen;
  }

  /** Whether an earlier moment is pinned or frozen: the page shows no live picture. */
  readonly isBack: ReadonlySignal<boolean> = computed(() =>
    this.#looked.value?.pinned === true || this.#held.value !== null
  );

  get moments(): readonly Moment[] {
    return this.#ring.moments;
  }

  /** Memory of what is remembered, in bytes. */
  get bytes(): number {
    return this.#ring.bytes;
  }

  /** The classes that have lines, in the order of their weight. */
  get classes(): readonly LineClass[] {
    return this.#classes;
  }

  /** Now, on the timeline. */
  get nowMs(): number {
    return this.#clock.at(performance.now());
  }

  get window(): Window {
    const endMs = this.nowMs;
    return this.#stillWindow ?? { endMs, spanMs: spanFor(endMs - (this.moments[0]?.atMs ?? endMs)) };
  }

  /** What is drawn now; `width` and `side`: those of the drawing and of a thumbnail, in pixels. */
  drawing(width: number, side: number): Drawing {
    const shown = thumbnailMoments(this.moments, this.window, width, side);
    return { ...this.content(), thumbnails: this.#thumbnails.take(shown) };
  }

  /** What is drawn now, without thumbnails. */
  content(): Drawing {
    const { moments, window } = this;
    const looked = this.#looked.peek()?.moment ?? this.#held.peek();
    return {
      lines: linesOf(moments, this.#classes),
      bands: bandsOf(moments),
      gaps: gapsOf(moments, window.endMs),
      thumbnails: [],
      window,
      markMs: looked?.atMs ?? null,
      chosen: this.#chosen.peek(),
    };
  }

  /** Points at a time: the nearest moment is looked at, unless another one is pinned or frozen. */
  point(atMs: number): void {
    if (this.isBack.peek()) return;
    this.#stillWindow ??= this.window;
    this.#look(this.#nearest(atMs), false);
  }

  /** Ends pointing. */
  leave(): void {
    if (this.#looked.peek()?.pinned === true || this.#held.peek() !== null) return;
    this.#look(null, false);
  }

  /** Looks at the moment nearest to a time until {@link live} is called. */
  pin(atMs: number): void {
    if (this.#held.peek() !== null) this.#ports.release();
    this.#look(this.#nearest(atMs), true);
  }

  /** Moves the moment that is looked at by a time, from now on where none is; beyond the newest one is live. */
  step(byMs: number): void {
    const from = this.#looked.peek()?.moment ?? this.#held.peek() ?? this.moments.at(-1);
    if (from === undefined) return;
    const toMs = from.atMs + byMs;
    const next = byMs < 0
      ? this.moments.findLast(({ atMs }) => atMs <= toMs) ?? this.moments[0]
      : this.moments.find(({ atMs }) => atMs >= toMs);
    next === undefined ? this.live() : this.pin(next.atMs);
  }

  /** Returns to the live picture. */
  live(): void {
    if (this.#held.peek() !== null) this.#ports.release();
    this.#look(null, false);
  }

  /** Closes what was opened last: the earlier moment, or the chosen part. */
  escape(): void {
    if (this.isBack.peek()) this.live();
    else this.choose(null);
  }

  /** Chooses a part for exports by two times in any order; null: none. */
  choose(part: readonly [number, number] | null): void {
    const [fromMs, toMs] = part === null ? [0, 0] : [Math.min(...part), Math.max(...part)];
    this.#chosen.value = toMs - fromMs < SHORTEST_PART_MS ? null : { fromMs, toMs };
    this.#draw();
  }

  /** The part that exports are of. */
  get part(): Gap {
    const { endMs } = this.window;
    return this.#chosen.peek() ?? { fromMs: endMs - REPLAY_MS, toMs: endMs };
  }

  /** Freezes the picture of the moment that is looked at, so that every method can explain it. */
  async freeze(): Promise<void> {
    const looked = this.#looked.peek();
    if (looked === null) return;
    const { moment } = looked;
    const picture = moment.picture === null ? null : await pictureOf(moment.picture).catch(() => null);
    if (this.#looked.peek()?.moment.id !== moment.id) return;
    const held = picture !== null &&
      this.#ports.hold({ image: picture, width: picture.width, height: picture.height });
    if (!held) return void this.#ports.say("The picture of this moment was not kept. Choose another moment.");
    this.#look(null, false);
    this.#held.value = moment;
    this.#draw();
  }

  dispose(): void {
    this.live();
    for (const leave of this.#leave) leave();
    this.#encoder?.dispose();
    this.#thumbnails.dispose();
    this.#ring = EMPTY_RING;
  }

  #take(event: RingEvent): void {
    this.#ring = follow(this.#ring, event);
  }

  #step(): void {
    if (!this.#clock.stands) {
      const { nowMs } = this;
      const holds = this.#ports.isStill() && this.#ports.isLive();
      this.#take(holds ? { kind: "held", nowMs } : { kind: "passed", nowMs });
    }
    const calm = this.#steps++ % CALM_STEPS === 0;
    if (calm || this.#classes.length === 0) this.#classes = lineClasses(this.moments, this.#classes);
    if (calm || !this.#calm.matches) this.#draw();
  }

  /** The clock stands while the picture is frozen: nobody's look at it costs what came before. */
  #followFreeze(frozen: boolean): void {
    if (!frozen) this.#held.value = null;
    this.#setClock();
  }

  #look(moment: Moment | undefined | null, pinned: boolean): void {
    const looked = moment === undefined || moment === null ? null : { moment, pinned };
    this.#looked.value = looked;
    if (looked === null) this.view.forget();
    else void this.view.show(looked.moment, this.moments);
    this.#setClock();
    this.#draw();
  }

  #setClock(): void {
    const nowMs = performance.now();
    const pinned = this.#looked.peek()?.pinned === true;
    if (this.#ports.frozen.peek() || pinned) this.#clock.stand(nowMs);
    else this.#clock.run(nowMs);
    if (this.#looked.peek() === null || pinned) this.#stillWindow = null;
  }

  #nearest(atMs: number): Moment | undefined {
    const shown = this.moments.filter(({ picture }) => picture !== null);
    const [first, ...others] = shown;
    if (first === undefined) return undefined;
    const distance = (moment: Moment) =>
      Math.max(moment.atMs - atMs, atMs - Math.max(moment.atMs, moment.untilMs), 0);
    return others.reduce((near, one) => distance(one) <= distance(near) ? one : near, first);
  }

  #draw(): void {
    this.drawn.value++;
  }
}
