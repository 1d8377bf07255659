import { ChevronLeft, ChevronRight } from "lucide-preact";
import { HEAD_NAMES } from "../../shared/head_model.ts";
import type { ExplainedRow, HeadResult } from "../../shared/table_wire.ts";
import { ClassMark, count } from "../plots/mod.ts";
import { percent } from "../ui/format.ts";
import { Explanation } from "./explanation.tsx";
import type { FittedTable } from "./fitted_table.ts";
import type { RowModel } from "./row_model.ts";
import { RowValues } from "./row_values.tsx";

interface RowCardProps {
  readonly row: RowModel;
  readonly fitted: FittedTable;
  readonly result: HeadResult;
}

/** One row, explained by the head that is looked at. */
export function RowCard({ row, fitted, result }: RowCardProps) {
  const { kind } = result.head;
  const explained = row.head.value === kind ? row.explained.value : null;
  return (
    <section class="card tables-row" aria-labelledby="row-title" data-testid="row-card">
      <h2 id="row-title">One row, explained</h2>
      <RowField
        row={row}
        total={fitted.table.rows}
        onRow={(place) => void row.choose(place, fitted.table.rows, kind)}
      />
      {explained !== null && (
        <>
          <Said
            explained={explained}
            fitted={fitted}
            name={HEAD_NAMES[kind]}
            typed={row.typed.value !== null}
          />
          <Explanation
            explained={explained}
            fitted={fitted}
            head={result.head}
            neighbours={row.neighbours.value}
            own={row.typed.value === null ? row.number.value : null}
          />
          <RowValues
            explained={explained}
            fitted={fitted}
            typed={row.typed.value !== null}
            onValues={(values) => void row.type(values, kind)}
            onReset={() => void row.choose(row.number.value, fitted.table.rows, kind)}
          />
        </>
      )}
    </section>
  );
}

interface RowFieldProps {
  readonly row: RowModel;
  readonly total: number;
  /** Takes a row, from 0 on. */
  readonly onRow: (place: number) => void;
}

/** Chooses a row by its number; people count from 1. */
function RowField({ row: { number: { value: place } }, total, onRow }: RowFieldProps) {
  return (
    <div class="tables-inline" role="group" aria-label="Row">
      <button
        type="button"
        class="icon-button"
        aria-label="Row before"
        disabled={place === 0}
        onClick={() => onRow(place - 1)}
      >
        <ChevronLeft aria-hidden="true" />
      </button>
      <label class="tables-inline">
        <span>Row</span>
        <input
          type="number"
          min="1"
          max={total}
          value={place + 1}
          data-testid="row-number"
          onChange={({ currentTarget }) => {
            const { valueAsNumber } = currentTarget;
            if (Number.isFinite(valueAsNumber)) onRow(valueAsNumber - 1);
            else currentTarget.value = `${place + 1}`;
          }}
        />
      </label>
      <span class="muted">of {count(total)}</span>
      <button
        type="button"
        class="icon-button"
        aria-label="Next row"
        data-testid="row-next"
        disabled={place >= total - 1}
        onClick={() => onRow(place + 1)}
      >
        <ChevronRight aria-hidden="true" />
      </button>
    </div>
  );
}

interface SaidProps {
  readonly explained: ExplainedRow;
  readonly fitted: FittedTable;
  readonly name: string;
  readonly typed: boolean;
}

/** What the head says of the row, and whether that is right. */
function Said({ explained, fitted: { prepared: { classes } }, name, typed }: SaidProps) {
  const { predicted, probability, actual, validated } = explained;
  return (
    <div data-testid="row-said">
      <p class="tables-said">
        {name}:{" "}
        <b>
          <ClassMark place={predicted} /> {classes[predicted]}
        </b>{" "}
        <span class="muted number">{percent(probability)}</span>
      </p>
      {typed
        ? <p class="muted small">A row of your own: nobody knows what is right.</p>
        : (
          <p class="muted small">
            {actual === null
              ? "In the table its class is missing."
              : `In the table it is ${classes[actual]}: ${actual === predicted ? "right" : "wrong"}.`}{" "}
            {validated !== null && validated !== predicted &&
              `A model that had not seen this row said ${classes[validated]}.`}
          </p>
        )}
    </div>
  );
}
