/** Chapters of an MP4 file, in the form that players read (a `chpl` box); `moov` is its last box. Pure. */
import { joinBytes } from "../../shared/bytes.ts";

/** A part of a film. */
export interface NamedPart {
  readonly fromS: number;
  readonly words: string;
}

/** Chapters that fit: their number is one byte. */
const MOST_CHAPTERS = 255;

/** Bytes of a title at most: its length is one byte. */
const MOST_BYTES = 255;

/** Units of a chapter's time in a second. */
const UNITS = 10_000_000;

const HEAD_BYTES = 8;

/**
 * Adds chapters to a film.
 *
 * @returns the film as it was where its last box is no `moov`
 */
export async function withChapters(film: Blob, chapters: readonly NamedPart[]): Promise<Blob> {
  const moov = chapters.length === 0 ? null : await lastMoov(film);
  if (moov === null) return film;
  const added = box("udta", box("chpl", chapterList(chapters.slice(0, MOST_CHAPTERS))));
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, film.size - moov + added.length);
  return new Blob([film.slice(0, moov), size, film.slice(moov + 4), added], { type: film.type });
}

/** Where the last box begins if it is `moov`, else null; boxes of more than 4 GB are stepped over. */
async function lastMoov(film: Blob): Promise<number | null> {
  for (let at = 0; at + HEAD_BYTES <= film.size;) {
    const head = new DataView(await film.slice(at, at + 2 * HEAD_BYTES).arrayBuffer());
    const short = head.getUint32(0);
    const type = String.fromCharCode(...new Uint8Array(head.buffer, 4, 4));
    const size = short === 1 && head.byteLength === 2 * HEAD_BYTES ? Number(head.getBigUint64(8)) : short;
    if (size < HEAD_BYTES) return null;
    if (at + size === film.size) return type === "moov" && short !== 1 ? at : null;
    at += size;
  }
  return null;
}

function chapterList(chapters: readonly NamedPart[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const entries = chapters.map(({ fromS, words }) => {
    const title = encoder.encode(words).slice(0, MOST_BYTES);
    const entry = new Uint8Array(9 + title.length);
    new DataView(entry.buffer).setBigUint64(0, BigInt(Math.round(fromS * UNITS)));
    entry[8] = title.length;
    entry.set(title, 9);
    return entry;
  });
  // Version 1, no flags, four reserved bytes, the number of entries.
  return joinBytes([Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, entries.length), ...entries]);
}

function box(type: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(HEAD_BYTES);
  new DataView(head.buffer).setUint32(0, HEAD_BYTES + content.length);
  head.set(new TextEncoder().encode(type), 4);
  return joinBytes([head, content]);
}
