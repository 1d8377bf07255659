/** Pictures made larger or smaller. */
import type { Pair } from "../../graph/graph.ts";
import { type Importer, ints, isGiven, known, type OnnxCall, refuse, vector, word } from "./_call.ts";
import { PICTURE, picture, pictureOf } from "./_pictures.ts";
import type { Dynamic } from "./_value.ts";

export const resize: Importer = (call) => {
  const x = picture(call, 0);
  const output = resizedTo(call, x);
  const mode = word(call, "mode", "nearest");
  const interpolation = mode === "linear" || mode === "bilinear" ? "bilinear" : mode;
  if (interpolation !== "bilinear" && interpolation !== "nearest") {
    refuse(`must be nearest or linear, got ${mode}`);
  }
  const written = word(call, "coordinate_transformation_mode", call.opset < 11 ? "asymmetric" : "half_pixel");
  const positions = POSITIONS.get(written) ?? refuse(`must have known positions, got ${written}`);
  const at = [call.build.node(x, PICTURE)];
  const name = call.build.add("resize", at, { size: output, interpolation, positions }, {});
  return [pictureOf(name, output, x.dims[1] as number)];
};

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
  return [to[2] as number, to[3] as number];
}
