/** What the page remembers between visits, checked when it is read. */
import * as v from "valibot";
import { COLORMAP_NAMES } from "../../shared/colormaps.ts";
import { COVER_FILLS } from "../../shared/cover.ts";
import { OptionValuesSchema } from "../../shared/protocol.ts";
import { MAX_MIRROR_CHOICES } from "../../shared/limits.ts";
import { REGION_THRESHOLD } from "../../shared/region.ts";
import { PaneListSchema } from "./pane_content.ts";

/** What can be shown in present mode, in the order of its menu. */
export const PRESENT_PARTS = ["label", "sentence", "others", "method", "status", "code"] as const;
export type PresentPart = typeof PRESENT_PARTS[number];

/** What a film of every frame has beside its maps. */
export const FilmChoicesSchema = v.object({
  /** Words along the top: what is seen, by which method, class and model. */
  caption: v.optional(v.boolean(), true),
  /** What the colours mean, in the caption. */
  legend: v.optional(v.boolean(), true),
  /** The first three classes with their numbers. */
  classes: v.optional(v.boolean(), true),
  /** The file's name, method and model over the first seconds. */
  titleCard: v.optional(v.boolean(), false),
  /** A chapter for each class that stays first. */
  chapters: v.optional(v.boolean(), true),
  /** What the network sees alone, upright for phones. */
  portrait: v.optional(v.boolean(), false),
});

/** What a film of every frame has. */
export type FilmChoices = v.InferOutput<typeof FilmChoicesSchema>;

const SettingsSchema = v.object({
  /** Id of the model that explains; null: the server's first one. */
  model: v.optional(v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(200))), null),
  method: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200)), "grad-cam"),
  /** Options that were set, by method id. */
  options: v.optional(v.record(v.pipe(v.string(), v.maxLength(200)), OptionValuesSchema), {}),
  colormap: v.optional(v.picklist(COLORMAP_NAMES), "viridis"),
  /** Opacity of the overlay, 0…1. */
  opacity: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.7),
  /** Whether a box is drawn around a map's strongest region, and the share of its scale that the region lies above. */
  boxes: v.optional(v.boolean(), false),
  boxThreshold: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(0.95)), REGION_THRESHOLD),
  theme: v.optional(v.picklist(["system", "dark", "light"]), "system"),
  /** Whether single keys act, which WCAG asks to be a choice. */
  shortcuts: v.optional(v.boolean(), true),
  /** Whether a camera is shown as a mirror, where somebody chose it; what is sent never is. */
  mirrors: v.optional(
    v.pipe(
      v.array(v.tuple([v.pipe(v.string(), v.maxLength(500)), v.boolean()])),
      v.maxLength(MAX_MIRROR_CHOICES),
    ),
    [],
  ),
  /** Panes of the last comparison. */
  panes: v.optional(PaneListSchema, []),
  /** Whether the comparison is open. */
  comparing: v.optional(v.boolean(), false),
  /** Whether compared maps are drawn on one scale. */
  oneScale: v.optional(v.boolean(), false),
  /** Id of the collection of pictures that was taught last; null: none. */
  taught: v.optional(v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(200))), null),
  /** Whether it is open beside the picture, so that the page comes back to it. */
  teaching: v.optional(v.boolean(), false),
  /** How much of the timeline is shown; a closed one remembers nothing. */
  timeline: v.optional(v.picklist(["compact", "open", "closed"]), "compact"),
  /** Whether the tour was offered, taken or refused. */
  tourOffered: v.optional(v.boolean(), false),
  /** What is shown in present mode. */
  presentParts: v.optional(v.array(v.picklist(PRESENT_PARTS)), ["label", "sentence", "status"]),
  /** What a cover is filled with, and the width of the brush that paints it, in cells of 32 on a side. */
  coverFill: v.optional(v.picklist(COVER_FILLS), "grey"),
  coverBrush: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(16)), 4),
  /** Whether recordings have the microphone's sound. */
  recordSound: v.optional(v.boolean(), false),
  /** Whether recordings have the heatmap in their pictures; else it is kept beside them. */
  recordDrawn: v.optional(v.boolean(), true),
  /** Whether films, GIFs and clips have a caption: what is seen, method, class, model and what the colours mean. */
  recordCaption: v.optional(v.boolean(), true),
  /** Whether captions have the sentence below the picture, too. */
  recordSentence: v.optional(v.boolean(), false),
  /** What films of every frame have. */
  everyFrame: v.optional(FilmChoicesSchema, {}),
});

/** Settings of the page. */
export type Settings = v.InferOutput<typeof SettingsSchema>;

/** Settings of a first visit. */
export const DEFAULT_SETTINGS: Settings = v.parse(SettingsSchema, {});

const KEY = "gradcast.settings";

/** Where settings are kept: the part of `localStorage` that is needed. */
export type Shelf = Pick<Storage, "getItem" | "setItem">;

/** Reads the settings; what does not fit is replaced by the default, field by field. */
export function loadSettings(shelf: Shelf): Settings {
  try {
    const kept: unknown = JSON.parse(shelf.getItem(KEY) ?? "{}");
    if (typeof kept !== "object" || kept === null) return DEFAULT_SETTINGS;
    const whole = v.safeParse(SettingsSchema, kept);
    if (whole.success) return whole.output;
    const bad = new Set(whole.issues.map((issue) => issue.path?.[0]?.key));
    return v.parse(SettingsSchema, Object.fromEntries(Object.entries(kept).filter(([key]) => !bad.has(key))));
  } catch {
    // Storage may be forbidden or hold anything; the page works without it.
    return DEFAULT_SETTINGS;
  }
}

/** Keeps the settings; does nothing where the browser refuses storage. */
export function saveSettings(shelf: Shelf, settings: Settings): void {
  try {
    shelf.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Full or forbidden storage costs the memory of a visit, nothing else.
  }
}
