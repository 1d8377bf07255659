import type { TableColumn } from "../../shared/table_wire.ts";
import { count } from "../plots/numbers.ts";
import { kindWords, valuesWords } from "./words.ts";

interface ColumnsTableProps {
  readonly columns: readonly TableColumn[];
  readonly target: string | null;
  readonly leftOut: ReadonlySet<string>;
  readonly onUse: (column: string, used: boolean) => void;
}

/** What is in the table, and which columns are used. */
export function ColumnsTable({ columns, target, leftOut, onUse }: ColumnsTableProps) {
  return (
    <details class="fold" data-testid="columns">
      <summary>The columns</summary>
      <div class="plot-scroll" tabIndex={0} role="group" aria-label="The columns">
        <table class="plot-table">
          <thead>
            <tr>
              <th scope="col">Used</th>
              <th scope="col">Column</th>
              <th scope="col">Holds</th>
              <th scope="col">Values</th>
              <th scope="col">Missing</th>
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <tr key={column.name}>
                <td>
                  {column.name === target ? "target" : (
                    <label class="check">
                      <input
                        type="checkbox"
                        aria-label={`Use ${column.name}`}
                        disabled={column.kind === "empty"}
                        checked={!leftOut.has(column.name)}
                        onChange={(event) => onUse(column.name, event.currentTarget.checked)}
                      />
                    </label>
                  )}
                </td>
                <th scope="row">
                  {column.name}
                  {column.leftOut !== null && <span class="muted small">{column.leftOut}</span>}
                </th>
                <td>{kindWords(column)}</td>
                <td>{valuesWords(column)}</td>
                <td class="number">{column.missing === 0 ? "none" : count(column.missing)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
