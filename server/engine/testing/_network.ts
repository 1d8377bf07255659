/** What the small network's rows have of a drawing: its own layers, one number after the other. */
import type { Detail, Want } from "../port.ts";
import { startOf } from "../worker/wants/score.ts";
import { backward, type Gradients, layerOf, type Pass, type SpatialLayer } from "./_layers.ts";

const RGB = 3;

type Drawing = Extract<Detail, { kind: "network" }>;
type Asked = Extract<Want, { kind: "network" }>;

/** A layer with its numbers, `[height, width, channels]`. */
interface Numbered {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Float64Array;
  readonly slopes: Float64Array;
}

/** The network that is drawn, and what ran through it. */
interface Drawn {
  readonly layers: readonly SpatialLayer[];
  readonly pass: Pass;
  /** Of the input, in pixels. */
  readonly size: { readonly height: number; readonly width: number };
}

/** Draws the layers that are asked for. */
export function networkOf(run: Drawn, want: Asked): Drawing {
  const { layers, pass } = run;
  const logits = Float32Array.from(pass.logits);
  const start = want.score === null ? null : startOf(want.score, { shape: [logits.length], values: logits });
  const behind = start === null ? null : backward(layers, pass, { layer: null, values: start.seed }, "plain");
  const all = want.layers.map((name): Numbered => {
    const { height, width, channels } = sizeOf(run, name);
    const values = valuesOf(pass, name);
    const slopes = behind === null
      ? new Float64Array(values.length).fill(1 / (height * width))
      : valuesOf(behind, name);
    return { name, height, width, channels, values, slopes };
  });
  const drawn = all.map((layer, at) => {
    if (typeof want.drawn !== "number") return want.drawn[at] ?? [];
    const sums = Array.from({ length: layer.channels }, (_, channel) => sumOf(layer, channel, layer.slopes));
    const ranked = sums.map((_, channel) => channel)
      .sort((a, b) => Math.abs(sums[b] ?? 0) - Math.abs(sums[a] ?? 0) || a - b);
    return ranked.slice(0, want.drawn);
  });
  const planar = all.find(({ name }) => name === want.plane?.layer);
  const planed = planar === undefined ? null : stageOf(planar, [want.plane?.channel ?? 0]).planes;
  return {
    kind: "network",
    plane: planed,
    classIndex: start?.classIndex ?? null,
    stages: all.map((layer, at) => {
      const next = all[at + 1];
      const own = drawn[at] ?? [];
      return {
        ...stageOf(layer, own),
        lines: !want.lines || next === undefined
          ? null
          : linesOf(layers, pass, { layer, own, next, other: drawn[at + 1] ?? [] }),
      };
    }),
  };
}

function stageOf(
  layer: Numbered,
  drawn: readonly number[],
): Omit<Drawing["stages"][number], "lines"> {
  const { name, height, width, channels, slopes } = layer;
  const columns = Array.from({ length: channels }, (_, channel) => columnOf(layer, channel));
  const peaks = columns.map((column) => Math.max(...column));
  return {
    layer: name,
    height,
    width,
    channels,
    sums: Float32Array.from(columns, (_, channel) => sumOf(layer, channel, slopes)),
    peaks: Float32Array.from(peaks),
    cells: Float32Array.from(columns, (column, channel) => column.indexOf(peaks[channel] ?? NaN)),
    drawn,
    planes: {
      height,
      width,
      channels: drawn.length,
      values: Float32Array.from(
        { length: height * width * drawn.length },
        (_, at) => columns[drawn[at % drawn.length] ?? 0]?.[Math.floor(at / drawn.length)] ?? NaN,
      ),
    },
  };
}

interface Gap {
  readonly layer: Numbered;
  readonly own: readonly number[];
  readonly next: Numbered;
  readonly other: readonly number[];
}

function linesOf(
  layers: readonly SpatialLayer[],
  pass: Pass,
  { layer, own, next, other }: Gap,
): Float32Array {
  const reached = other.map((channel) => {
    const values = next.slopes.map((slope, at) => at % next.channels === channel ? slope : 0);
    return valuesOf(backward(layers, pass, { layer: next.name, values }, "plain"), layer.name);
  });
  return Float32Array.from(own.flatMap((channel) => reached.map((slopes) => sumOf(layer, channel, slopes))));
}

function sizeOf({ layers, size }: Drawn, name: string) {
  if (name === "input") return { ...size, channels: RGB };
  const { side = 1, channels = 1 } = layers.find((layer) => layer.name === name) ?? {};
  return { height: side, width: side, channels };
}

/** Values of a layer, of a pass or of gradients. */
function valuesOf(of: Pass | Gradients, name: string): Float64Array {
  return name === "input" ? Float64Array.from(of.input) : layerOf(of, name).after;
}

function columnOf({ values, channels }: Numbered, channel: number): readonly number[] {
  return [...values].filter((_, at) => at % channels === channel);
}

function sumOf({ values, channels }: Numbered, channel: number, slopes: Float64Array): number {
  let sum = 0;
  for (let at = channel; at < values.length; at += channels) sum += (values[at] ?? 0) * (slopes[at] ?? 0);
  return sum;
}
