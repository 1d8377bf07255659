import { HEAD_KINDS, HEAD_NAMES } from "../../shared/head_model.ts";
import { MISSING_WAYS, type MissingWay } from "../../shared/table_wire.ts";
import { count } from "../plots/numbers.ts";
import type { TableSettings } from "./settings.ts";

/** What is done with missing values, in words. */
const MISSING_WORDS: ReadonlyMap<MissingWay, string> = new Map([
  ["refuse", "Stop and say so"],
  ["median", "Fill them: median, or most frequent word"],
  ["drop", "Leave their rows out"],
]);

interface FitOptionsProps {
  readonly settings: TableSettings;
  readonly onChange: (changes: Partial<TableSettings>) => void;
}

/** How heads are fitted and checked. */
export function FitOptions({ settings, onChange }: FitOptionsProps) {
  const { heads, folds, seed } = settings;
  return (
    <details class="fold">
      <summary>How it learns</summary>
      <div class="tables-options">
        <fieldset>
          <legend>Models</legend>
          {HEAD_KINDS.map((kind) => (
            <label class="check" key={kind}>
              <input
                type="checkbox"
                checked={heads.includes(kind)}
                // One has to stay.
                disabled={heads.length === 1 && heads.includes(kind)}
                onChange={(event) => {
                  const chosen = event.currentTarget.checked;
                  onChange({
                    heads: HEAD_KINDS.filter((one) => one === kind ? chosen : heads.includes(one)),
                  });
                }}
              />
              {HEAD_NAMES[kind]}
            </label>
          ))}
        </fieldset>
        <label>
          <span>Parts of the table for checking (2 to 10)</span>
          <input
            type="number"
            min="2"
            max="10"
            value={folds}
            onChange={({ currentTarget: { valueAsNumber } }) => {
              if (valueAsNumber >= 2 && valueAsNumber <= 10) onChange({ folds: Math.round(valueAsNumber) });
            }}
          />
        </label>
        <label>
          <span>Seed: the same one gives the same result</span>
          <input
            type="number"
            min="0"
            max={2 ** 31 - 1}
            value={seed}
            onChange={({ currentTarget: { valueAsNumber } }) => {
              if (valueAsNumber >= 0 && valueAsNumber < 2 ** 31) {
                onChange({
                  seed: Math.round(valueAsNumber),
                });
              }
            }}
          />
        </label>
        <p class="muted small">Changes count from the next time that you press Learn.</p>
      </div>
    </details>
  );
}

interface MissingFieldProps {
  /** Missing values in the whole table. */
  readonly missing: number;
  readonly way: MissingWay;
  readonly onChange: (changes: Partial<TableSettings>) => void;
}

/** What is done about missing values. */
export function MissingField({ missing, way, onChange }: MissingFieldProps) {
  return (
    <label class="tables-missing">
      <span>{count(missing)} {missing === 1 ? "value is" : "values are"} missing</span>
      <span class="select">
        <select
          data-testid="missing"
          value={way}
          onChange={({ currentTarget: { value } }) => {
            const chosen = MISSING_WAYS.find((one) => one === value);
            if (chosen !== undefined) onChange({ missing: chosen });
          }}
        >
          {MISSING_WAYS.map((one) => <option key={one} value={one}>{MISSING_WORDS.get(one)}</option>)}
        </select>
      </span>
    </label>
  );
}
