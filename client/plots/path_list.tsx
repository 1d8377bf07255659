import { type ComponentChildren, Fragment } from "preact";
import type { TreePath, TreeStep } from "../../shared/head_explanation.ts";
import type { Tree, TreeNode } from "../../shared/head_model.ts";
import { hue } from "../../shared/class_colours.ts";
import { ClassMark } from "./class_legend.tsx";
import { share } from "./numbers.ts";
import { rowsOf } from "./shown_tree.ts";
import { counted, majorityOf, stepWords, type TreeNames } from "./tree_words.ts";

/** Properties of a path. */
export interface PathListProps {
  readonly tree: Tree;
  readonly names: TreeNames;
  readonly path: TreePath;
  /** Writes a row's value where it is no number, such as a word of a text column; null: as a number. */
  readonly valueOf?: (step: TreeStep) => string | null;
  /** What stands beside a step, such as a picture of the channel that it asks about. */
  readonly beside?: (step: TreeStep) => ComponentChildren;
}

/** Only the boxes that one row passes, from the root to its answer: a tree that fits a phone. */
export function PathList({ tree, names, path, valueOf = () => null, beside = () => null }: PathListProps) {
  const leaf = tree.nodes[path.leaf];
  return (
    <ol class="plot path-list" data-testid="path-list">
      {path.steps.map((step) => {
        const { subject, value, test, answer } = stepWords(step, names.ask, valueOf);
        return (
          <li key={step.node} class="path-step">
            <p>
              <b>{subject}</b> is <span class="number">{value}</span>.{" "}
              <span class="muted">
                Is it <span class="number">{test}</span>?
              </span>{" "}
              <span class="path-answer">{answer}</span>
            </p>
            <Shares node={tree.nodes[step.node]} names={names} />
            {beside(step)}
          </li>
        );
      })}
      {leaf !== undefined && <Answer leaf={leaf} names={names} />}
    </ol>
  );
}

function Answer({ leaf, names }: { readonly leaf: TreeNode; readonly names: TreeNames }) {
  const { place, name, all, share: part } = majorityOf(leaf, names.classes);
  return (
    <li class="path-step path-end" style={hue(place)}>
      <p>
        So the tree says{" "}
        <b>
          <ClassMark place={place} /> {name}
        </b>: {part === 1 ? "all" : share(part, 0) + " of"} the {counted(all, names.unit)}{" "}
        that ended here while it learnt {part === 1 && all !== 1 ? "are" : "is"} {name}.
      </p>
      <Shares node={leaf} names={names} />
    </li>
  );
}

/** How the rows of a node are shared among the classes. */
function Shares(
  { node, names: { classes, unit } }: { readonly node: TreeNode | undefined; readonly names: TreeNames },
) {
  if (node === undefined) return null;
  const all = Math.max(1, rowsOf(node));
  const parts = node.counts.map((rows, place) => ({ rows, place })).filter(({ rows }) => rows > 0);
  return (
    <p class="path-shares small muted">
      <span class="share-bar" aria-hidden="true">
        {parts.map(({ rows, place }) => <span key={place} style={{ ...hue(place), flexGrow: rows }} />)}
      </span>
      <span>
        <span class="number">{counted(rowsOf(node), unit)}:</span>
        {parts.map(({ rows, place }, at) => (
          <Fragment key={place}>
            {" "}
            <span class="number">
              {classes[place] ?? place} {share(rows / all, 0)}
              {at < parts.length - 1 ? "," : ""}
            </span>
          </Fragment>
        ))}
      </span>
    </p>
  );
}
