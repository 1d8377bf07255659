import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Enlarged } from "../../stage/enlarged.ts";
import { type Liked, likedBy, type Moment } from "./moments.ts";

/** Side of a crop in its own pixels. */
const CROP_PX = 96;

/** Properties of the crops. */
export interface LikedCropsProps {
  readonly moments: readonly Moment[];
  readonly enlarged: Enlarged;
}

/** What of the last minutes raised the enlarged channel most. */
export function LikedCrops({ moments, enlarged: { layer, channel } }: LikedCropsProps) {
  const liked = useMemo(() => likedBy(moments, layer, channel), [moments, layer, channel]);
  const nowMs = moments.at(-1)?.atMs ?? 0;
  return (
    <div data-testid="liked">
      <h4>What it liked here</h4>
      {liked.length === 0
        ? (
          <p class="muted small">
            Nothing yet: of the channels in the drawing the last minutes are remembered while this view is
            open.
          </p>
        )
        : (
          <>
            <p class="muted small">
              Parts of your picture in the last minutes around the point where this channel answered most, the
              strongest first. They stay in this page and go when the model or the source changes.
            </p>
            <ol class="liked">
              {liked.map((one) => <Crop key={one.moment.id} liked={one} nowMs={nowMs} />)}
            </ol>
          </>
        )}
    </div>
  );
}

function Crop({ liked: { moment, peak, box }, nowMs }: { readonly liked: Liked; readonly nowMs: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { left, top, side } = box;
  useEffect(() => {
    let isWanted = true;
    createImageBitmap(moment.picture).then((bitmap) => {
      const context = canvas.current?.getContext("2d");
      if (isWanted && context !== null && context !== undefined) {
        const { width, height } = bitmap;
        context.drawImage(
          bitmap,
          ...[left * width, top * height, side * width, side * height] as const,
          ...[0, 0, CROP_PX, CROP_PX] as const,
        );
      }
      bitmap.close();
    }, () => {});
    return () => isWanted = false;
  }, [moment.picture, left, top, side]);
  const agoS = Math.max(0, Math.round((nowMs - moment.atMs) / 1_000));
  return (
    <li>
      <canvas
        ref={canvas}
        width={CROP_PX}
        height={CROP_PX}
        role="img"
        aria-label={`Part of the picture of ${agoS} s ago`}
      />
      <span class="number small">{agoS === 0 ? "now" : `${agoS} s ago`}</span>
      <span class="number small muted">{peak.toFixed(1)}</span>
    </li>
  );
}
