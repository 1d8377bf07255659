import type { ColormapName } from "../../../shared/colormaps.ts";
import type { Action } from "../../ui/action.ts";
import { ActionButton } from "../../ui/action_button.tsx";
import { PercentSlider } from "../../ui/percent_slider.tsx";
import { ColormapField } from "./colormap_field.tsx";

/** A tool that stands in the header where there is room for it, with its words here. */
export interface NarrowTool {
  readonly action: Action;
  readonly words: string;
}

/** What the panel needs. */
export interface DisplayPanelProps {
  readonly colormap: ColormapName;
  /** Opacity of the heatmap, 0…1. */
  readonly opacity: number;
  /** Whether the map has two signs, and with them its own colours. */
  readonly signed: boolean;
  /** Whether a box is drawn around the strongest region, and the share of the scale that it lies above, 0…1. */
  readonly boxes: boolean;
  readonly boxThreshold: number;
  /** Whether the camera is shown as a mirror; null where there is no camera. */
  readonly mirrored: boolean | null;
  readonly tools: readonly NarrowTool[];
  readonly setColormap: (colormap: ColormapName) => void;
  readonly setOpacity: (opacity: number) => void;
  readonly setMirror: (on: boolean) => void;
  readonly setBoxes: (on: boolean) => void;
  readonly setBoxThreshold: (share: number) => void;
}

/** How the heatmap looks. */
export function DisplayPanel(props: DisplayPanelProps) {
  const { colormap, opacity, signed, mirrored, tools, setColormap, setOpacity, setMirror } = props;
  return (
    <section class="card display" aria-labelledby="display-title">
      <h2 id="display-title" class="visually-hidden">Heatmap</h2>
      <PercentSlider
        {...{ id: "opacity", label: "Opacity", min: 0, max: 1, step: 0.01, value: opacity }}
        onInput={setOpacity}
      />
      <ColormapField value={colormap} signed={signed} onChange={setColormap} />
      <BoxFields {...props} />
      {mirrored !== null && (
        <label class="check">
          <input
            type="checkbox"
            data-testid="mirror"
            checked={mirrored}
            onChange={(event) => setMirror(event.currentTarget.checked)}
          />
          Show the camera as a mirror
        </label>
      )}
      <div class="narrow-tools">
        {tools.map(({ action, words }) => (
          <ActionButton key={action.id} action={action} class="button">{words}</ActionButton>
        ))}
      </div>
    </section>
  );
}

/** Whether a box is drawn, and how strong the map has to be inside. */
function BoxFields(
  { boxes, boxThreshold, setBoxes, setBoxThreshold }: Pick<
    DisplayPanelProps,
    "boxes" | "boxThreshold" | "setBoxes" | "setBoxThreshold"
  >,
) {
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          data-testid="boxes"
          checked={boxes}
          onChange={(event) => setBoxes(event.currentTarget.checked)}
        />
        Box around the strongest region
      </label>
      {boxes && (
        <PercentSlider
          {...{ id: "box-threshold", label: "Above", min: 0.05, max: 0.95, step: 0.05, value: boxThreshold }}
          title="Share of the map's scale"
          onInput={setBoxThreshold}
        />
      )}
    </>
  );
}
