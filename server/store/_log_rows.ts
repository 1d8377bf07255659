/** Entries of the log as rows, and rows as entries. */
import type { SQLInputValue } from "node:sqlite";
import { HEAD_KINDS } from "../../shared/head_model.ts";
import { comparable } from "../../shared/labels.ts";
import { extentProperty, type MapExtent, WHOLE_INPUT } from "../../shared/map_extent.ts";
import type { LogChange, LogEntry, LoggedSpan, LogQuery } from "./log_store.ts";

const SPAN_COLUMNS = [
  ["start_ms", "startMs"],
  ["end_ms", "endMs"],
  ["frames", "frames"],
  ["class_index", "classIndex"],
  ["label", "label"],
  ["method", "method"],
  ["model_id", "modelId"],
  ["model_name", "modelName"],
  ["model_hash", "modelHash"],
  ["taught_head", "taughtHead"],
  ["peak", "peak"],
  ["mean", "mean"],
] as const satisfies readonly (readonly [string, keyof LoggedSpan])[];

/** Everything but the picture. */
export const LISTED = [
  "id",
  ...SPAN_COLUMNS.map(([column]) => column),
  "map_height",
  "map_width",
  "map_base",
  "map_scale",
  "map_top",
  "map_left",
  "map_down",
  "map_across",
  "map",
]
  .join(", ");

/** A span as pairs of column and value; a model that is called as its id takes no room for a name. */
export function spanColumns(span: LoggedSpan): [string, SQLInputValue][] {
  const { modelId, modelName } = span;
  const kept = { ...span, modelName: modelName === modelId ? null : modelName };
  return SPAN_COLUMNS.map(([column, name]) => [column, kept[name]]);
}

/** What a change sets of the entry itself, as pairs of column and value. */
export function changedColumns({ span, map }: Omit<LogChange, "picture">): [string, SQLInputValue][] {
  const changes: [string, SQLInputValue][] = [];
  if (span !== undefined) changes.push(...spanColumns(span));
  if (map !== undefined) {
    const { height, width, extent = WHOLE_INPUT, base = 0, scale, values } = map;
    changes.push(["map_height", height], ["map_width", width], ["map_base", base], ["map_scale", scale]);
    changes.push(["map_top", extent.top], ["map_left", extent.left]);
    changes.push(["map_down", extent.height], ["map_across", extent.width]);
    changes.push(["map", new Uint8Array(values.buffer, values.byteOffset, values.length)]);
  }
  return changes;
}

/** The condition under which a row is meant by a query, with its values; what is in the trash never is. */
export function meant({ fromMs, toMs, label, method }: LogQuery): { where: string; values: SQLInputValue[] } {
  const terms: [string, SQLInputValue | undefined][] = [
    ["end_ms >= ?", fromMs],
    ["start_ms < ?", toMs],
    ["instr(comparable(label), ?) > 0", label === undefined ? label : comparable(label)],
    ["method = ?", method],
  ];
  const given = terms.filter((term): term is [string, SQLInputValue] => term[1] !== undefined);
  return {
    where: ["undo IS NULL", ...given.map(([term]) => term)].join(" AND "),
    values: given.map(([, value]) => value),
  };
}

/** Entries of older versions name none. */
function extentOf(row: Readonly<Record<string, unknown>>): MapExtent | undefined {
  const [top, left, height, width] = ["map_top", "map_left", "map_down", "map_across"].map((column) =>
    row[column]
  );
  if (typeof top !== "number" || typeof left !== "number") return undefined;
  if (typeof height !== "number" || typeof width !== "number") return undefined;
  return { top, left, height, width };
}

/** A listed row as an entry. */
export function entryOf(row: Readonly<Record<string, unknown>>): LogEntry {
  const number = (column: string) => Number(row[column]);
  const map = row["map"];
  return {
    id: number("id"),
    startMs: number("start_ms"),
    endMs: number("end_ms"),
    frames: number("frames"),
    classIndex: number("class_index"),
    label: String(row["label"]),
    method: String(row["method"]),
    modelId: String(row["model_id"]),
    // Entries of older versions know no more than the id.
    modelName: String(row["model_name"] ?? row["model_id"]),
    modelHash: String(row["model_hash"]),
    taughtHead: HEAD_KINDS.find((kind) => kind === row["taught_head"]) ?? null,
    peak: number("peak"),
    mean: number("mean"),
    map: map instanceof Uint8Array
      ? {
        height: number("map_height"),
        width: number("map_width"),
        ...extentProperty(extentOf(row)),
        // Entries of older versions have none, those of maps that begin at zero 0.
        ...(number("map_base") === 0 ? {} : { base: number("map_base") }),
        scale: number("map_scale"),
        values: Int8Array.from(map, (byte) => byte << 24 >> 24),
      }
      : null,
  };
}
