/** A stretch of a film as it is kept until the film is joined: what was seen in each frame, then its packets. Pure. */
import type { FilmScale } from "../../../shared/film_scale.ts";
import type { SidecarFrame } from "../../../shared/sidecar.ts";
import type { PacketConfig, PacketRow } from "../../film/picture_packets.ts";

/** A stretch of frames. */
export interface Chunk {
  readonly row: PacketRow;
  /** An entry for each frame. */
  readonly entries: readonly SidecarFrame[];
  /** Names of the classes that the entries mention, by index. */
  readonly labels: readonly (readonly [number, string])[];
  /** The display scale after the last frame. */
  readonly scale: FilmScale | null;
}

/** What stands in front of the packets, as JSON. */
interface Head extends Omit<Chunk, "row"> {
  readonly config: PacketConfig;
  readonly packets: readonly {
    readonly k: boolean;
    readonly t: number;
    readonly d: number;
    readonly n: number;
  }[];
}

const LENGTH_BYTES = 4;

/** Writes a stretch. */
export function encodeChunk({ row: { config, packets }, ...rest }: Chunk): Blob {
  const head: Head = {
    ...rest,
    config,
    packets: packets.map(({ key, seconds, durationS, data }) => ({
      k: key,
      t: seconds,
      d: durationS,
      n: data.length,
    })),
  };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, text.length);
  return new Blob([length, text, ...packets.map(({ data }) => data)]);
}

/**
 * Reads a stretch.
 *
 * @throws RangeError or SyntaxError where it is damaged
 */
export async function decodeChunk(file: Blob): Promise<Chunk> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const start = LENGTH_BYTES + new DataView(bytes.buffer).getUint32(0);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, start))) as Head;
  const { config, packets, entries, labels, scale } = head;
  let at = start;
  const row: PacketRow = {
    config,
    packets: packets.map(({ k, t, d, n }) => {
      const data = bytes.slice(at, at + n);
      at += n;
      return { key: k, seconds: t, durationS: d, data };
    }),
  };
  if (at !== bytes.length) {
    throw new RangeError(`Cannot read the stretch: expected ${at} bytes, got ${bytes.length}`);
  }
  return { row, entries, labels, scale };
}
