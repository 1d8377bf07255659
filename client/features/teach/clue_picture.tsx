import { useLayoutEffect, useRef } from "preact/hooks";
import { displayRange } from "../../../shared/display_range.ts";
import { extentProperty } from "../../../shared/map_extent.ts";
import type { ClassClues } from "../../../shared/teach_wire.ts";
import { MapCanvas } from "../../map/map_canvas.ts";
import { percent } from "../../ui/format.ts";
import { boxStyle } from "./box.ts";
import { pictureUrl } from "./server.ts";

/** Properties of the picture. */
export interface CluePictureProps {
  readonly collection: string;
  /** The class. */
  readonly name: string;
  readonly clue: ClassClues["worst"][number];
}

/** A picture with its evidence over it and the object's box. */
export function CluePicture({ collection, name, clue }: CluePictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current === null) return;
    const values = Float32Array.from(clue.values, (value) => Math.max(0, value));
    const range = displayRange(values, { signed: false, zero: "nothing", range: null });
    if (range === null) return;
    const plane = { height: clue.height, width: clue.width, values, ...extentProperty(clue.extent) };
    new MapCanvas(canvas.current).draw(plane, null, {
      colormap: "viridis",
      signed: false,
      floor: 0,
      range,
    });
  }, [clue]);
  const words = `${percent(clue.outside)} outside`;
  return (
    <li>
      <span class="clue-frame">
        <img src={pictureUrl(collection, clue.picture)} alt={`A picture of ${name}: ${words} the box`} />
        <canvas ref={canvas} aria-hidden="true" />
        <span class="clue-box" style={boxStyle(clue.box)} />
      </span>
      <span class="number small muted">{words}</span>
    </li>
  );
}
