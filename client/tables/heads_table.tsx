import { HEAD_NAMES, type HeadKind } from "../../shared/head_model.ts";
import { share } from "../plots/numbers.ts";
import { bestOf, type FitState, type HeadRun } from "./fit_state.ts";
import type { TablesModel } from "./model.ts";
import { Warnings } from "./table_card.tsx";
import { accuracyWords, preparedWords, runWords } from "./words.ts";

/** The heads side by side: how far they are, then how well they do; the one that is looked at is chosen here. */
export function HeadsTable({ model }: { readonly model: TablesModel }) {
  const fit = model.fit.value;
  const { prepared } = fit;
  return (
    <section class="card tables-heads" aria-labelledby="heads-title">
      <h2 id="heads-title">How well each model does</h2>
      <p class="muted small">
        The share of rows that it names correctly without having seen them: each part of the table is named by
        a model that learnt from the other parts (cross-validation).
        {prepared !== null && ` ${preparedWords(prepared)}`}
      </p>
      <Warnings warnings={[...prepared?.warnings ?? [], ...fit.warnings]} />
      <Compared fit={fit} shown={model.shown} onShow={(kind) => model.show(kind)} />
    </section>
  );
}

interface ComparedProps {
  readonly fit: FitState;
  readonly shown: HeadKind | undefined;
  readonly onShow: (kind: HeadKind) => void;
}

function Compared({ fit, shown, onShow }: ComparedProps) {
  const chance = fit.prepared?.chance;
  const best = fit.phase === "running" ? undefined : bestOf(fit);
  // None is good that always naming the most frequent class beats.
  const bestKind = best === undefined || best.validation.accuracy <= (chance ?? 0)
    ? undefined
    : best.head.kind;
  return (
    <table class="heads" data-testid="heads">
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col" class="number">Named correctly</th>
          <th scope="col">
            <span class="visually-hidden">Drawn</span>
          </th>
          <th scope="col" class="number heads-more">On rows it learnt from</th>
          <th scope="col" class="number heads-more">Learnt in</th>
        </tr>
      </thead>
      <tbody>
        {fit.heads.map(({ kind, run }) => (
          <tr key={kind} data-shown={kind === shown} data-testid={`head-${kind}`}>
            <th scope="row">
              <button
                type="button"
                class="heads-name"
                aria-pressed={kind === shown}
                disabled={run.state !== "done"}
                onClick={() =>
                  onShow(kind)}
              >
                {HEAD_NAMES[kind]}
              </button>
            </th>
            <td class="number" data-testid={`accuracy-${kind}`}>
              {runWords(run)} {kind === bestKind && <span class="heads-best">best</span>}
            </td>
            <td>
              <RunBar run={run} name={HEAD_NAMES[kind]} chance={chance} />
            </td>
            <td class="number heads-more">{run.state === "done" ? share(run.result.fitted) : ""}</td>
            <td class="number heads-more">
              {run.state === "done" ? `${Math.max(1, Math.round(run.result.ms))} ms` : ""}
            </td>
          </tr>
        ))}
        {chance !== undefined && (
          <tr class="muted">
            <th scope="row">Always the most frequent</th>
            <td class="number">{share(chance)}</td>
            <td>
              <span class="bars-track" aria-hidden="true">
                <span class="bars-bar heads-chance" style={{ width: `${100 * chance}%` }} />
              </span>
            </td>
            <td class="heads-more" />
            <td class="heads-more" />
          </tr>
        )}
      </tbody>
    </table>
  );
}

interface RunBarProps {
  readonly run: HeadRun;
  readonly name: string;
  readonly chance: number | undefined;
}

function RunBar({ run, name, chance }: RunBarProps) {
  if (run.state === "waiting") return null;
  if (run.state === "running") return <progress value={run.done} aria-label={`${name}: ${runWords(run)}`} />;
  const { accuracy, deviation } = run.result.validation;
  const low = Math.max(0, accuracy - deviation);
  const width = Math.min(1, accuracy + deviation) - low;
  return (
    <span class="bars-track" role="img" aria-label={`${name}: ${accuracyWords(run.result.validation)}`}>
      <span class="bars-bar" style={{ left: "0%", width: `${100 * accuracy}%` }} />
      <span class="bars-line" style={{ left: `${100 * low}%`, width: `${100 * width}%` }} />
      {chance !== undefined && <span class="heads-mark" style={{ left: `${100 * chance}%` }} />}
    </span>
  );
}
