import { NORMALISATION_WORDS, type NormalisationName, type PresetRow } from "../../../shared/model_wire.ts";
import { shortLabel } from "../../view/labels.ts";
import { percent } from "../../ui/format.ts";

/** Properties of the table. */
export interface PresetsTableProps {
  readonly rows: readonly PresetRow[] | "asking" | null;
  /** The normalisation of now; null: another one. */
  readonly chosen: NormalisationName | null;
  readonly disabled: boolean;
  readonly onTry: () => void;
  readonly onChoose: (name: NormalisationName) => void;
}

/** What the model says of the sample photos under each normalisation: the right one names them, and is surer. */
export function PresetsTable({ rows, chosen, disabled, onTry, onChoose }: PresetsTableProps) {
  return (
    <div class="model-field">
      <p class="muted small">
        A model expects its pixels as it was trained with. Compare what it says of the sample photos: under
        the right normalisation it names them, and is surer.
      </p>
      {rows === null && (
        <button type="button" class="button" data-testid="try-presets" onClick={onTry}>
          Check the normalisation
        </button>
      )}
      {rows === "asking" && <p class="muted" role="status">The model looks at the sample photos…</p>}
      {Array.isArray(rows) && <Table rows={rows} {...{ chosen, disabled, onChoose }} />}
    </div>
  );
}

type TableProps = Pick<PresetsTableProps, "chosen" | "disabled" | "onChoose"> & {
  readonly rows: readonly PresetRow[];
};

function Table({ rows, chosen, disabled, onChoose }: TableProps) {
  return (
    <ul
      class="presets"
      aria-label="What it says of the sample photos under each normalisation"
      data-testid="presets"
    >
      {rows.map(({ normalisation, tops, confidence }) => (
        <li key={normalisation} data-chosen={normalisation === chosen}>
          <div class="preset-head">
            <button
              type="button"
              class="link-button"
              aria-pressed={normalisation === chosen}
              disabled={disabled || normalisation === chosen}
              data-testid={`preset-${normalisation}`}
              onClick={() =>
                onChoose(normalisation)}
            >
              {NORMALISATION_WORDS[normalisation]}
            </button>
            <span class="muted small">
              {normalisation === chosen && "in use, "}
              {percent(confidence)} sure
            </span>
          </div>
          <dl>
            {tops.map(({ sample, label, index, probability }) => (
              <div key={sample}>
                <dt class="muted small">{sample}</dt>
                <dd>
                  {label === "" ? `class ${index}` : shortLabel(label)}{" "}
                  <span class="muted">{percent(probability)}</span>
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
