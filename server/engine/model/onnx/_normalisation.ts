/** How the picture has to be scaled: as the graph's own first steps say, or as the exporter's people usually do. */
import type { Draft } from "../../graph/graph.ts";
import type { SourceModel } from "../source_model.ts";
import type { ModelProto } from "./_proto.ts";

/** Values from this on are those of pixels from 0 to 255. */
const PIXEL_VALUES = 2;

export function normalisationOf(
  drafts: readonly Draft[],
  { producer, metadata }: ModelProto,
): SourceModel["normalisation"] {
  const input = drafts.find(({ kind }) => kind === "input");
  const first = drafts.filter(({ inputs }) => inputs.includes(input?.name ?? ""));
  const [scaling, ...others] = first;
  if (scaling?.kind === "affine" && others.length === 0) {
    const preset = centre(scaling) >= PIXEL_VALUES ? "0to255" : "0to1";
    return { preset, from: `read from the graph, which scales its input itself at ${scaling.name}` };
  }
  if (metadata.get("task") === "classify" && metadata.has("imgsz")) {
    return { preset: "0to1", from: "read from the metadata of Ultralytics" };
  }
  const colours = input?.kind === "input" ? input.attrs.shape.at(-1) : 3;
  if (!producer.toLowerCase().includes("pytorch") || colours !== 3) return null;
  return {
    preset: "torch",
    from:
      "a guess, as most networks of PyTorch have it: mean and standard deviation of ImageNet; the file does not say it, " +
      'and those with 0.5 and 0.5 want "-1to1"',
  };
}

/** The value of a pixel that becomes 0, or the one that becomes 1 where 0 stays. */
function centre({ weights }: Draft<"affine">): number {
  const [scale = 1] = weights.scale.values;
  const [shift = 0] = weights.shift.values;
  return Math.max(Math.abs(shift / scale), shift === 0 ? Math.abs(1 / scale) : 0);
}
