import type { Enlarged } from "../../stage/enlarged.ts";
import type { Drawing } from "./drawing.ts";
import { curveOf, type DrawingLayout } from "./drawing_layout.ts";

/** Thickness of the strongest line, in pixels, and the share of it below which a line is not drawn. */
const THICKEST_PX = 7;
const LEAST_SHARE = 0.03;

/** How strong a line is at the least, so that it is seen at all. */
const FAINTEST = 0.4;

/** Properties of the lines. */
export interface DrawnLinesProps {
  readonly drawing: Drawing;
  readonly layout: DrawingLayout;
  /** The channel that lies over the picture, whose lines stand out; or null. */
  readonly enlarged: Enlarged | null;
}

/** What flows from channel to channel and to the class: as thick as it is strong, dashed where it speaks against the class. */
export function DrawnLines({ drawing, layout, enlarged }: DrawnLinesProps) {
  const { stages, scale } = drawing;
  const isShown = (at: number, row: number) =>
    enlarged !== null && stages[at]?.layer === enlarged.layer &&
    stages[at]?.rows[row]?.channel === enlarged.channel;
  const chosen = enlarged !== null &&
    stages.some(({ rows }, at) => rows.some((_, row) => isShown(at, row)));
  const curves = stages.flatMap(({ rows, lines }, at) => {
    const isLast = at === stages.length - 1;
    return rows.flatMap(({ value }, row) =>
      (isLast ? [value] : lines[row] ?? []).map((line, to) => ({
        key: `${at} ${row} ${to}`,
        line,
        stands: isShown(at, row) || (!isLast && isShown(at + 1, to)),
        path: curveOf(
          layout.flow,
          layout.thumbs[at]?.[row] ?? layout.target,
          (isLast ? undefined : layout.thumbs[at + 1]?.[to]) ?? layout.target,
          isLast,
        ),
      }))
    );
  });
  return (
    <svg
      class="network-lines"
      aria-hidden="true"
      width={layout.width}
      height={layout.height}
      data-chosen={chosen}
      data-testid="network-lines"
    >
      {curves.map(({ key, line, path, stands }) => {
        const share = Math.min(1, Math.abs(line) / scale);
        const hidden = share < LEAST_SHARE;
        return (
          <path
            key={key}
            d={path}
            data-negative={line < 0}
            data-stands={stands}
            style={{
              strokeWidth: `${Math.max(0.75, share * THICKEST_PX)}px`,
              opacity: hidden ? 0 : FAINTEST + (1 - FAINTEST) * share,
            }}
          />
        );
      })}
    </svg>
  );
}
