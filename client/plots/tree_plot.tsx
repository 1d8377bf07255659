import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Tree } from "../../shared/head_model.ts";
import type { TreePath } from "../../shared/head_explanation.ts";
import { ClassLegend } from "./class_legend.tsx";
import { TreeControls } from "./tree_controls.tsx";
import { TreeMarks } from "./tree_marks.tsx";
import { TreeTable } from "./tree_table.tsx";
import { TreeView } from "./tree_view.ts";
import { placesOf, type TreeNames } from "./tree_words.ts";
import { usePanZoom } from "./use_pan_zoom.ts";

/** Properties of a drawn tree. */
export interface TreePlotProps {
  /** What it is called: a title of files, and for those who do not see it. */
  readonly name: string;
  /** Another tree begins another drawing. */
  readonly tree: Tree;
  /** Read with the tree. */
  readonly names: TreeNames;
  /** The path of a row, which is lit; null: none. */
  readonly path?: TreePath | null;
  /** Receives words for people where a picture could not be made. */
  readonly onProblem?: (words: string) => void;
}

/** A decision tree: drawn, moved, zoomed, opened and closed, saved; beside a table of the same numbers. */
export function TreePlot({ name, tree, names, path = null, onProblem }: TreePlotProps) {
  const view = useMemo(() => new TreeView(tree, names), [tree]);
  const lit = placesOf(path);
  useEffect(() => view.light(lit), [view, lit.join()]);
  return (
    <figure class="plot tree-plot" data-testid="tree-plot">
      <figcaption class="plot-head">
        <p class="muted small">
          Start at the top. Each box asks one question: follow <b>yes</b> or{" "}
          <b>no</b>, the thicker line has more{" "}
          {names.unit.many}. A box has the colour of the class that most of its {names.unit.many}{" "}
          belong to, the paler the more they are mixed. Boxes without a question are answers.
        </p>
        <ClassLegend classes={names.classes} />
      </figcaption>
      <TreeControls name={name} view={view} classes={names.classes} onProblem={onProblem ?? (() => {})} />
      <TreeWindow name={name} view={view} />
      <TreeTable tree={tree} names={names} lit={lit} />
    </figure>
  );
}

/** The window onto the drawing. */
function TreeWindow({ name, view }: { readonly name: string; readonly view: TreeView }) {
  const svg = useRef<SVGSVGElement>(null);
  usePanZoom(svg, view);
  const focus = () => {
    const box = svg.current?.querySelector(`[data-index="${view.focused.value}"]`);
    if (box instanceof SVGElement) box.focus({ preventScroll: true });
  };
  return (
    <svg
      class="tree-window"
      ref={svg}
      role="tree"
      aria-label={`${name}. Arrow keys follow the lines, Enter opens and closes, plus and minus zoom, 0 shows everything.`}
      data-testid="tree-window"
      onKeyDown={(event) => {
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        if (!view.press({ key: event.key, shift: event.shiftKey })) return;
        event.preventDefault();
        event.stopPropagation();
        focus();
      }}
    >
      <g transform={view.transform}>
        <TreeMarks view={view} />
      </g>
    </svg>
  );
}
