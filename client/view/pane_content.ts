/** What a pane of a comparison shows, as links and settings keep it. Pure. */
import * as v from "valibot";
import { CoverSchema } from "../../shared/cover.ts";
import { MAX_PANES } from "../../shared/limits.ts";
import { OptionValuesSchema, TargetSchema } from "../../shared/protocol.ts";
import { namedTarget } from "./target_text.ts";

const PaneContentSchema = v.variant("kind", [
  v.object({ kind: v.literal("original") }),
  v.object({
    kind: v.literal("map"),
    /** Id of the model that explains; absent: that of the main pane. */
    model: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
    method: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
    target: TargetSchema,
    /** The class whose map is taken off, or null. */
    against: v.nullable(TargetSchema),
    /** The target layer, or null for the method's own. */
    layer: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
    options: OptionValuesSchema,
    /** What of the picture is hidden from the network: this; null: nothing; absent: what the main pane hides. */
    cover: v.optional(v.nullable(CoverSchema)),
  }),
]);

/** What a pane shows: a map, or the bare picture. */
export type PaneContent = v.InferOutput<typeof PaneContentSchema>;

/** A pane that shows a map. */
export type MapContent = Extract<PaneContent, { kind: "map" }>;

/** Contents of panes as settings and links keep them, in their order. */
export const PaneListSchema = v.pipe(v.array(PaneContentSchema), v.maxLength(MAX_PANES));

/** A pane's content as it is kept and sent: its classes by index and name. */
export function namedContent(content: PaneContent, labels: readonly string[]): PaneContent {
  // The names of another model's classes are not these.
  if (content.kind === "original" || content.model !== undefined) return content;
  const { target, against } = content;
  return {
    ...content,
    target: namedTarget(target, labels),
    against: against === null ? null : namedTarget(against, labels),
  };
}
