import type { Contributions, TreePath, Votes as ForestVotes } from "../../shared/head_explanation.ts";
import type { HeadModel, Tree } from "../../shared/head_model.ts";
import type { ExplainedRow } from "../../shared/table_wire.ts";
import { Bars, PathList, signed, Votes } from "../plots/mod.ts";
import { noteWords, valueWords } from "./features.ts";
import { sidesOf } from "./head_view.tsx";
import { NeighbourRows } from "./neighbour_rows.tsx";
import type { FittedTable } from "./fitted_table.ts";
import type { NeighbourRow } from "./row_model.ts";

interface ExplanationProps {
  readonly explained: ExplainedRow;
  readonly fitted: FittedTable;
  readonly head: HeadModel;
  readonly neighbours: readonly NeighbourRow[];
  /** Number of the row, or null where its values were typed. */
  readonly own: number | null;
}

/** Why a head says what it says of one row. */
export function Explanation({ explained, fitted, head, neighbours, own }: ExplanationProps) {
  const { explanation } = explained;
  switch (explanation.kind) {
    case "path":
      return head.kind !== "tree"
        ? null
        : <Path path={explanation.path} tree={head.tree} fitted={fitted} explained={explained} />;
    case "contributions":
      return <Added explanation={explanation} explained={explained} fitted={fitted} />;
    case "votes":
      return <Ballot explanation={explanation} explained={explained} fitted={fitted} head={head} />;
    case "neighbours":
      return <NeighbourRows rows={neighbours} {...{ explanation, own, explained, fitted }} />;
    default: {
      const _never: never = explanation;
      return _never;
    }
  }
}

interface PathProps extends Pick<ExplanationProps, "explained" | "fitted"> {
  readonly path: TreePath;
  readonly tree: Tree;
}

function Path({ path, tree, fitted: { names, parts }, explained: { values } }: PathProps) {
  return (
    <PathList
      tree={tree}
      names={names}
      path={path}
      valueOf={({ feature }) => parts[feature]?.word === null ? null : valueWords(parts, values, feature)}
    />
  );
}

interface AddedProps extends Pick<ExplanationProps, "explained" | "fitted"> {
  readonly explanation: Contributions;
}

/** What each column adds to the class that the head names; of two classes, to the second one or the first. */
function Added({ explanation, explained, fitted: { prepared: { classes, features }, parts } }: AddedProps) {
  const two = classes.length === 2;
  const place = two ? 1 : explained.predicted;
  const own = explanation.contributions[place] ?? [];
  const bias = explanation.bias[place] ?? 0;
  const sum = own.reduce((total, one) => total + one, 0);
  return (
    <>
      <Bars
        caption={`What each column of this row adds for ${classes[place]}${
          two ? ` (below 0: for ${classes[0]})` : ""
        }`}
        heads={{ name: "Column and its value", value: "Adds" }}
        rows={own.map((value, feature) => ({
          key: `${feature}`,
          name: parts[feature]?.column ?? features[feature] ?? `${feature}`,
          value,
          note: noteWords(parts, explained.values, feature),
        }))}
        signed
        sides={sidesOf(classes, two ? null : place)}
        testid="contributions"
      />
      <p class="muted small">
        All columns add {signed(sum)}, and {signed(bias)} stands before any column: {signed(sum + bias)}{" "}
        altogether.
      </p>
    </>
  );
}

interface BallotProps extends Pick<ExplanationProps, "explained" | "fitted" | "head"> {
  readonly explanation: ForestVotes;
}

/** How the trees of a forest vote, and the paths of some of them. */
function Ballot({ explanation: { votes, named, paths }, explained, fitted, head }: BallotProps) {
  const { classes } = fitted.prepared;
  return (
    <>
      <Votes classes={classes} votes={votes} voters="trees" />
      {head.kind === "forest" && paths.map((path) => {
        const tree = head.trees[path.tree];
        return tree === undefined ? null : (
          <details class="fold" key={path.tree}>
            <summary>Why tree {path.tree + 1} says {classes[named[path.tree] ?? 0]}</summary>
            <Path path={path} tree={tree} fitted={fitted} explained={explained} />
          </details>
        );
      })}
    </>
  );
}
