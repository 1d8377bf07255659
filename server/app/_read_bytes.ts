import { joinBytes } from "../../shared/bytes.ts";
import type { BodyLease } from "./_bodies.ts";

/**
 * Reads a body up to `limit` bytes, counted by `lease` where there is one; of a longer one the rest is never read.
 *
 * @throws what `tooLarge` makes of the limit and the bytes that there are, or what the lease throws
 */
export async function readBytes(
  request: Request,
  limit: number,
  tooLarge: (limit: number, current: number) => Error,
  lease?: BodyLease,
): Promise<Uint8Array<ArrayBuffer>> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > limit) throw tooLarge(limit, announced);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.byteLength;
    if (length > limit) throw tooLarge(limit, length);
    lease?.take(part.byteLength);
    parts.push(part);
  }
  return joinBytes(parts);
}
