/** Where a target layer's cells lie on the input. */
import { extentProperty, type MapExtent } from "../../../shared/map_extent.ts";
import type { LoadedModel } from "../../engine/port.ts";

/** The extent of a layer's cells, to be spread into a map of them; none where they tile the input. */
export function extentOfLayer({ layers }: LoadedModel, layer: string): { readonly extent?: MapExtent } {
  return extentProperty(layers.find(({ name }) => name === layer)?.extent);
}
