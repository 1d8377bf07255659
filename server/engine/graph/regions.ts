/** Forward passes of inputs that differ from a known one in a window each: computed where that changes something. */
import { LruCache } from "../../../shared/lru_cache.ts";
import type { NativeCalls } from "../native/calls.ts";
import type { Kernels, Value } from "./kernels.ts";
import { present, type Program } from "./program.ts";
import { type Part, planRegions, type RegionPlan, same } from "./region_plan.ts";

/** Plans that are kept, one for each size of window. */
const KEPT_PLANS = 4;

/** The values of an unchanged input, one row of a batch. */
export interface Unchanged {
  /** By node: the values of the batch, and which row of them. */
  readonly values: ReadonlyMap<string, Value>;
  readonly row: number;
}

/** A window of the input that is changed, in pixels. */
export interface Changed {
  readonly top: number;
  readonly left: number;
  readonly unchanged: Unchanged;
}

/** What a forward pass in parts takes. */
export interface RegionCall {
  /** Height and width of the windows, in pixels. */
  readonly window: readonly [number, number];
  /** The windows' numbers, `[rows, height, width, 3]`; stay the caller's. */
  readonly fresh: Value;
  /** Where each of them lies. */
  readonly rows: readonly Changed[];
  /** Names of nodes to be read, each once. */
  readonly keep: readonly string[];
}

/** Computes in parts. */
export class Regions {
  readonly #program: Program;
  readonly #kernels: Kernels;
  readonly #native: NativeCalls;
  readonly #plans = new LruCache<string, RegionPlan | null>(KEPT_PLANS);

  constructor(program: Program, kernels: Kernels, native: NativeCalls) {
    this.#program = program;
    this.#kernels = kernels;
    this.#native = native;
  }

  /** Nodes whose values for the unchanged input have to be at hand, or null where parts are of no use. */
  reads({ window, keep }: Pick<RegionCall, "window" | "keep">): readonly string[] | null {
    const plan = this.#plan(window, keep);
    return plan?.reads.map((place) => present(this.#program.graph.nodes[place]).name) ?? null;
  }

  /**
   * Computes some nodes for a batch.
   *
   * @returns the kept values in the order of `keep`, `[rows, …]`, the caller's to free
   * @throws Error where the windows cannot be computed in parts; see `reads`
   */
  forward(call: RegionCall): readonly Value[] {
    const plan = this.#plan(call.window, call.keep);
    if (plan === null) throw new Error("Cannot compute in parts: the whole network sees the window");
    return new Pass(this.#program, this.#kernels, plan, call).run();
  }

  #plan(window: readonly [number, number], keep: readonly string[]): RegionPlan | null {
    const key = JSON.stringify([window, keep]);
    return this.#plans.getOrMake(key, () => {
      const places = new Set(keep.map((name) => this.#program.place(name)));
      return planRegions(this.#program, this.#native, window, places);
    });
  }
}

/** One forward pass. */
class Pass {
  readonly #program: Program;
  readonly #kernels: Kernels;
  readonly #plan: RegionPlan;
  readonly #call: RegionCall;
  /** Values by place: of parts where the plan has one, else whole; and parts that were made whole. */
  readonly #values: (Value | undefined)[] = [];
  readonly #wholes = new Map<number, Value>();

  constructor(program: Program, kernels: Kernels, plan: RegionPlan, call: RegionCall) {
    this.#program = program;
    this.#kernels = kernels;
    this.#plan = plan;
    this.#call = call;
  }

  run(): readonly Value[] {
    const { input } = this.#program;
    this.#values[input] = this.#call.fresh;
    for (const { place, frees } of this.#plan.steps) {
      this.#values[place] = this.#compute(place);
      for (const dead of frees) this.#free(dead);
    }
    this.#freeWhole(input);
    return this.#call.keep.map((name) => present(this.#values[this.#program.place(name)]));
  }

  #compute(place: number): Value {
    const { feeds, compute, computePart } = this.#program.at(place);
    const part = this.#plan.parts[place] ?? null;
    const batch = this.#call.rows.length;
    if (part === null) return compute(feeds.map((feed) => this.#whole(feed)), batch);
    const reach = present(this.#plan.reaches[place] ?? undefined);
    switch (reach.kind) {
      case "cell": {
        const cut = feeds.map((feed) =>
          same(this.#partOf(feed), part)
            ? null
            : this.#assemble(feed, sizeOf(part), (row) => this.#start(part, row))
        );
        const value = compute(feeds.map((feed, index) => cut[index] ?? present(this.#values[feed])), batch);
        for (const own of cut) if (own !== null) this.#kernels.free(own);
        return value;
      }
      case "window": {
        const [rows, columns] = reach.axes;
        const [high, wide] = sizeOf(part);
        const seen = [
          (high - 1) * rows.stride + rows.size,
          (wide - 1) * columns.stride + columns.size,
        ] as const;
        const cut = this.#assemble(present(feeds[0]), seen, (row) => {
          const [top, left] = this.#start(part, row);
          return [top * rows.stride - rows.before, left * columns.stride - columns.before];
        });
        const value = computePart(cut, [high, wide]);
        this.#kernels.free(cut);
        return value;
      }
      default:
        throw new Error(
          `Cannot compute a part: its reach ${reach satisfies never} is unknown`,
        );
    }
  }

  /** A node's value as a whole. */
  #whole(place: number): Value {
    const part = this.#plan.parts[place] ?? null;
    if (part === null) return present(this.#values[place]);
    const known = this.#wholes.get(place);
    if (known !== undefined) return known;
    const [height = 1, width = 1] = this.#program.at(place).shape;
    const whole = this.#assemble(place, [height, width], () => [0, 0]);
    this.#wholes.set(place, whole);
    return whole;
  }

  /** Cuts a rectangle out of a node's unchanged values, each row its own, with the part laid over it. */
  #assemble(
    place: number,
    [height, width]: readonly [number, number],
    startOf: (row: number) => readonly [number, number],
  ): Value {
    const { shape: [wholeHeight = 1, wholeWidth = 1, channels = 1] } = this.#program.at(place);
    const { name } = present(this.#program.graph.nodes[place]);
    const part = this.#partOf(place);
    const [newHeight, newWidth] = sizeOf(part);
    const fresh = this.#kernels.address(present(this.#values[place]));
    const cut = this.#kernels.allocate([this.#call.rows.length, height, width, channels]);
    const pixelBytes = channels * Float32Array.BYTES_PER_ELEMENT;
    present(this.#kernels.native ?? undefined).assemble({
      target: this.#kernels.address(cut),
      height,
      width,
      wholeHeight,
      wholeWidth,
      newHeight,
      newWidth,
      pixelBytes,
      cutOuts: this.#call.rows.map(({ unchanged }, row) => {
        const [top, left] = startOf(row);
        const [freshTop, freshLeft] = this.#start(part, row);
        const whole = this.#kernels.address(present(unchanged.values.get(name)));
        return {
          whole: whole + unchanged.row * wholeHeight * wholeWidth * pixelBytes,
          fresh: fresh + row * newHeight * newWidth * pixelBytes,
          top,
          left,
          freshTop,
          freshLeft,
        };
      }),
    });
    return cut;
  }

  /** Where a row's part begins. */
  #start([rows, columns]: Part, row: number): readonly [number, number] {
    const { top, left } = present(this.#call.rows[row]);
    return [present(rows.starts[top]), present(columns.starts[left])];
  }

  #partOf(place: number): Part {
    return present(this.#plan.parts[place] ?? undefined);
  }

  #free(place: number): void {
    const value = this.#values[place];
    if (value !== undefined) this.#kernels.free(value);
    this.#values[place] = undefined;
    this.#freeWhole(place);
  }

  #freeWhole(place: number): void {
    const whole = this.#wholes.get(place);
    if (whole !== undefined) this.#kernels.free(whole);
    this.#wholes.delete(place);
  }
}

function sizeOf([rows, columns]: Part): readonly [number, number] {
  return [rows.size, columns.size];
}
