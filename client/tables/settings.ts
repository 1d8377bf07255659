/** What the page of tables remembers between visits, checked when it is read. */
import * as v from "valibot";
import { HEAD_KINDS } from "../../shared/head_model.ts";
import { MISSING_WAYS } from "../../shared/table_wire.ts";

const SettingsSchema = v.object({
  /** Heads that are fitted. */
  heads: v.fallback(v.pipe(v.array(v.picklist(HEAD_KINDS)), v.minLength(1)), [...HEAD_KINDS]),
  /** The head that is looked at. */
  shown: v.fallback(v.picklist(HEAD_KINDS), "tree"),
  missing: v.fallback(v.picklist(MISSING_WAYS), "median"),
  folds: v.fallback(v.pipe(v.number(), v.safeInteger(), v.minValue(2), v.maxValue(10)), 5),
  seed: v.fallback(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(2 ** 31 - 1)), 0),
});

/** Choices of the page. */
export type TableSettings = v.InferOutput<typeof SettingsSchema>;

const KEY = "gradcast.tables";

/** Where settings are kept: the part of `localStorage` that is needed. */
export type Shelf = Pick<Storage, "getItem" | "setItem">;

/** Reads the settings; what does not fit is replaced by the default, field by field. */
export function loadTableSettings(shelf: Shelf): TableSettings {
  try {
    const kept = v.safeParse(SettingsSchema, JSON.parse(shelf.getItem(KEY) ?? "{}"));
    return kept.success ? kept.output : v.parse(SettingsSchema, {});
  } catch {
    // Storage may be forbidden or hold anything; the page works without it.
    return v.parse(SettingsSchema, {});
  }
}

/** Keeps the settings; does nothing where the browser refuses storage. */
export function saveTableSettings(shelf: Shelf, settings: TableSettings): void {
  try {
    shelf.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Full or forbidden storage costs the memory of a visit, nothing else.
  }
}
