/** What drawings need to know of the table that heads were fitted to. Pure. */
import type { PreparedTable, TableInfo } from "../../shared/table_wire.ts";
import { ROWS, type TreeNames } from "../plots/mod.ts";
import { askOf, type FeaturePart, partsOf } from "./features.ts";

/** A table, what was made of it, and its features in words. */
export interface FittedTable {
  readonly table: TableInfo;
  readonly prepared: PreparedTable;
  readonly parts: readonly FeaturePart[];
  readonly names: TreeNames;
}

/** Puts both together; null while one is missing. */
export function fittedTable(table: TableInfo | null, prepared: PreparedTable | null): FittedTable | null {
  if (table === null || prepared === null) return null;
  const parts = partsOf(prepared.features, table.columns);
  return { table, prepared, parts, names: { classes: prepared.classes, ask: askOf(parts), unit: ROWS } };
}
