/** Entries of the log as they leave the server. */
import { csvField } from "../../shared/csv_field.ts";
import { type Box, strongestRegion } from "../../shared/region.ts";
import { largeMap, smallMapJson } from "../../shared/small_map.ts";
import { isMeasurable, METHODS } from "../methods/mod.ts";
import type { LogEntry } from "../store/mod.ts";

/** The longest time from 1970 that a date can have, in ms. */
const MAX_TIME_MS = 8.64e15;

/** A time as in ISO 8601; what a broken clock said beyond all dates is the last or the first of them. */
export function isoTime(ms: number): string {
  return new Date(Math.max(-MAX_TIME_MS, Math.min(MAX_TIME_MS, ms))).toISOString();
}

/** An entry as JSON: times as in ISO 8601, the map's bytes as base64. */
export function entryDocument(logged: LogEntry) {
  const { startMs, endMs, map, ...entry } = logged;
  return {
    ...entry,
    box: boxOf(logged),
    start: isoTime(startMs),
    end: isoTime(endMs),
    map: map === null ? null : smallMapJson(map),
  };
}

/** The box around the strongest region of an entry's map, as shares of what the model sees; null: there is none. */
function boxOf({ map, method }: Pick<LogEntry, "map" | "method">): Box | null {
  if (map === null) return null;
  const found = METHODS.find(({ id }) => id === method);
  if (found !== undefined && !isMeasurable(found)) return null;
  return strongestRegion(largeMap(smallMapJson(map)), { zero: found?.values.zero ?? "nothing" })?.box ?? null;
}

const BOX_COLUMNS = ["box_left", "box_top", "box_right", "box_bottom"] as const;

const COLUMNS = [
  "id",
  "start",
  "end",
  "seconds",
  "frames",
  "class",
  "label",
  "peak",
  "mean",
  "method",
  "model",
  "model_sha256",
  "model_name",
  "taught_head",
  ...BOX_COLUMNS,
] as const;

/** First line of a CSV file (RFC 4180). */
export const CSV_HEAD = `${COLUMNS.join(",")}\r\n`;

/** A line of a CSV file. */
export function csvLine(entry: LogEntry): string {
  const { id, startMs, endMs, frames, classIndex, label, peak, mean, method } = entry;
  const box = boxOf(entry);
  const side = (name: keyof Box) => box === null ? "" : box[name].toFixed(4);
  const fields: Readonly<Record<typeof COLUMNS[number], string | number>> = {
    id,
    start: isoTime(startMs),
    end: isoTime(endMs),
    seconds: ((endMs - startMs) / 1_000).toFixed(3),
    frames,
    class: classIndex,
    label,
    peak: peak.toFixed(4),
    mean: mean.toFixed(4),
    method,
    model: entry.modelId,
    model_sha256: entry.modelHash,
    model_name: entry.modelName,
    taught_head: entry.taughtHead ?? "",
    box_left: side("left"),
    box_top: side("top"),
    box_right: side("right"),
    box_bottom: side("bottom"),
  };
  return `${COLUMNS.map((column) => csvField(fields[column])).join(",")}\r\n`;
}
