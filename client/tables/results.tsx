import { useMemo } from "preact/hooks";
import { HEAD_NAMES } from "../../shared/head_model.ts";
import type { HeadResult } from "../../shared/table_wire.ts";
import { ExportButtons } from "./export_buttons.tsx";
import { resultOf } from "./fit_state.ts";
import { type FittedTable, fittedTable } from "./fitted_table.ts";
import { ColumnsView, HeadView } from "./head_view.tsx";
import type { TablesModel } from "./model.ts";
import { RowCard } from "./row_card.tsx";

/** The head that is looked at, and a row explained by it. */
export function ResultsView({ model }: { readonly model: TablesModel }) {
  const [table, { prepared }, kind] = [model.table.value, model.fit.value, model.shown];
  const fitted = useMemo(() => fittedTable(table, prepared), [table, prepared]);
  const result = kind === undefined ? undefined : resultOf(model.fit.value, kind);
  if (fitted === null || result === undefined) return null;
  // What hangs on the row stands beside the drawing, on phones between it and the columns.
  return (
    <div class="tables-results">
      <HeadCard model={model} fitted={fitted} result={result} />
      <RowCard row={model.row} fitted={fitted} result={result} />
      <section class="card tables-columns" aria-labelledby="columns-title">
        <ColumnsView
          key={result.head.kind}
          fitted={fitted}
          result={result}
          importance={model.importance.value.get(result.head.kind)}
          ready={model.fit.value.phase !== "running"}
          onMeasure={() => void model.measure(result.head.kind)}
        />
      </section>
    </div>
  );
}

interface HeadCardProps {
  readonly model: TablesModel;
  readonly fitted: FittedTable;
  readonly result: HeadResult;
}

function HeadCard({ model, fitted, result }: HeadCardProps) {
  const { kind } = result.head;
  // Another head's path leads through another tree.
  const explained = model.row.head.value === kind ? model.row.explained.value : null;
  return (
    <section class="card tables-head-view" aria-labelledby="head-title" data-testid="head-view">
      <div class="card-head">
        <h2 id="head-title">{HEAD_NAMES[kind]}</h2>
        <ExportButtons model={model} />
      </div>
      <HeadView
        key={kind}
        fitted={fitted}
        result={result}
        explanation={explained?.explanation ?? null}
        onProblem={(words) => model.report(words)}
      />
    </section>
  );
}
