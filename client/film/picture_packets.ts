/** Encodes a row of pictures into packets that can be kept, and put into a film later. */
import { CanvasSource, NullTarget, Output, type VideoCodec } from "mediabunny";
import type { Size } from "../picture/placement.ts";
import { encodableCodecs, type FilmCodecs, videoSettings } from "./_codecs.ts";
import { formatOf } from "./_container.ts";
import { filmCanvas } from "./film.ts";

/** One encoded picture. */
export interface PicturePacket {
  readonly key: boolean;
  /** When it is shown and for how long, in s. */
  readonly seconds: number;
  readonly durationS: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What a player has to know of packets; plain JSON. */
export interface PacketConfig {
  readonly codec: string;
  readonly codedWidth: number;
  readonly codedHeight: number;
  /** Base64; absent: there is none. */
  readonly description?: string;
  readonly colorSpace?: VideoColorSpaceInit;
}

/** Packets that belong together; the first one is a key frame. */
export interface PacketRow {
  readonly config: PacketConfig;
  readonly packets: readonly PicturePacket[];
}

/** How long pictures are, and what they are made with. */
export interface PacketEncoding {
  readonly video: VideoCodec;
  /** Opens a row; draw on the encoder's canvas, then call `add()`. */
  open(): Promise<PacketEncoder>;
}

/** Encodes one row. */
export interface PacketEncoder {
  /** Takes what is drawn, shown from a time on, in s; resolves when the next may come. */
  add(seconds: number, durationS: number): Promise<void>;
  /** Ends the row; null where nothing was added. */
  finish(): Promise<PacketRow | null>;
  cancel(): void;
}

/** Returns a canvas of a size with what encodes it; null where this browser encodes no film. */
export async function openEncoding(
  size: Size,
): Promise<{ readonly context: CanvasRenderingContext2D; readonly encoding: PacketEncoding } | null> {
  const codecs = await encodableCodecs(size);
  if (codecs === null) return null;
  // In ordinary memory, where encoders read pictures more quickly than from a graphics card that is only imitated.
  const context = filmCanvas(size.width, size.height, { willReadFrequently: true });
  return {
    context,
    encoding: { video: codecs.video, open: () => openRow(context.canvas, codecs) },
  };
}

async function openRow(canvas: HTMLCanvasElement, codecs: FilmCodecs): Promise<PacketEncoder> {
  const packets: PicturePacket[] = [];
  let config: PacketConfig | null = null;
  const output = new Output({ format: formatOf(codecs.type), target: new NullTarget() });
  const pictures = new CanvasSource(canvas, {
    ...videoSettings(codecs, canvas),
    onEncodedPacket({ type, timestamp, duration, data }, meta) {
      packets.push({ key: type === "key", seconds: timestamp, durationS: duration, data: data.slice() });
      const known = meta?.decoderConfig;
      if (known !== undefined) config ??= configOf(known, canvas);
    },
  });
  output.addVideoTrack(pictures);
  await output.start();
  return {
    add: (seconds, durationS) => pictures.add(seconds, durationS),
    async finish() {
      await output.finalize();
      return config === null || packets.length === 0 ? null : { config, packets };
    },
    cancel: () => void output.cancel().catch(() => {}),
  };
}

function configOf(config: VideoDecoderConfig, { width, height }: Size): PacketConfig {
  const { codec, codedWidth = width, codedHeight = height, description, colorSpace } = config;
  return {
    codec,
    codedWidth,
    codedHeight,
    ...(description === undefined ? {} : { description: base64(description) }),
    ...(colorSpace === undefined ? {} : { colorSpace }),
  };
}

function base64(bytes: AllowSharedBufferSource): string {
  const view = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
  return btoa(String.fromCharCode(...view));
}
