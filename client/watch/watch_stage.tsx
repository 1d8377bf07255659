import { coverNote } from "../../shared/cover.ts";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { StageState } from "../../shared/remote.ts";
import type { WatchPicture } from "./watch_picture.ts";

/** Properties of the stage. */
export interface WatchStageProps {
  readonly picture: WatchPicture;
  /** The canvas with the map. */
  readonly map: HTMLCanvasElement;
  /** 0…1 */
  readonly opacity: number;
  /** Width over height of what the network sees. */
  readonly aspect: number;
  /** How the presenter's stage looks; null before it is known. */
  readonly stage: StageState | null;
  /** Whether a part of the picture is hidden from the network. */
  readonly covered: boolean | "all";
}

/** The presenter's picture with its map. */
export function WatchStage({ picture, map, opacity, aspect, stage, covered }: WatchStageProps) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => host.current?.append(picture.canvas, map), [picture, map]);
  useLayoutEffect(() => {
    map.style.opacity = String(opacity);
  }, [opacity]);
  return (
    <div
      class="watch-stage"
      data-mirror={stage?.mirrored === true}
      data-testid="watch-stage"
      style={{ "--aspect": aspect }}
    >
      <div class="watch-crop" ref={host} />
      {!picture.shown.value && <p class="watch-empty">Waiting for the presenter’s next picture…</p>}
      <div class="notes">
        {stage?.frozen === true && <span class="note">Frozen</span>}
        {covered !== false && (
          <span class="note" data-testid="covered">
            {coverNote(covered)}
          </span>
        )}
        {stage?.mapHidden === true && <span class="note" data-testid="map-hidden">Heatmap hidden</span>}
      </div>
    </div>
  );
}
