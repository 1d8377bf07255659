/** How a job's maps look. Pure. */
import type { ColormapName } from "../../../shared/colormaps.ts";
import type { MapNature } from "../../../shared/map_values.ts";
import type { Job } from "./job.ts";

/** The colours of a map: of one with two signs always those that are centred on zero. */
export function colormapOf({ signed, colormap }: Pick<Job, "signed" | "colormap">): ColormapName {
  return signed ? "diverging" : colormap;
}

/** How the numbers of a map are to be read. */
export function natureOfJob({ signed, zero, range }: Pick<Job, "signed" | "zero" | "range">): MapNature {
  return { signed, zero, range };
}
