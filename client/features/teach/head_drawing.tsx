import { useSignal } from "@preact/signals";
import type { TaughtHead, Why } from "../../../shared/teach_wire.ts";
import { askNames, PathList, PICTURES, TreePlot, Votes } from "../../plots/mod.ts";
import { ChannelButton } from "./channel_button.tsx";
import { LinearDrawing } from "./linear_drawing.tsx";
import { NeighbourList } from "./neighbour_list.tsx";
import { Importances } from "./importances.tsx";
import { Likes } from "./likes.tsx";
import { sayingWords } from "./words.ts";
import type { WhyModel } from "./why_model.ts";

/** Properties of the drawing. */
export interface HeadDrawingProps {
  readonly model: WhyModel;
  readonly collection: string;
}

/** The head as a drawing, with what the picture of now does in it. */
export function HeadDrawing({ model, collection }: HeadDrawingProps) {
  const why = model.why.value;
  const head = model.head.value;
  const problem = model.problem.value;
  return (
    <section
      class="head-drawing"
      aria-labelledby="head-drawing"
      data-testid="head-drawing"
      data-kind={head?.kind}
    >
      <h3 id="head-drawing">Why it says that</h3>
      {problem !== null && <p role="alert" class="small">{problem}</p>}
      {why !== null && <p data-testid="why-says">{sayingWords(why)}</p>}
      {head === null ? <p class="muted" role="status">Drawing…</p> : (
        <Drawing
          model={model}
          head={head}
          why={why?.kind === head.kind ? why : null}
          collection={collection}
        />
      )}
      <Likes model={model} />
    </section>
  );
}

interface DrawingProps extends HeadDrawingProps {
  readonly head: TaughtHead;
  /** What it says of the picture of now; null before it has. */
  readonly why: Why | null;
}

function Drawing(props: DrawingProps) {
  const { head, why, model, collection } = props;
  switch (head.kind) {
    case "linear":
    case "pca-linear":
      return <LinearDrawing model={model} head={head} why={why} />;
    case "tree":
      return <TreeDrawing {...props} />;
    case "forest":
      return <ForestDrawing {...props} />;
    case "nearest":
      return (
        <NeighbourList
          collection={collection}
          neighbours={why?.explanation.kind === "neighbours" ? why.explanation.neighbours : []}
          classes={head.classes.map(({ name }) => name)}
        />
      );
    default: {
      const _never: never = head.kind;
      return _never;
    }
  }
}

/** A channel's value is a number. */
const asNumber = () => null;

/** The questions that the picture of now is asked, each with its channel over the picture; below it the whole tree. */
function TreeDrawing({ model, head: { head }, why }: DrawingProps) {
  if (head?.kind !== "tree") return null;
  const names = { classes: head.classes, ask: askNames(head, "channel"), unit: PICTURES };
  const path = why?.explanation.kind === "path" ? why.explanation.path : null;
  return (
    <>
      {path !== null && (
        <PathList
          tree={head.tree}
          names={names}
          path={path}
          valueOf={asNumber}
          beside={({ feature }) => <ChannelButton model={model} channel={feature} why={why} />}
        />
      )}
      <TreePlot name="The tree that was taught" tree={head.tree} names={names} path={path} />
    </>
  );
}

/** How the trees vote, one of them drawn, and the channels that count most. */
function ForestDrawing({ model, head: { head, importances }, why }: DrawingProps) {
  const chosen = useSignal(0);
  if (head?.kind !== "forest") return null;
  const explanation = why?.explanation.kind === "votes" ? why.explanation : null;
  const path = explanation?.paths[chosen.value] ?? null;
  const tree = path === null ? undefined : head.trees[path.tree];
  const names = { classes: head.classes, ask: askNames(head, "channel"), unit: PICTURES };
  return (
    <>
      {explanation !== null && <Votes classes={head.classes} votes={explanation.votes} voters="trees" />}
      {explanation !== null && explanation.paths.length > 1 && (
        <label class="option">
          <span>Look at one tree</span>
          <span class="select">
            <select
              value={chosen.value}
              onChange={({ currentTarget }) => chosen.value = Number(currentTarget.value)}
            >
              {explanation.paths.map((one, index) => (
                <option key={one.tree} value={index}>
                  Tree {one.tree + 1}: {head.classes[explanation.named[one.tree] ?? -1] ?? ""}
                </option>
              ))}
            </select>
          </span>
        </label>
      )}
      {path !== null && tree !== undefined && (
        <PathList
          tree={tree}
          names={names}
          path={path}
          valueOf={asNumber}
          beside={({ feature }) => <ChannelButton model={model} channel={feature} why={why} />}
        />
      )}
      <Importances model={model} importances={importances} why={why} />
    </>
  );
}
