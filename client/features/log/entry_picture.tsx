import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { aspectOf, centrePart, sidesWithin } from "../../../shared/aspect.ts";
import type { ColormapName } from "../../../shared/colormaps.ts";
import { largeMap } from "../../../shared/small_map.ts";
import { displayRange } from "../../../shared/display_range.ts";
import type { MapNature } from "../../../shared/map_values.ts";
import { Shader } from "../../map/shade.ts";
import type { LogEntry } from "./api.ts";

/** Properties of an entry's picture. */
interface EntryPictureProps {
  readonly entry: LogEntry;
  /** How the numbers of its map are read. */
  readonly nature: MapNature;
  readonly colormap: ColormapName;
  /** Width over height of what its model saw; null where that is not known: all of the picture. */
  readonly aspect: number | null;
  /** Longest side of its pixels. */
  readonly sidePx: number;
  readonly class: string;
  /** What is to be seen, or empty where words beside it say so. */
  readonly words: string;
}

/** The picture of an entry with its map, in the colours that are chosen now. */
export function EntryPicture(
  { entry, nature, colormap, aspect, sidePx, class: name, words }: EntryPictureProps,
) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const own = useSignal<number | null>(null);
  const shape = aspect ?? own.value ?? 1;
  const { width, height } = sidesWithin({ width: sidePx, height: sidePx }, shape);
  const { signed } = nature;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context === null || context === undefined) return;
    const image = new Image();
    let current = true;
    image.onload = () => {
      if (!current) return;
      const size = { width: image.naturalWidth, height: image.naturalHeight };
      own.value = aspectOf(size);
      const from = centrePart(size.width, size.height, shape);
      context.drawImage(image, from.x, from.y, from.width, from.height, 0, 0, width, height);
      void shaded(entry, sidePx, signed ? "diverging" : colormap, nature).then((map) => {
        if (current && map !== null) context.drawImage(map, 0, 0, width, height);
        map?.close();
      });
    };
    image.src = `/api/log/${entry.id}/picture`;
    return () => {
      current = false;
      image.onload = null;
      image.src = "";
    };
    // The list is read again with every entry that is written; most of its lines stay what they were.
  }, [entry.id, entry.map?.values, width, height, colormap, signed]);
  return (
    <canvas
      class={name}
      ref={canvas}
      width={width}
      height={height}
      style={{ "--aspect": shape }}
      role="img"
      aria-label={words}
      aria-hidden={words === ""}
    />
  );
}

/** The map as a picture to lay over, or null where the entry has none or nothing is to be seen on it. */
async function shaded(
  { map }: LogEntry,
  sidePx: number,
  colormap: ColormapName,
  nature: MapNature,
): Promise<ImageBitmap | null> {
  if (map === null) return null;
  const plane = largeMap(map);
  const range = displayRange(plane.values, nature);
  if (range === null) return null;
  const image = new ImageData(sidePx, sidePx);
  const shading = { colormap, range, signed: nature.signed, floor: 0 };
  new Shader(sidePx).shade(plane, null, shading, new Uint32Array(image.data.buffer));
  return await createImageBitmap(image);
}
