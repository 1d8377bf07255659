import assert from "node:assert/strict";
import { type Bucket, draw, type Drawn, fullBucket, type RateLimit } from "./rate.ts";

const LIMIT: RateLimit = { perSecond: 10, atOnce: 3, excess: 2 };

/** Draws `count` times, each `stepMs` after the one before. */
function drawAll(count: number, stepMs: number, limit = LIMIT): Drawn[] {
  let bucket: Bucket = fullBucket(limit, 0);
  return Array.from({ length: count }, (_, at) => {
    const next = draw(bucket, limit, at * stepMs);
    ({ bucket } = next);
    return next.drawn;
  });
}

Deno.test("draw() takes as many at once as the bucket holds, refuses some, then gives up", () => {
  assert.deepEqual(drawAll(6, 0), ["taken", "taken", "taken", "refused", "refused", "given-up"]);
});

Deno.test("draw() takes the rate for ever", () => {
  assert.ok(drawAll(1_000, 100).every((drawn) => drawn === "taken"));
});

Deno.test("draw() gives up somebody who stays over the rate, and only then", () => {
  const drawn = drawAll(1_000, 90);
  const [refusedAt, endAt] = [drawn.indexOf("refused"), drawn.indexOf("given-up")];
  assert.ok(refusedAt > 3 && endAt > refusedAt, `${refusedAt}, ${endAt}`);
});

Deno.test("draw() takes again after a rest, and never more than the bucket holds", () => {
  let { bucket } = draw({ left: -2, atMs: 0 }, LIMIT, 60_000);
  assert.equal(bucket.left, 2);
  ({ bucket } = draw(bucket, LIMIT, 0));
  assert.equal(bucket.left, 1, "a clock that runs backwards fills nothing");
});
