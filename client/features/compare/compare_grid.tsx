import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Prediction } from "../../../shared/protocol.ts";
import type { PaneContent } from "../../view/pane_content.ts";
import type { ViewState } from "../../view/view_state.ts";
import { type MainFigures, MainFoot, MainHead } from "./main_pane.tsx";
import type { Compare } from "./model.ts";
import { PaneCell, type PaneScene } from "./pane_cell.tsx";
import { paneModel } from "./pane_model.ts";
import { methodsDiffer, modelsDiffer, titleOf } from "./pane_words.ts";

/** Properties of the grid. */
export interface CompareGridProps {
  readonly compare: Compare;
  /** Whether the page shows the stage alone, as in present mode. */
  readonly hidden: boolean;
  /** The main pane's view. */
  readonly view: ReadonlySignal<ViewState>;
  readonly main: MainFigures;
  readonly scene: PaneScene;
  /** The picture with its heatmap. */
  readonly stage: ComponentChildren;
  /** What lies over all panes: the main one may be too small for it, or out of sight. */
  readonly over: ComponentChildren;
}

/** The picture with its heatmap, alone or as the first of several panes. */
export function CompareGrid({ compare, hidden, view, main, scene, stage, over }: CompareGridProps) {
  const open = compare.open.value && !hidden;
  const { panes } = compare.set.value;
  const enlarged = open ? compare.enlarged.value : 0;
  const isOut = (id: number) => enlarged !== null && enlarged !== id;
  // The stage keeps its position in the tree: a video that is moved stops.
  return (
    <div
      class={open ? "compare" : "alone"}
      data-cells={panes.length + 1}
      data-enlarged={open && enlarged !== null}
    >
      <article
        class="pane"
        aria-label={open ? "Main pane" : undefined}
        data-testid="pane-0"
        hidden={isOut(0)}
      >
        {open && <Heading compare={compare} view={view} scene={scene} />}
        <div key="stage" class="pane-room">{stage}</div>
        {open && <MainFoot {...main} />}
      </article>
      {open && <Panes compare={compare} view={view} scene={scene} isOut={isOut} />}
      {open && over}
    </div>
  );
}

type PartProps = Pick<CompareGridProps, "compare" | "view" | "scene">;

function Heading({ compare, view, scene }: PartProps) {
  const { method, target } = view.value.current;
  const content = { kind: "map", method, target, against: null, layer: null, options: {} } as const;
  return <MainHead title={titleIn({ compare, view, scene }, content, [])} enlarged={compare.enlarged} />;
}

function Panes(
  { compare, view, scene, isOut }: PartProps & { readonly isOut: (id: number) => boolean },
) {
  const { panes } = compare.set.value;
  return (
    <>
      {panes.map((pane, position) => (
        <PaneCell
          key={pane.id}
          compare={compare}
          scene={scene}
          pane={pane}
          title={titleIn({ compare, view, scene }, pane.content, compare.map(pane.id).rows.value)}
          position={position}
          count={panes.length}
          hidden={isOut(pane.id)}
        />
      ))}
    </>
  );
}

/** The title of a pane among the others; `own`: what a model of its own says. */
function titleIn(
  { compare, view, scene }: PartProps,
  content: PaneContent,
  own: readonly Prediction[],
): readonly string[] {
  const { current } = view.value;
  const contents = compare.set.value.panes.map((pane) => pane.content);
  const { methods, ranking: { rows }, nameOf, name } = paneModel(content, scene, own);
  return titleOf(content, {
    methods,
    rows,
    nameOf,
    methodsDiffer: methodsDiffer(current.method, contents),
    modelName: modelsDiffer(scene.welcome.value?.model.id, contents) ? name : null,
  });
}
