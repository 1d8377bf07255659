import type { TableInfo } from "../../shared/table_wire.ts";
import { ColumnsTable } from "./columns_table.tsx";
import { FitOptions, MissingField } from "./fit_options.tsx";
import type { TablesModel } from "./model.ts";
import { tableWords } from "./words.ts";

/** The open table: what is in it, which column is the target, and the button that starts. */
export function TableCard({ model, table }: { readonly model: TablesModel; readonly table: TableInfo }) {
  const target = model.target.value;
  const missing = table.columns.reduce((sum, column) => sum + column.missing, 0);
  const running = model.fit.value.phase === "running";
  const targets = table.columns.filter((column) => column.target);
  return (
    <section class="card tables-table" aria-labelledby="table-title">
      <div class="card-head">
        <div>
          <h2 id="table-title" data-testid="table-name">{table.name}</h2>
          <p class="muted small">
            {tableWords(table)}
            {table.source === null ? "" : `. ${table.source}`}
          </p>
        </div>
        <button type="button" class="button" data-testid="other-table" onClick={() => model.close()}>
          Another table
        </button>
      </div>
      <Warnings warnings={table.warnings} />
      {targets.length === 0
        ? (
          <p data-testid="no-target">
            No column can be predicted: one with 2 to 100 different values is needed. Add such a column, or
            round one of numbers, then choose the table again.
          </p>
        )
        : (
          <div class="tables-target">
            <label>
              <span>Column to predict</span>
              <span class="select">
                <select
                  data-testid="target"
                  value={target ?? ""}
                  onChange={(event) => model.setTarget(event.currentTarget.value)}
                >
                  {targets.map(({ name, distinct }) => (
                    <option key={name} value={name}>{name} ({distinct} values)</option>
                  ))}
                </select>
              </span>
            </label>
            {running
              ? (
                <button type="button" class="button" data-testid="cancel" onClick={() => model.cancel()}>
                  Cancel
                </button>
              )
              : (
                <button
                  type="button"
                  class={model.fit.value.phase === "idle" ? "button primary" : "button"}
                  data-testid="learn"
                  disabled={target === null}
                  onClick={() => void model.learn()}
                >
                  {model.fit.value.phase === "idle" ? "Learn" : "Learn again"}
                </button>
              )}
          </div>
        )}
      {missing > 0 && targets.length > 0 && (
        <MissingField
          missing={missing}
          way={model.settings.value.missing}
          onChange={(changes) => model.change(changes)}
        />
      )}
      <Folds model={model} table={table} />
    </section>
  );
}

/** What is seldom changed: how heads are fitted, and which columns they use. */
function Folds({ model, table }: { readonly model: TablesModel; readonly table: TableInfo }) {
  return (
    <div class="tables-folds">
      <FitOptions settings={model.settings.value} onChange={(changes) => model.change(changes)} />
      <ColumnsTable
        columns={table.columns}
        target={model.target.value}
        leftOut={model.leftOut.value}
        onUse={(column, used) => model.use(column, used)}
      />
    </div>
  );
}

/** What to know before the table is trusted. */
export function Warnings({ warnings }: { readonly warnings: TableInfo["warnings"] }) {
  if (warnings.length === 0) return null;
  return (
    <ul class="tables-warnings" data-testid="warnings">
      {warnings.map(({ kind, column, words }) => <li key={`${kind} ${column ?? ""}`}>{words}</li>)}
    </ul>
  );
}
