/** Distinguishes animations from still pictures by their bytes: GIF, PNG and WebP may be either. Pure. */

/** True where a picture file holds more than one picture; false where its bytes end early or mean something else. */
export function isAnimated(file: Uint8Array): boolean {
  const bytes = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (hasText(bytes, 0, "GIF8")) return gifPictures(bytes) > 1;
  if (hasText(bytes, 1, "PNG")) return hasPngAnimation(bytes);
  // WebP's extended header has a bit for it.
  return hasText(bytes, 8, "WEBPVP8X") && (byteAt(bytes, 20) & 0x02) !== 0;
}

/** Counts the pictures of a GIF, up to two: https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
function gifPictures(bytes: DataView): number {
  let at = 13 + colourTable(byteAt(bytes, 10));
  let pictures = 0;
  while (at < bytes.byteLength && pictures < 2) {
    const block = byteAt(bytes, at);
    if (block === 0x21) at = afterSubBlocks(bytes, at + 2);
    else if (block === 0x2c) {
      pictures++;
      at = afterSubBlocks(bytes, at + 11 + colourTable(byteAt(bytes, at + 9)));
    } else break;
  }
  return pictures;
}

/** Length of the colour table that a packed field announces, in bytes. */
function colourTable(packed: number): number {
  return (packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1);
}

function afterSubBlocks(bytes: DataView, from: number): number {
  let at = from;
  for (let size = byteAt(bytes, at); size > 0; size = byteAt(bytes, at)) at += size + 1;
  return at + 1;
}

/** An animation's `acTL` chunk stands before the first `IDAT`: https://www.w3.org/TR/png-3/#11acTL */
function hasPngAnimation(bytes: DataView): boolean {
  for (let at = 8; at + 8 <= bytes.byteLength; at += 12 + bytes.getUint32(at)) {
    if (hasText(bytes, at + 4, "acTL")) return true;
    if (hasText(bytes, at + 4, "IDAT")) return false;
  }
  return false;
}

function byteAt(bytes: DataView, at: number): number {
  return at < bytes.byteLength ? bytes.getUint8(at) : 0;
}

function hasText(bytes: DataView, at: number, text: string): boolean {
  return [...text].every((letter, place) => byteAt(bytes, at + place) === letter.charCodeAt(0));
}
