import type { Box } from "../../shared/region.ts";

/** Properties of the box. */
export interface RegionBoxProps {
  /** As shares of what the network sees; null: there is none. */
  readonly box: Box | null;
}

/** The box around a map's strongest region, over what the network sees of the picture. */
export function RegionBox({ box }: RegionBoxProps) {
  if (box === null) return null;
  const { left, top, right, bottom } = box;
  const style = {
    left: `${100 * left}%`,
    top: `${100 * top}%`,
    width: `${100 * (right - left)}%`,
    height: `${100 * (bottom - top)}%`,
  };
  return <div class="region-box" data-testid="region-box" style={style} />;
}
