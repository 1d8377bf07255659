/** Says in words where the evidence lies, for people who do not see the overlay. */
import { placeOnInput } from "../../shared/map_extent.ts";
import type { Plane } from "../../shared/resize.ts";

/** Centre of mass, each 0…1 from the left and from the top. */
export interface Centre {
  readonly x: number;
  readonly y: number;
}

/** Gives the centre of mass of a map's values above `least`, what they have more than it, or null where there are none. */
export function centreOfMass(plane: Plane, least: number): Centre | null {
  const { height, width, values } = plane;
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const value = (values[row * width + column] ?? 0) - least;
      if (!(value > 0)) continue;
      sum += value;
      sumX += value * (column + 0.5);
      sumY += value * (row + 0.5);
    }
  }
  return sum === 0 ? null : placeOnInput({ row: sumY / sum, column: sumX / sum }, plane);
}

/**
 * Names the third of the picture that a centre lies in: "upper left", "centre", "lower right" and so on.
 *
 * @param mirrored true where the picture is shown as a mirror: left and right are those that are seen
 */
export function whereInWords({ x, y }: Centre, mirrored: boolean): string {
  const seenX = mirrored ? 1 - x : x;
  const down = y < 0.4 ? "upper" : y > 0.6 ? "lower" : "";
  const across = seenX < 0.4 ? "left" : seenX > 0.6 ? "right" : "";
  if (down === "" && across === "") return "centre";
  return `${down} ${across}`.trim();
}
