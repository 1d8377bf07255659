import { useSignal } from "@preact/signals";
import type { HeadExplanation, TreePath } from "../../shared/head_explanation.ts";
import type { ForestHead } from "../../shared/head_model.ts";
import type { Bars as BarLists, HeadResult } from "../../shared/table_wire.ts";
import { Bars, type BarSide, Confusion, count, TreePlot } from "../plots/mod.ts";
import type { Importance } from "./model.ts";
import type { FittedTable } from "./fitted_table.ts";
import { HEAD_WORDS } from "./words.ts";

interface HeadViewProps {
  readonly fitted: FittedTable;
  readonly result: HeadResult;
  /** Of the row that is explained, by this head; null: none yet. */
  readonly explanation: HeadExplanation | null;
  readonly onProblem: (words: string) => void;
}

/** One head, drawn: what it is, and how it decides. */
export function HeadView(props: HeadViewProps) {
  const { result: { head, words } } = props;
  return (
    <>
      <p class="muted">{HEAD_WORDS.get(head.kind)}</p>
      <p data-testid="head-words">{words}</p>
      <Drawing {...props} />
    </>
  );
}

interface ColumnsViewProps {
  readonly fitted: FittedTable;
  readonly result: HeadResult;
  readonly importance: Importance | undefined;
  /** Whether it can be measured. */
  readonly ready: boolean;
  readonly onMeasure: () => void;
}

/** What a head makes of all rows: which columns count, and which class it takes for which. */
export function ColumnsView(
  { fitted, result: { head, bars, validation }, importance, ready, onMeasure }: ColumnsViewProps,
) {
  const { classes } = fitted.prepared;
  const summed = head.kind === "tree" || head.kind === "forest" ? bars : null;
  return (
    <>
      <h2 id="columns-title">What it looks at, and where it is wrong</h2>
      {summed !== null && <SeriesBars bars={summed} classes={classes} testid="head-bars" />}
      {ready && <Measured importance={importance} classes={classes} onMeasure={onMeasure} />}
      <h3>Which class it takes for which</h3>
      <Confusion classes={classes} counts={validation.confusion} many="rows" />
    </>
  );
}

/** The tree of a tree, or one of a forest's; the weights of linear heads. */
function Drawing({ fitted, result: { head, bars }, explanation, onProblem }: HeadViewProps) {
  const { names, table, prepared } = fitted;
  const name = `How ${table.name} tells ${prepared.target}`;
  switch (head.kind) {
    case "tree":
      return (
        <TreePlot
          name={name}
          tree={head.tree}
          names={names}
          path={explanation?.kind === "path" ? explanation.path : null}
          onProblem={onProblem}
        />
      );
    case "forest":
      return <ForestTrees name={name} head={head} {...{ fitted, explanation, onProblem }} />;
    case "linear":
    case "pca-linear":
      return bars === null ? null : <SeriesBars bars={bars} classes={prepared.classes} testid="head-bars" />;
    case "nearest":
      return null;
    default: {
      const _never: never = head;
      return _never;
    }
  }
}

interface ForestTreesProps extends Pick<HeadViewProps, "fitted" | "explanation" | "onProblem"> {
  readonly name: string;
  readonly head: ForestHead;
}

/** One tree of a forest, drawn when it is asked for: only the first ones are sent, as all of them would be megabytes. */
function ForestTrees({ name, head: { trees }, fitted, explanation, onProblem }: ForestTreesProps) {
  const open = useSignal(false);
  const all = explanation?.kind === "votes" ? ` ${count(explanation.named.length)}` : "";
  const place = useSignal(0);
  const tree = trees[place.value];
  const path: TreePath | null = explanation?.kind === "votes"
    ? explanation.paths.find((one) => one.tree === place.value) ?? null
    : null;
  return (
    <details class="fold" onToggle={(event) => open.value = event.currentTarget.open}>
      <summary>Look at {count(trees.length)} of its{all} trees</summary>
      {open.value && tree !== undefined && (
        <>
          <label class="tables-inline">
            <span>Tree</span>
            <input
              type="number"
              min="1"
              max={trees.length}
              value={place.value + 1}
              data-testid="forest-tree"
              onChange={({ currentTarget: { valueAsNumber } }) => {
                if (trees[valueAsNumber - 1] !== undefined) place.value = valueAsNumber - 1;
              }}
            />
            <span class="muted">
              of{" "}
              {count(trees.length)}. Each learnt from other rows, some of them more than once. The other trees
              stay on the server; votes and columns that count are those of all{all} trees.
            </span>
          </label>
          <TreePlot
            name={`${name}, tree ${place.value + 1}`}
            tree={tree}
            names={fitted.names}
            path={path}
            onProblem={onProblem}
          />
        </>
      )}
    </details>
  );
}

interface SeriesBarsProps {
  readonly bars: BarLists;
  readonly classes: readonly string[];
  readonly testid: string;
}

/** Weights or importances; of several lists one is chosen. */
function SeriesBars({ bars: { title, signed, series }, classes, testid }: SeriesBarsProps) {
  const place = useSignal(0);
  const list = series[place.value] ?? series[0];
  if (list === undefined) return null;
  return (
    <div>
      <h3>Which columns count</h3>
      {series.length > 1 && (
        <label class="tables-inline">
          <span>For the class</span>
          <span class="select">
            <select
              value={place.value}
              onChange={(event) => place.value = Number(event.currentTarget.value)}
            >
              {series.map(({ name }, at) => <option key={at} value={at}>{name}</option>)}
            </select>
          </span>
        </label>
      )}
      <Bars
        key={place.value}
        caption={title}
        heads={{ name: "Column", value: signed ? "Weight" : "Importance" }}
        rows={list.bars.map(({ feature, name, value, deviation }) => ({
          key: `${feature}`,
          name,
          value,
          ...(deviation === null ? {} : { deviation }),
        }))}
        signed={signed}
        {...(signed ? { sides: sidesOf(classes, series.length > 1 ? place.value : null) } : {})}
        testid={testid}
      />
    </div>
  );
}

/** What both signs speak for: of two classes one each, else for a class and against it. */
export function sidesOf(classes: readonly string[], place: number | null): { minus: BarSide; plus: BarSide } {
  return place === null
    ? { minus: { words: classes[0] ?? "", place: 0 }, plus: { words: classes[1] ?? "", place: 1 } }
    : { minus: { words: "against" }, plus: { words: classes[place] ?? "", place } };
}

interface MeasuredProps {
  readonly importance: Importance | undefined;
  readonly classes: readonly string[];
  readonly onMeasure: () => void;
}

/** Permutation importance, measured when it is asked for. */
function Measured({ importance, classes, onMeasure }: MeasuredProps) {
  if (importance?.state === "done") {
    return <SeriesBars bars={importance.bars} classes={classes} testid="permutation" />;
  }
  return (
    <div class="tables-measure">
      {importance === undefined
        ? (
          <button type="button" class="button" data-testid="measure" onClick={onMeasure}>
            Measure by shuffling
          </button>
        )
        : <progress value={importance.done} aria-label="Measures by shuffling" />}
      <p class="muted small">
        Shuffles one column after another and sees how much worse the model gets: permutation importance, for
        any model.
      </p>
    </div>
  );
}
