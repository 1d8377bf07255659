import { ChevronsDownUp, ChevronsUpDown, ImageDown, Maximize2, ZoomIn, ZoomOut } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { savePng, saveSvg } from "./picture.ts";
import { ZOOM_STEP } from "./tree_keys.ts";
import { treeSvg } from "./tree_svg.ts";
import type { TreeView } from "./tree_view.ts";

interface TreeControlsProps {
  readonly name: string;
  readonly view: TreeView;
  readonly classes: readonly string[];
  readonly onProblem: (words: string) => void;
}

/** Buttons above a drawn tree. */
export function TreeControls({ name, view, classes, onProblem }: TreeControlsProps) {
  const { boxes, of } = view.drawn;
  const drawing = () => treeSvg(view.layout.peek(), { title: name, classes, lit: view.lit.peek() });
  return (
    <div class="plot-controls">
      <Control label="Zoom in" testid="tree-zoom-in" onPress={() => view.zoom(ZOOM_STEP)}>
        <ZoomIn aria-hidden="true" />
      </Control>
      <Control label="Zoom out" testid="tree-zoom-out" onPress={() => view.zoom(1 / ZOOM_STEP)}>
        <ZoomOut aria-hidden="true" />
      </Control>
      <button
        type="button"
        class="button"
        title="Show the whole drawing (0)"
        data-testid="tree-fit"
        onClick={() => view.fit()}
      >
        <Maximize2 aria-hidden="true" /> Fit
      </button>
      {boxes < of
        ? (
          <button type="button" class="button" data-testid="tree-open" onClick={() => view.openAll()}>
            <ChevronsUpDown aria-hidden="true" /> Open all
          </button>
        )
        : (
          <button type="button" class="button" data-testid="tree-close" onClick={() => view.closeMost()}>
            <ChevronsDownUp aria-hidden="true" /> Close most
          </button>
        )}
      <span class="muted small number" data-testid="tree-count">
        {boxes === of ? `${of} boxes` : `${boxes} of ${of} boxes`}
      </span>
      <span class="plot-save">
        <button
          type="button"
          class="button"
          data-testid="tree-svg"
          title="Save the drawing as it is now, as SVG"
          onClick={() => saveSvg(drawing(), name)}
        >
          <ImageDown aria-hidden="true" /> SVG
        </button>
        <button
          type="button"
          class="button"
          data-testid="tree-png"
          title="Save the drawing as it is now, as PNG"
          onClick={() =>
            savePng(drawing(), name).catch(() =>
              onProblem("The picture could not be made: it may be too large. Close some boxes, or save SVG.")
            )}
        >
          <ImageDown aria-hidden="true" /> PNG
        </button>
      </span>
    </div>
  );
}

interface ControlProps {
  readonly label: string;
  readonly testid: string;
  readonly onPress: () => void;
  readonly children: ComponentChildren;
}

function Control({ label, testid, onPress, children }: ControlProps) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      data-testid={testid}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
