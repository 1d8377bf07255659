/** What a presenter's remote may do, and what those who watch receive of the presenter's stage. */
import * as v from "valibot";
import { COLORMAP_NAMES } from "./colormaps.ts";

/** Actions of the page that a remote may trigger. */
export const REMOTE_ACTIONS = [
  "freeze",
  "hide-map",
  "next-method",
  "next-colormap",
  "opacity-down",
  "opacity-up",
  "unlock",
  "present",
  "snapshot",
  "record",
  "record-mark",
] as const;
export type RemoteAction = typeof REMOTE_ACTIONS[number];

/** What a remote says (W7). */
export const RemoteCommandSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("action"), action: v.picklist(REMOTE_ACTIONS) }),
  v.strictObject({
    kind: v.literal("method"),
    method: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  }),
  v.strictObject({
    kind: v.literal("class"),
    index: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff)),
  }),
]);
export type RemoteCommand = v.InferOutput<typeof RemoteCommandSchema>;

/** How the presenter's stage looks (W5). */
export const StageStateSchema = v.strictObject({
  colormap: v.picklist(COLORMAP_NAMES),
  opacity: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  mapHidden: v.boolean(),
  frozen: v.boolean(),
  recording: v.boolean(),
  presenting: v.boolean(),
  mirrored: v.boolean(),
});
export type StageState = v.InferOutput<typeof StageStateSchema>;
