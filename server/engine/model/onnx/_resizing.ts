/** Pictures made larger or smaller. */
import type { Cubic, Pair } from "../../graph/graph.ts";
import {
  float,
  type Importer,
  int,
  ints,
  isGiven,
  known,
  type OnnxCall,
  refuse,
  vector,
  word,
} from "./_call.ts";
import { checkSides, PICTURE, picture, pictureOf } from "./_pictures.ts";
import { gathered } from "./_slicing.ts";
import type { Dynamic, Value } from "./_value.ts";

export const resize: Importer = (call) => {
  const x = picture(call, 0);
  const output = resizedTo(call, x);
  const mode = word(call, "mode", "nearest");
  if (int(call, "antialias", 0) !== 0) refuse("must have no antialias, got 1");
  const written = word(call, "coordinate_transformation_mode", call.opset < 11 ? "asymmetric" : "half_pixel");
  if (mode === "nearest") return [nearest(call, x, output, written)];
  const interpolation = interpolationOf(call, mode);
  const positions = POSITIONS.get(written) ?? refuse(`must have known positions, got ${written}`);
  const at = [call.build.node(x, PICTURE)];
  const name = call.build.add("resize", at, { size: output, interpolation, positions }, {});
  return [pictureOf(name, output, x.dims[1] as number)];
};

function interpolationOf(call: OnnxCall, mode: string): "bilinear" | Cubic {
  if (mode === "linear" || mode === "bilinear") return "bilinear";
  if (mode !== "cubic") return refuse(`must be nearest, linear or cubic, got ${mode}`);
  return {
    coefficient: float(call, "cubic_coeff_a", -0.75),
    insideOnly: int(call, "exclude_outside", 0) === 1,
  };
}

/** Copies cells: as the engine resizes where it rounds to the same ones, else picked row by row and column by column. */
function nearest(call: OnnxCall, x: Dynamic, output: Pair, written: string): Value {
  const rounding = word(call, "nearest_mode", call.opset < 11 ? "floor" : "round_prefer_floor");
  const cells = ([0, 1] as const).map((axis) => {
    const side = x.dims[2 + axis] as number;
    return Array.from({ length: output[axis] }, (_, place) => {
      const at = rounded(placeOf(place, side, output[axis], written), rounding);
      return Math.min(side - 1, Math.max(0, at));
    });
  });
  const attrs = POSITIONS.get(written);
  const own = (axis: 0 | 1) => {
    const side = x.dims[2 + axis] as number;
    return Array.from({ length: output[axis] }, (_, place) => {
      const at = placeOf(place, side, output[axis], written);
      return Math.min(side - 1, Math.max(0, Math.floor(attrs === "asymmetric" ? at : at + 0.5)));
    });
  };
  if (attrs !== undefined && ([0, 1] as const).every((axis) => own(axis).join() === cells[axis]?.join())) {
    const at = [call.build.node(x, PICTURE)];
    const settings = { size: output, interpolation: "nearest", positions: attrs } as const;
    return pictureOf(call.build.add("resize", at, settings, {}), output, x.dims[1] as number);
  }
  return cells.reduce((value: Dynamic, indices, axis) => gathered(call, value, 2 + axis, indices), x);
}

/** Where an output cell lies on a side of the input. */
function placeOf(place: number, side: number, count: number, positions: string): number {
  switch (positions) {
    case "half_pixel":
    case "pytorch_half_pixel":
      return (place + 0.5) * side / count - 0.5;
    case "tf_half_pixel_for_nn":
      return (place + 0.5) * side / count;
    case "align_corners":
      return count > 1 ? place * (side - 1) / (count - 1) : 0;
    case "asymmetric":
      return place * side / count;
    default:
      return refuse(`must have known positions, got ${positions}`);
  }
}

function rounded(at: number, mode: string): number {
  switch (mode) {
    case "floor":
      return Math.floor(at);
    case "ceil":
      return Math.ceil(at);
    case "round_prefer_floor":
      return Math.ceil(at - 0.5);
    case "round_prefer_ceil":
      return Math.floor(at + 0.5);
    default:
      return refuse(`must round in a known way, got ${mode}`);
  }
}

const POSITIONS = new Map(
  [
    ["half_pixel", "half-pixel"],
    ["pytorch_half_pixel", "half-pixel"],
    ["align_corners", "align-corners"],
    ["asymmetric", "asymmetric"],
  ] as const,
) as ReadonlyMap<string, "half-pixel" | "align-corners" | "asymmetric">;

function resizedTo(call: OnnxCall, x: Dynamic): Pair {
  const scalesAt = call.opset < 11 ? 1 : 2;
  const sizes = !isGiven(call, 3) ? null : vector(known(call, 3, "sizes"));
  const scales = ints(call, "scales") ??
    (!isGiven(call, scalesAt) ? null : vector(known(call, scalesAt, "scales")));
  const floats = call.node.attributes.get("scales")?.floats;
  const by = scales !== null && scales.length > 0 ? scales : floats;
  const to = sizes !== null && sizes.length > 0
    ? [...sizes]
    : by !== undefined && by.length > 0
    ? x.dims.map((side, axis) => Math.floor(side * (by[axis] ?? 1)))
    : refuse("must have sizes or scales, got none");
  if (to.length !== 4 || to[0] !== 1 || to[1] !== x.dims[1]) {
    refuse(`must resize rows and columns, got [${to}]`);
  }
  const sides: Pair = [to[2] as number, to[3] as number];
  checkSides(sides);
  return sides;
}
