import type { ExplainedRow } from "../../shared/table_wire.ts";
import { changed, type FeatureColumn, featureColumns, wordOf } from "./features.ts";
import type { FittedTable } from "./fitted_table.ts";

interface RowValuesProps {
  readonly explained: ExplainedRow;
  readonly fitted: FittedTable;
  /** Whether values were typed already. */
  readonly typed: boolean;
  readonly onValues: (values: readonly number[]) => void;
  readonly onReset: () => void;
}

/** The row's values, to read and to change: what would the head say then? */
export function RowValues(
  { explained: { values }, fitted: { parts }, typed, onValues, onReset }: RowValuesProps,
) {
  return (
    <details class="fold" data-testid="row-values">
      <summary>What if? Change its values</summary>
      {typed && (
        <button type="button" class="button" data-testid="row-reset" onClick={onReset}>
          As in the table
        </button>
      )}
      <div class="tables-values">
        {featureColumns(parts).map((column) => (
          <label key={column.name}>
            <span>{column.name}</span>
            {column.words === null
              ? (
                <NumberField
                  value={values[column.place] ?? 0}
                  onValue={(value) => onValues(changed(values, column, value))}
                />
              )
              : (
                <WordField
                  column={column}
                  word={wordOf(parts, values, column.name)}
                  onWord={(word) => onValues(changed(values, column, word))}
                />
              )}
          </label>
        ))}
      </div>
    </details>
  );
}

function NumberField(
  { value, onValue }: { readonly value: number; readonly onValue: (value: number) => void },
) {
  return (
    <input
      type="number"
      step="any"
      value={Number(value.toPrecision(7))}
      onChange={({ currentTarget }) => {
        const { valueAsNumber } = currentTarget;
        if (Number.isFinite(valueAsNumber)) onValue(valueAsNumber);
        else currentTarget.value = `${value}`;
      }}
    />
  );
}

interface WordFieldProps {
  readonly column: FeatureColumn;
  /** Null: none of the words that heads know. */
  readonly word: string | null;
  readonly onWord: (word: string) => void;
}

function WordField({ column: { words }, word, onWord }: WordFieldProps) {
  return (
    <span class="select">
      <select value={word ?? ""} onChange={(event) => onWord(event.currentTarget.value)}>
        {word === null && <option value="">another</option>}
        {words?.map((one) => <option key={one.place} value={one.word}>{one.word}</option>)}
      </select>
    </span>
  );
}
