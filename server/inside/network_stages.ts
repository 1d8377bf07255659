/** Which layers stand for a network when it is drawn. Pure. */
import type { LoadedModel } from "../engine/port.ts";
import { targetLayers } from "../methods/mod.ts";

/** Stages that a drawing has at least, where the network has as many layers to draw, and at most. */
const FEWEST_STAGES = 4;
const MOST_STAGES = 7;

/** A layer with more than this many times the channels of a later one of its size is an inner step of a block. */
const WIDER = 2;

type Layer = LoadedModel["layers"][number];

/** A layer that everything behind it reads through. */
interface Gate extends Layer {
  /** Whether several values meet in it: the end of a block. */
  readonly joins: boolean;
}

/**
 * The layers that are drawn, from the picture to the class: of each spatial size the last layer that everything behind it
 * reads through (the end of its last block), up to the layer that explanations look at. Where there are fewer than four sizes,
 * as in a transformer, ends of blocks between them are added (of a network without blocks any such layers), as evenly as they come; of more than seven those with the
 * fewest layers are left out. Empty where the model has no spatial layer.
 */
export function networkStages(model: LoadedModel): readonly string[] {
  const gates = gatesOf(model);
  const ends = endsOfSizes(gates);
  const blocks = gates.filter((gate) => gate.joins || ends.includes(gate));
  const candidates = blocks.length < FEWEST_STAGES ? gates : blocks;
  const chosen = filledUp(ends, candidates);
  const names = thinned(chosen, gates).map(({ name }) => name);
  if (names.length > 0) return names;
  const [only] = targetLayers(model);
  return only === undefined ? [] : [only];
}

/** Spatial layers through which every path from the picture to the logits leads, up to the one that is explained. */
function gatesOf(model: LoadedModel): readonly Gate[] {
  const explained = model.projectionLayer ?? targetLayers(model)[0];
  const gates = allGates(model);
  const end = gates.findIndex(({ name }) => name === explained);
  if (end >= 0) return gates.slice(0, end + 1);
  const own = model.layers.find(({ name }) => name === explained);
  // Where a class token is read past the tokens of the picture, these are read at the explained layer alone.
  if (own !== undefined && (own.grid?.skip ?? 0) > 0) {
    const place = model.layers.indexOf(own);
    const before = new Set(model.layers.slice(0, place).map(({ name }) => name));
    return [...gates.filter(({ name }) => before.has(name)), { ...own, joins: false }];
  }
  const last = gates.findLastIndex(({ shape: [height = 1, width = 1] }) => height * width > 1);
  return gates.slice(0, last + 1);
}

/** Spatial layers past which nothing is read. */
function allGates(model: LoadedModel): readonly Gate[] {
  const layers = model.layers.filter(({ unusedByLogits }) => unusedByLogits !== true);
  const places = new Map(layers.map(({ name }, place) => [name, place]));
  const lastReader = new Map<string, number>();
  for (const [place, { inputs }] of layers.entries()) {
    for (const input of inputs) if (places.has(input)) lastReader.set(input, place);
  }
  const spatial = new Set(targetLayers(model));
  const gates: Gate[] = [];
  // The farthest place at which something before this layer is read: nothing may be read past a gate.
  let reach = -1;
  for (const [place, layer] of layers.entries()) {
    const isPicture = layer.shape.at(-1) === PICTURE_CHANNELS;
    if (reach <= place && spatial.has(layer.name) && !isPicture) {
      gates.push({ ...layer, joins: layer.inputs.length > 1 });
    }
    reach = Math.max(reach, lastReader.get(layer.name) ?? -1);
  }
  return gates;
}

/** Channels of the picture and of what only pads or scales it. */
const PICTURE_CHANNELS = 3;

/** Of each run of gates of one size the end of its last block; of the last run its last gate. */
function endsOfSizes(gates: readonly Gate[]): readonly Gate[] {
  const runs: Gate[][] = [];
  for (const gate of gates) {
    const run = runs.at(-1);
    if (run !== undefined && sizeOf(run[0]) === sizeOf(gate)) run.push(gate);
    else runs.push([gate]);
  }
  return runs.flatMap((run, at) => (at === runs.length - 1 ? run.at(-1) : endOfRun(run)) ?? []);
}

/** The last gate from the last join on that no later one is much narrower than. */
function endOfRun(run: readonly Gate[]): Gate | undefined {
  const tail = run.slice(Math.max(0, run.findLastIndex(({ joins }) => joins)));
  const fewest = Math.min(...tail.map(channelsOf));
  return tail.findLast((gate) => channelsOf(gate) <= WIDER * fewest);
}

/** Adds candidates in the middle of the widest gaps until there are enough stages. */
function filledUp(ends: readonly Gate[], candidates: readonly Gate[]): readonly Gate[] {
  const chosen = new Set(ends.map((end) => candidates.indexOf(end)));
  while (chosen.size < Math.min(FEWEST_STAGES, candidates.length)) {
    const bounds = [-1, ...[...chosen].sort((a, b) => a - b)];
    const gaps = bounds.slice(1).map((to, i) => ({ from: bounds[i] ?? -1, to }));
    const widest = gaps.reduce((a, b) => b.to - b.from > a.to - a.from ? b : a, { from: 0, to: 0 });
    if (widest.to - widest.from < 2) break;
    chosen.add(Math.floor((widest.from + widest.to) / 2));
  }
  return candidates.filter((_, place) => chosen.has(place));
}

/** Leaves out the stages that stand for the fewest gates, the last one never. */
function thinned(stages: readonly Gate[], gates: readonly Gate[]): readonly Gate[] {
  const kept = [...stages];
  const weight = (stage: Gate) => gates.filter((gate) => sizeOf(gate) === sizeOf(stage)).length;
  while (kept.length > MOST_STAGES) {
    const lightest = kept.slice(0, -1).reduce((a, b) => weight(b) < weight(a) ? b : a);
    kept.splice(kept.indexOf(lightest), 1);
  }
  return kept;
}

function sizeOf(layer: Layer | undefined): string {
  return layer?.shape.slice(0, -1).join() ?? "";
}

function channelsOf({ shape }: Layer): number {
  return shape.at(-1) ?? 0;
}
