/**
 * How much of the WebAssembly memory a model gets, and how many inputs of a part fit into it at a time.
 *
 * The memory's addresses are reserved once, as the kernels' code wants them; what counts is how much of it is written
 * to. That is the model's constants, the values of unchanged frames that windows are computed upon, and the room that
 * one part of a batch computes in.
 */
import { LruCache } from "../../../../shared/lru_cache.ts";
import {
  allValueBytes,
  constantBytes,
  type Footprint,
  formBytes,
  forwardFootprint,
  type PullEnds,
  recordFootprint,
} from "../../graph/footprint.ts";
import type { Outline } from "../../graph/outline.ts";
import type { Way } from "../../graph/recording.ts";
import { size } from "../../graph/shapes.ts";
import { MAX_BATCH_ROWS } from "../../port.ts";
import type { FormOutline } from "../network/forms.ts";
import type { Part } from "./parts.ts";
import { keptBy } from "./forward_rows.ts";
import { wayThrough } from "./gradient_ends.ts";
import { kindOf, OWN_KINDS } from "../wants/mod.ts";
import type { Footprints } from "../wants/want.ts";

/** Most that values and constants may take together: addresses of 31 bits, less what lies between them unused. */
export const HEAP_BYTES = Math.floor(0.9 * 2 ** 31);

/** Room for one part beyond which a batch is no faster for being larger. */
const ROOM_BYTES = 2 ** 29;

/** Values of unchanged frames. */
const UNCHANGED_BYTES = 2 ** 27;
const UNCHANGED_FRAMES = 8;

/** Constants of forms that are not shared with the fast one. */
const FORM_BYTES = 2 ** 26;

/** What the process takes beside the WebAssembly memory: V8, code, pictures, results on their way. */
const PROCESS_BYTES = 2 ** 28;

/** Footprints that are remembered for each form. */
const KEPT_FOOTPRINTS = 64;

const FLOAT_BYTES = 4;

/** What the memory is divided by. */
export interface RoomOptions {
  readonly native: boolean;
  /** Bytes that values and constants may take; see {@link heapBytes}. */
  readonly heapBytes: number;
}

/** How the memory is divided. */
export class Room {
  /** Bytes for the values of unchanged frames. */
  readonly unchangedBytes: number;
  /** Bytes for constants of forms beside the fast one. */
  readonly formBytes: number;
  /** Bytes for one part. */
  readonly bytes: number;
  readonly #options: RoomOptions;
  readonly #known = new WeakMap<Outline, LruCache<string, Footprint>>();

  /**
   * Divides the memory for a model.
   *
   * @param fast the form that most rows are computed in
   * @throws Error where one picture does not fit
   */
  constructor(fast: FormOutline, options: RoomOptions) {
    const { graph } = fast.executor;
    this.#options = options;
    const constants = constantBytes(graph, options);
    // Other forms unfold convolutions, or draw the weights of the head.
    const largest = graph.nodes
      .filter(({ kind, name }) => kind === "conv" || kind === "depthwise" || name === graph.logits)
      .flatMap((node) => Object.values(node.weights).map((weight) => formBytes(node, weight, options)));
    const needed = (footprint: Footprint, inputs = 1) => footprint.fixed + inputs * footprint.perInput;
    const forward = needed(forwardFootprint(fast.outline, [graph.logits], options));
    const left = options.heapBytes - constants;
    if (forward > left) {
      throw new Error(
        `Cannot load the model: it needs ${megabytes(constants + forward)} MB for one picture, ` +
          `and ${megabytes(options.heapBytes)} MB are there`,
      );
    }
    const frames = UNCHANGED_FRAMES * allValueBytes(graph);
    this.formBytes = Math.min(Math.max(FORM_BYTES, ...largest), (left - forward) / 4);
    this.unchangedBytes = Math.min(frames, UNCHANGED_BYTES, (left - forward) / 4);
    const most = left - this.formBytes - this.unchangedBytes;
    const hungriest = Math.max(
      ...OWN_KINDS.map((kind) => needed(kind.footprint(fast, null, this.#footprints(fast.outline), []))),
    );
    this.bytes = Math.min(most, Math.max(ROOM_BYTES, hungriest));
  }

  /** Inputs of a part that fit at a time, 0 to the rows of a batch. */
  most(form: FormOutline, part: Part, windowsRead: readonly string[]): number {
    const { fixed, perInput } = this.footprint(form, part, windowsRead);
    return Math.max(0, Math.min(MAX_BATCH_ROWS, Math.floor((this.bytes - fixed) / perInput)));
  }

  /** Why not even one input of a part can be computed, in half a sentence. */
  lack(form: FormOutline, part: Part, windowsRead: readonly string[]): string {
    const { fixed, perInput } = this.footprint(form, part, windowsRead);
    return `it needs ${megabytes(fixed + perInput)} MB, and ${megabytes(this.bytes)} MB are there`;
  }

  /**
   * What a part takes.
   *
   * @param windowsRead nodes of which unchanged frames are kept for windows to come
   */
  footprint(form: FormOutline, part: Part, windowsRead: readonly string[]): Footprint {
    const { outline, executor: { graph } } = form;
    const bytesAt = (name: string) => FLOAT_BYTES * size(outline.at(outline.place(name)).shape);
    const sum = (names: readonly string[]) => names.reduce((bytes, name) => bytes + bytesAt(name), 0);
    switch (part.kind) {
      case "values": {
        const keep = keptBy(form, part.inputs);
        const own = windowsRead.filter((name) => graph.nodes.some((node) => node.name === name));
        const { fixed, perInput } = this.#forward(outline, [...new Set([...keep, ...own])]);
        return { fixed, perInput: perInput + sum(keep) };
      }
      case "windows": {
        // Each input may be of another frame, whose values are not there yet.
        const keep = keptBy(form, part.inputs);
        const { fixed, perInput } = this.#forward(outline, keep);
        return { fixed: fixed + allValueBytes(graph), perInput: perInput + sum(keep) + sum(windowsRead) };
      }
      case "gradients": {
        const { way, ends } = wayThrough(form, part);
        const pulls = ends.map(({ from, at }) => ({ from, to: [at] }));
        const { fixed, perInput } = this.#record(outline, way, pulls);
        const copies = 1 + Math.max(...part.inputs.map(({ requests }) => requests.length));
        return { fixed, perInput: perInput + copies * sum(ends.map(({ at }) => at)) };
      }
      case "own": {
        const kind = kindOf({ kind: part.want });
        if (kind.pass === "own") {
          return kind.footprint(form, part.from, this.#footprints(outline), part.layers ?? []);
        }
        throw new TypeError(`Cannot plan a part: expected a want with a pass of its own, got ${part.want}`);
      }
      default:
        throw new TypeError(`Cannot plan a part: expected a known kind, got ${part satisfies never}`);
    }
  }

  #footprints(outline: Outline): Footprints {
    return {
      forward: (keep) => this.#forward(outline, keep),
      record: (way, pulls) => this.#record(outline, way, pulls),
    };
  }

  #forward(outline: Outline, keep: readonly string[]): Footprint {
    return this.#once(outline, keep, () => forwardFootprint(outline, keep, this.#options));
  }

  #record(outline: Outline, way: Way, pulls: readonly PullEnds[]): Footprint {
    return this.#once(outline, [way, pulls], () => recordFootprint(outline, way, pulls, this.#options));
  }

  /** Batches ask for the same over and over. */
  #once(outline: Outline, asked: unknown, work: () => Footprint): Footprint {
    const known = this.#known.get(outline) ?? new LruCache<string, Footprint>(KEPT_FOOTPRINTS);
    this.#known.set(outline, known);
    return known.getOrMake(JSON.stringify(asked), work);
  }
}

/**
 * Bytes of the WebAssembly memory that may be written to.
 *
 * @param available what the machine has left, in bytes, or null where that is not known
 */
export function heapBytes(available: number | null): number {
  return available === null ? HEAP_BYTES : Math.max(0, Math.min(HEAP_BYTES, available - PROCESS_BYTES));
}

/** What the machine has left, in bytes, or null where the process may not ask. */
export function availableBytes(): number | null {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "systemMemoryInfo" });
  return state === "granted" ? Deno.systemMemoryInfo().available : null;
}

function megabytes(bytes: number): string {
  return Math.ceil(bytes / 1e6).toLocaleString("en");
}
