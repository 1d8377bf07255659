import { type ReadonlySignal, useSignal } from "@preact/signals";
import { ArrowLeft, ArrowRight } from "lucide-preact";
import { standardErrorOf } from "../../../shared/map_values.ts";
import type { MethodInfo } from "../../../shared/protocol.ts";
import type { Box } from "../../../shared/region.ts";
import { boxOfMap } from "../../map/map_box.ts";
import { dimmed, isDimmed } from "../../map/dimming.ts";
import { madeWords } from "../../stage/made_words.ts";
import type { PaneContent } from "../../view/pane_content.ts";
import { methodOf } from "../../view/view_state.ts";
import type { Layers } from "../../ui/layers.ts";
import { Unbroken } from "../../ui/unbroken.tsx";
import type { Compare } from "./model.ts";
import { PaneForm, type TargetChoices } from "./pane_form.tsx";
import { PaneHead } from "./pane_head.tsx";
import type { PaneMap } from "./pane_map.ts";
import { paneModel } from "./pane_model.ts";
import { PanePopover } from "./pane_popover.tsx";
import type { PaneState } from "./pane_set.ts";
import { PaneCrop } from "./pane_crop.tsx";
import { figureWords } from "./pane_words.ts";

/** What all panes but the main one show besides their maps. */
export interface PaneScene extends TargetChoices {
  /** Whether the picture is shown as a mirror. */
  readonly mirrored: ReadonlySignal<boolean>;
  /** Opacity of the maps, 0…1; 0 while they are hidden. */
  readonly opacity: ReadonlySignal<number>;
  /** The share of its scale above which a map's strongest region has a box; null: none is drawn. */
  readonly boxThreshold: ReadonlySignal<number | null>;
  readonly layers: Layers;
}

/** Properties of a pane. */
export interface PaneCellProps {
  readonly compare: Compare;
  readonly scene: PaneScene;
  readonly pane: PaneState;
  readonly title: readonly string[];
  /** Position among the panes, from 0, and how many there are. */
  readonly position: number;
  readonly count: number;
  readonly hidden: boolean;
}

/** One pane: what it shows, the picture with its map, and what the map cost. */
export function PaneCell({ compare, scene, pane, title, position, count, hidden }: PaneCellProps) {
  const editing = useSignal(false);
  const { id, content, refused } = pane;
  const { enlarged } = compare;
  const map = compare.map(id);
  const isMap = content.kind === "map";
  const model = paneModel(content, scene, map.rows.value);
  const dims = isMap && isDimmed(model.ranking, content.target);
  const move = (by: number) => compare.change({ kind: "moved", id, by });
  return (
    <article class="pane" aria-label={title.join(", ")} data-testid={`pane-${id}`} hidden={hidden}>
      <PaneHead
        id={id}
        title={title}
        enlarged={enlarged}
        editing={isMap ? editing : null}
        onRemove={() => compare.remove(id)}
      />
      {editing.value && isMap && (
        <PanePopover layers={scene.layers} onClose={() => editing.value = false}>
          <PaneForm
            scene={scene}
            model={model}
            content={content}
            layers={scene.layers}
            onChange={(next) => compare.change({ kind: "changed", id, content: next })}
          />
          <MoveButtons isFirst={position === 0} isLast={position === count - 1} onMove={move} />
        </PanePopover>
      )}
      <PaneCrop
        map={map}
        aspect={model.aspect}
        isMap={isMap}
        box={boxOf(scene, content, map)}
        mirrored={scene.mirrored.value}
        opacity={dimmed(scene.opacity.value, dims)}
        onSized={() => compare.drawPictures()}
        onClick={() => enlarged.value = enlarged.value === null ? id : null}
      />
      <p class="pane-foot" data-testid="pane-figures">
        {refused === null
          ? <Unbroken text={paneWords(content, map, model.methods)} />
          : <span class="warn">{refused}</span>}
      </p>
    </article>
  );
}

/** The box around the strongest region of a pane's map, as often as its figures change. */
function boxOf(scene: PaneScene, content: PaneContent, map: PaneMap): Box | null {
  const threshold = scene.boxThreshold.value;
  if (threshold === null || content.kind !== "map" || map.figures.value.costMs === null) return null;
  return boxOfMap(map.overlay.map, map.overlay.nature, threshold);
}

function MoveButtons({ isFirst, isLast, onMove }: {
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** By positions to the right; negative: to the left. */
  readonly onMove: (by: number) => void;
}) {
  return (
    <div class="pane-moves">
      <button type="button" class="button" disabled={isFirst} onClick={() => onMove(-1)}>
        <ArrowLeft aria-hidden="true" /> Move left
      </button>
      <button type="button" class="button" disabled={isLast} onClick={() => onMove(1)}>
        <ArrowRight aria-hidden="true" /> Move right
      </button>
    </div>
  );
}

function paneWords(content: PaneContent, map: PaneMap, methods: readonly MethodInfo[]): string {
  const { ageMs, costMs, progress, complete, samples } = map.figures.value;
  if (content.kind === "original") return "as the camera sees it";
  const method = methodOf(content, methods);
  const sampling = method?.sampling ?? null;
  const unclear = complete && ageMs === null && method?.subject === "picture" &&
    map.overlay.clarity(standardErrorOf(samples, sampling)) !== "clear";
  return figureWords({
    ageMs,
    costMs,
    progress: complete ? 1 : progress,
    made: madeWords(samples, sampling),
    unclear,
  });
}
