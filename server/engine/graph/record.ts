/** Keeps a forward pass and runs backward passes through it. */
import { fitsGate } from "../native/gates.ts";
import type { GradientRule } from "../port.ts";
import type { Kernels, Value } from "./kernels.ts";
import type { Outline } from "./outline.ts";
import { present, type Program } from "./program.ts";
import type { Pull, Recording, Way } from "./recording.ts";
import type { Gate } from "./vjp/gate.ts";
import { accumulate } from "./vjp/merging.ts";

/** What a recording keeps of a forward pass, by places. */
export interface Keeping {
  /** Nodes whose values stay. */
  readonly kept: ReadonlySet<number>;
  /** Nodes of which a gate stays. */
  readonly gated: ReadonlySet<number>;
}

/**
 * Works out what `vjp` will read between `way.to` and `way.from`.
 *
 * @param gates whether there are kernels that pass gradients through gates
 */
export function keepingOf(outline: Outline, way: Way, gates: boolean): Keeping {
  const from = way.from.map((name) => outline.place(name));
  const to = way.to.map((name) => outline.place(name));
  const onWay = outline.between(to, from);
  const also = (way.also ?? []).map((name) => outline.place(name));
  const kept = new Set([...from, ...to, ...also]);
  // A gate does not say on which side of its range a rectifier is dead.
  const gated = gates && way.redirects !== true ? gatedBy(outline, onWay, kept) : new Set<number>();
  for (const place of onWay) {
    const { feeds, reads } = outline.at(place);
    if (!feeds.some((feed) => onWay.has(feed))) continue;
    if (reads === "output" && !gated.has(place)) kept.add(place);
    if (reads === "inputs") feeds.forEach((feed) => kept.add(feed));
  }
  return { kept, gated };
}

/** Computes a batch and keeps what `vjp` will read between `way.to` and `way.from`. */
export function record(program: Program, kernels: Kernels, input: Value, way: Way): Recording {
  const { kept, gated } = keepingOf(program, way, kernels.native !== null);
  const values: (Value | undefined)[] = [];
  const packed = new Map<number, Value>();
  values[program.input] = input;
  for (const step of program.plan(kept)) {
    program.run([step], values, (value) => kernels.free(value));
    const { limit } = program.at(step.place);
    if (kernels.native === null || limit === null || !gated.has(step.place)) continue;
    packed.set(step.place, kernels.native.pack(present(values[step.place]), limit));
  }
  values[program.input] = kept.has(program.input) ? kernels.reshape(input, input.shape) : undefined;
  return new Tape({ program, kernels, way, values, gates: packed, batch: input.shape[0] ?? 1 });
}

/**
 * Nodes of which the backward pass needs no more than where their rectifier let values through: what comes back to them
 * comes from one layer, which applies that itself.
 */
function gatedBy(
  outline: Outline,
  onWay: ReadonlySet<number>,
  ends: ReadonlySet<number>,
): ReadonlySet<number> {
  const readers = new Map<number, number[]>();
  for (const place of onWay) {
    for (const feed of outline.at(place).feeds) readers.set(feed, [...readers.get(feed) ?? [], place]);
  }
  const gated = [...onWay].filter((place) => {
    const [reader, ...others] = readers.get(place) ?? [];
    const { limit, shape } = outline.at(place);
    return reader !== undefined && others.length === 0 && !ends.has(place) && limit !== null &&
      fitsGate(shape) && outline.at(reader).takesGate;
  });
  return new Set(gated);
}

interface TapeParts {
  readonly program: Program;
  readonly kernels: Kernels;
  readonly way: Way;
  /** Kept values by the places of their nodes. */
  readonly values: (Value | undefined)[];
  /** Gates of the nodes that need no more. */
  readonly gates: Map<number, Value>;
  readonly batch: number;
}

class Tape implements Recording {
  readonly #parts: TapeParts;

  constructor(parts: TapeParts) {
    this.#parts = parts;
  }

  value(node: string): Value {
    const { program, values, way } = this.#parts;
    requireOneOf([...way.from, ...way.to, ...way.also ?? []], node, "read the value");
    return present(values[program.place(node)]);
  }

  vjp({ seeds, to, rule }: Pull): readonly Value[] {
    const { program, kernels, way, gates } = this.#parts;
    if (rule === "redirected" && way.redirects !== true) {
      throw new RangeError(
        "Cannot take gradients back under the rule redirected: the recording was not made for it",
      );
    }
    const gradients = this.#plant(seeds);
    const targets = to.map((name) => {
      requireOneOf(way.to, name, "return the gradient");
      return program.place(name);
    });
    const onWay = program.between(targets, [...gradients.keys()]);
    const found = new Map<number, Value>();
    for (let place = program.nodes.length - 1; place >= 0; place--) {
      const gradient = gradients.get(place);
      if (gradient === undefined) continue;
      gradients.delete(place);
      const { feeds, vjp, reads } = program.at(place);
      const wanted = feeds.map((feed) => onWay.has(feed));
      if (wanted.includes(true)) {
        const bits = gates.get(present(feeds[0]));
        const parts = vjp({
          ...this.#read(place, reads),
          gradient,
          wanted,
          rule,
          rectified: gates.has(place),
          gate: bits === undefined ? null : { bits, rule: gateRule(rule) },
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
    const { kernels, values, gates } = this.#parts;
    for (const value of values.splice(0)) if (value !== undefined) kernels.free(value);
    for (const gate of gates.values()) kernels.free(gate);
    gates.clear();
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
          `Cannot take a seed at ${name}: it must have the shape [${shape}], got [${seed.shape}]`,
        );
      }
      gradients.set(program.place(name), kernels.reshape(seed, seed.shape));
    }
    return gradients;
  }

  /** What a node's operation reads of the forward pass. */
  #read(place: number, reads: "inputs" | "output" | "nothing") {
    const { program, values, gates, batch } = this.#parts;
    const { feeds } = program.at(place);
    return {
      shapes: feeds.map((feed) => [batch, ...program.at(feed).shape]),
      inputs: reads === "inputs" ? feeds.map((feed) => present(values[feed])) : [],
      output: reads === "output" && !gates.has(place) ? present(values[place]) : null,
    };
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

/** The rule of a gate; a recording that may redirect has none. */
function gateRule(rule: GradientRule): Gate["rule"] {
  return rule === "guided" ? "guided" : "plain";
}

function requireOneOf(names: readonly string[], name: string, action: string): void {
  if (names.includes(name)) return;
  throw new RangeError(
    `Cannot ${action}: the recording was made for ${names.join(", ")}, got ${name}`,
  );
}
