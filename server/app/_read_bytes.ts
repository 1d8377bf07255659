import { joinBytes } from "../../shared/bytes.ts";

/**
 * Reads a body up to `limit` bytes; of a longer one the rest is never read.
 *
 * @throws what `tooLarge` makes of the limit and the bytes that there are
 */
export async function readBytes(
  request: Request,
  limit: number,
  tooLarge: (limit: number, current: number) => Error,
): Promise<Uint8Array<ArrayBuffer>> {
  const told = Number(request.headers.get("content-length") ?? 0);
  if (told > limit) throw tooLarge(limit, told);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.byteLength;
    if (length > limit) throw tooLarge(limit, length);
    parts.push(part);
  }
  return joinBytes(parts);
}
