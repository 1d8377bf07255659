import type { Neighbours } from "../../shared/head_explanation.ts";
import type { ExplainedRow } from "../../shared/table_wire.ts";
import { ClassMark, columnValue } from "../plots/mod.ts";
import { valueWords } from "./features.ts";
import type { FittedTable } from "./fitted_table.ts";
import type { NeighbourRow } from "./row_model.ts";

interface NeighbourRowsProps {
  readonly explanation: Neighbours;
  readonly rows: readonly NeighbourRow[];
  /** Number of the row that is explained, or null where its values were typed. */
  readonly own: number | null;
  readonly explained: ExplainedRow;
  readonly fitted: FittedTable;
}

/** The rows that are most like the explained one, below it. */
export function NeighbourRows(
  { explanation: { neighbours }, rows, own, explained, fitted }: NeighbourRowsProps,
) {
  const { table: { columns }, prepared: { classes, target }, parts } = fitted;
  const used = columns.map(({ name }, place) => ({
    name,
    place,
    feature: parts.findIndex(({ column }) => column === name),
  })).filter(({ name, feature }) => feature >= 0 && name !== target);
  return (
    <>
      <p class="muted small">
        The {neighbours.length}{" "}
        rows of the table that are most like this one, the nearest first. Distance 0: the same direction, 2:
        the opposite.
      </p>
      <div
        class="plot-scroll"
        tabIndex={0}
        role="group"
        aria-label="Most similar rows"
        data-testid="neighbours"
      >
        <table class="plot-table narrow">
          <thead>
            <tr>
              <th scope="col">Row</th>
              <th scope="col">{target}</th>
              <th scope="col">Distance</th>
              {used.map(({ name }) => <th scope="col" key={name}>{name}</th>)}
            </tr>
          </thead>
          <tbody>
            <tr data-light="lit">
              <th scope="row">asked</th>
              <td>?</td>
              <td class="number">–</td>
              {used.map(({ name, feature }) => (
                <td class="number" key={name}>{valueWords(parts, explained.values, feature)}</td>
              ))}
            </tr>
            {neighbours.map(({ row, label, distance }) => {
              const cells = rows.find((one) => one.row === row)?.cells ?? [];
              return (
                <tr key={row}>
                  <th scope="row" class="number">{row + 1}{row === own ? ", this one" : ""}</th>
                  <td>
                    <ClassMark place={label} /> {classes[label]}
                  </td>
                  <td class="number">{columnValue(distance, 2)}</td>
                  {used.map(({ name, place }) => <td class="number" key={name}>{cells[place] ?? ""}</td>)}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}
