import { useEffect, useRef } from "preact/hooks";
import { Moon, Sun } from "lucide-preact";
import { useSignal } from "@preact/signals";
import { LiveRegion } from "../ui/live_region.tsx";
import { loadSettings, saveSettings } from "../view/settings.ts";
import { applyTheme, otherTheme } from "../view/theme.ts";
import { HeadsTable } from "./heads_table.tsx";
import type { Problem, TablesModel } from "./model.ts";
import { Results } from "./lazy_results.tsx";
import { StartCard } from "./start_card.tsx";
import { TableCard } from "./table_card.tsx";
import { runNews } from "./words.ts";

/** The page of tables. */
export function TablesPage({ model }: { readonly model: TablesModel }) {
  const table = model.table.value;
  const problem = model.problem.value;
  return (
    <div class="tables">
      <Head />
      <main class="tables-main">
        {problem !== null && table === null && <ProblemCard model={model} problem={problem} />}
        {table === null
          ? (
            <StartCard
              samples={model.samples.value}
              opening={model.opening.value}
              onOpen={(one) => model.open(one)}
            />
          )
          : <TableCard model={model} table={table} />}
        {problem !== null && table !== null && <ProblemCard model={model} problem={problem} />}
        <div class="tables-work">
          {model.fit.value.heads.length > 0 && <HeadsTable model={model} />}
          {model.shown !== undefined && <Results model={model} />}
        </div>
      </main>
      <LiveRegion words={() => runNews(model.fit.peek())} />
    </div>
  );
}

/** What went wrong, brought into sight. */
function ProblemCard({ model, problem }: { readonly model: TablesModel; readonly problem: Problem }) {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => card.current?.scrollIntoView({ block: "nearest" }), [problem]);
  return (
    <div class="card tables-problem" role="alert" data-testid="problem" ref={card}>
      <p>{problem.words}</p>
      {problem.detail !== "" && <p class="muted">{problem.detail}</p>}
      {problem.again && (
        <button type="button" class="button" onClick={() => void model.openAgain()}>
          Send it again
        </button>
      )}
    </div>
  );
}

/** The bar at the top. */
function Head() {
  const settings = useSignal(loadSettings(localStorage));
  const { theme } = settings.value;
  const other = otherTheme(theme);
  useEffect(() => applyTheme(theme), [theme]);
  return (
    <header class="tables-head">
      <h1 class="brand">
        <img src="/favicon.svg" alt="" width="28" height="28" />
        Gradcast <span class="muted">tables</span>
      </h1>
      <a class="button" href="/">Live pictures</a>
      <button
        type="button"
        class="icon-button"
        aria-label={other === "dark" ? "Dark colours" : "Light colours"}
        title={other === "dark" ? "Dark colours" : "Light colours"}
        onClick={() => {
          settings.value = { ...settings.value, theme: other };
          saveSettings(localStorage, settings.value);
        }}
      >
        {other === "dark" ? <Moon aria-hidden="true" /> : <Sun aria-hidden="true" />}
      </button>
    </header>
  );
}
