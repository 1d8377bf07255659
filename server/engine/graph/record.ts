/** Keeps a forward pass and takes gradients back through it. */
import type { Kernels, Value } from "./kernels.ts";
import { present, type Program } from "./program.ts";
import type { Pull, Recording, Way } from "./recording.ts";
import type { GradientRule } from "../port.ts";
import type { Gate } from "./vjp/gate.ts";
import { accumulate } from "./vjp/merging.ts";

/** Computes a batch and keeps what `vjp` will read between `way.to` and `way.from`. */
export function record(program: Program, kernels: Kernels, input: Value, way: Way): Recording {
  const from = way.from.map((name) => program.place(name));
  const to = way.to.map((name) => program.place(name));
  const onWay = between(program, to, from);
  const kept = new Set([...from, ...to]);
  for (const place of onWay) {
    const { feeds, reads } = program.at(place);
    if (!feeds.some((feed) => onWay.has(feed))) continue;
    if (reads === "output") kept.add(place);
    if (reads === "inputs") feeds.forEach((feed) => kept.add(feed));
  }
  const values: (Value | undefined)[] = [];
  values[program.input] = input;
  program.run(program.plan(kept), values, (value) => kernels.free(value));
  values[program.input] = kept.has(program.input) ? kernels.reshape(input, input.shape) : undefined;
  return new Tape({ program, kernels, way, values, batch: input.shape[0] ?? 1 });
}

interface TapeParts {
  readonly program: Program;
  readonly kernels: Kernels;
  readonly way: Way;
  /** Kept values by the places of their nodes. */
  readonly values: (Value | undefined)[];
  readonly batch: number;
}

class Tape implements Recording {
  readonly #parts: TapeParts;

  constructor(parts: TapeParts) {
    this.#parts = parts;
  }

  value(node: string): Value {
    const { program, values, way } = this.#parts;
    requireOneOf([...way.from, ...way.to], node, "read the value");
    return present(values[program.place(node)]);
  }

  vjp({ seeds, to, rule }: Pull): readonly Value[] {
    const { program, kernels, way } = this.#parts;
    const gradients = this.#plant(seeds);
    const targets = to.map((name) => {
      requireOneOf(way.to, name, "bring the gradient");
      return program.place(name);
    });
    const onWay = between(program, targets, [...gradients.keys()]);
    const readers = readersOf(program, onWay);
    const rectified = new Set<number>();
    const found = new Map<number, Value>();
    for (let place = program.nodes.length - 1; place >= 0; place--) {
      const gradient = gradients.get(place);
      if (gradient === undefined) continue;
      gradients.delete(place);
      const { feeds, vjp, reads, takesGate } = program.at(place);
      const wanted = feeds.map((feed) => onWay.has(feed));
      if (wanted.includes(true)) {
        const [feed] = feeds;
        const alone = takesGate && feed !== undefined && readers.get(feed) === 1 &&
          !gradients.has(feed) && !targets.includes(feed);
        const gate = alone ? this.#gate(feed, rule) : null;
        if (gate !== null) rectified.add(present(feed));
        const parts = vjp({
          ...this.#read(place, reads),
          gradient,
          wanted,
          rule,
          rectified: rectified.has(place),
          gate,
        });
        for (const [index, part] of parts.entries()) {
          if (part !== null) this.#add(gradients, present(feeds[index]), part);
        }
      }
      if (targets.includes(place)) found.set(place, gradient);
      else kernels.free(gradient);
    }
    return this.#collect(targets, found);
  }

  free(): void {
    const { kernels, values } = this.#parts;
    for (const value of values.splice(0)) if (value !== undefined) kernels.free(value);
  }

  /** The seeds by their places, shared with the caller. */
  #plant(seeds: Pull["seeds"]): Map<number, Value> {
    const { program, kernels, way } = this.#parts;
    const gradients = new Map<number, Value>();
    for (const [name, seed] of seeds) {
      requireOneOf(way.from, name, "take a seed");
      const { shape } = this.value(name);
      if (seed.shape.join() !== shape.join()) {
        throw new RangeError(
          `Cannot take a seed at ${name} as it has to have the shape [${shape}]: current value is [${seed.shape}]`,
        );
      }
      gradients.set(program.place(name), kernels.reshape(seed, seed.shape));
    }
    return gradients;
  }

  /** What a node's operation reads of the forward pass. */
  #read(place: number, reads: "inputs" | "output" | "nothing") {
    const { program, values, batch } = this.#parts;
    const { feeds } = program.at(place);
    return {
      shapes: feeds.map((feed) => [batch, ...program.at(feed).shape]),
      inputs: reads === "inputs" ? feeds.map((feed) => present(values[feed])) : [],
      output: reads === "output" ? present(values[place]) : null,
    };
  }

  /** The rectifier that a gradient at a node has to pass next, where its output was kept. */
  #gate(place: number, rule: GradientRule): Gate | null {
    const { limit } = this.#parts.program.at(place);
    const output = this.#parts.values[place];
    return limit === null || output === undefined ? null : { output, limit, rule };
  }

  #add(gradients: Map<number, Value>, place: number, part: Value): void {
    const other = gradients.get(place);
    gradients.set(place, other === undefined ? part : accumulate(this.#parts.kernels, other, part));
  }

  /** The gradients asked for, zeros where no way led to a node; a node named twice has two owners. */
  #collect(targets: readonly number[], found: ReadonlyMap<number, Value>): readonly Value[] {
    const { program, kernels, batch } = this.#parts;
    const collected = targets.map((place) => {
      const gradient = found.get(place);
      if (gradient !== undefined) return kernels.reshape(gradient, gradient.shape);
      const zeros = kernels.allocate([batch, ...program.at(place).shape]);
      kernels.view(zeros).fill(0);
      return zeros;
    });
    for (const gradient of found.values()) kernels.free(gradient);
    return collected;
  }
}

/** Places on a way from one of `first` forward to one of `last`, ends included. */
function between(program: Program, first: readonly number[], last: readonly number[]): ReadonlySet<number> {
  const behind = new Set(first);
  for (const [place, { feeds }] of program.nodes.entries()) {
    if (feeds.some((feed) => behind.has(feed))) behind.add(place);
  }
  const before = new Set(last);
  for (let place = program.nodes.length - 1; place >= 0; place--) {
    if (before.has(place)) program.at(place).feeds.forEach((feed) => before.add(feed));
  }
  return new Set([...behind].filter((place) => before.has(place)));
}

/** How many nodes on the way read each node. */
function readersOf(program: Program, onWay: ReadonlySet<number>): ReadonlyMap<number, number> {
  const readers = new Map<number, number>();
  for (const place of onWay) {
    for (const feed of program.at(place).feeds) readers.set(feed, (readers.get(feed) ?? 0) + 1);
  }
  return readers;
}

function requireOneOf(names: readonly string[], name: string, action: string): void {
  if (names.includes(name)) return;
  throw new RangeError(
    `Cannot ${action} as the recording was made for ${names.join(", ")}: current value is ${name}`,
  );
}
