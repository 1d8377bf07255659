import { useSignal } from "@preact/signals";
import type { Tree } from "../../shared/head_model.ts";
import { count } from "./numbers.ts";
import { isSplit, rowsOf } from "./shown_tree.ts";
import { answerOf, majorityOf, type TreeNames } from "./tree_words.ts";

/** Boxes that the table lists at most. */
const MOST_ROWS = 1_000;

interface TreeTableProps {
  readonly tree: Tree;
  readonly names: TreeNames;
  /** Places of the nodes that a row passes. */
  readonly lit: readonly number[];
}

/** The numbers of a drawn tree as a table, made when it is opened. */
export function TreeTable(props: TreeTableProps) {
  const open = useSignal(false);
  return (
    <details class="fold" onToggle={(event) => open.value = event.currentTarget.open}>
      <summary>The tree as a table</summary>
      {open.value && <Rows {...props} />}
    </details>
  );
}

function Rows({ tree: { nodes }, names: { classes, ask, unit }, lit }: TreeTableProps) {
  const passes = new Set(lit);
  return (
    // Wider than a phone with many classes: it is moved by itself, by keys too.
    <div class="plot-scroll" tabIndex={0} role="group" aria-label="The tree as a table">
      {nodes.length > MOST_ROWS && (
        <p class="muted small">
          The first {count(MOST_ROWS)} of {count(nodes.length)} boxes; the JSON has all.
        </p>
      )}
      <table class="plot-table">
        <thead>
          <tr>
            <th scope="col">Box</th>
            <th scope="col">Question or answer</th>
            <th scope="col">Yes, no</th>
            <th scope="col">{unit.many}</th>
            <th scope="col">Gini</th>
            {classes.map((name) => <th scope="col" key={name}>{name}</th>)}
          </tr>
        </thead>
        <tbody>
          {nodes.slice(0, MOST_ROWS).map((node, index) => {
            const question = isSplit(node) ? ask(node.feature, node.threshold) : null;
            const [yes, no] = question !== null && answerOf(question, "left") === "no"
              ? [node.right, node.left]
              : [node.left, node.right];
            return (
              <tr key={index} data-light={passes.has(index) ? "lit" : "plain"}>
                <th scope="row" class="number">{index}{passes.has(index) ? " (on the path)" : ""}</th>
                <td>
                  {question === null
                    ? `Answer: ${majorityOf(node, classes).name}`
                    : `${question.subject} ${question.test}?`}
                </td>
                <td class="number">{question === null ? "–" : `${yes}, ${no}`}</td>
                <td class="number">{count(rowsOf(node))}</td>
                <td class="number">{node.impurity.toFixed(3)}</td>
                {node.counts.map((rows, place) => <td class="number" key={place}>{count(rows)}</td>)}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
