/** Everything that was made of a table, as one JSON document. */
import type { TableDocument, TableInfo } from "../../shared/table_wire.ts";
import type { FittedTable } from "./fit_table.ts";

/** The document of a fitted table. */
export function documentOf(
  { id: _, ...table }: TableInfo,
  { prepared, heads, warnings }: FittedTable,
  more: Pick<TableDocument, "importance" | "explained">,
): TableDocument {
  return {
    gradcast: "table",
    table,
    prepared: prepared.described,
    results: [...heads.values()].map(({ result }) => result),
    ...more,
    warnings,
  };
}
