/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type Follower, Followers } from "./stream_observers.ts";
import type { Drawable } from "../picture/square_encoder.ts";

/** Follows, and copies every picture that it is told of as long as it moves. */
class Copier implements Follower {
  readonly heard: string[] = [];
  readonly picture = { image: {} as CanvasImageSource, width: 4, height: 3 } satisfies Drawable;

  captured(capturedMs: number, still: boolean): Drawable | null {
    this.heard.push(`captured ${capturedMs}`);
    return still ? null : this.picture;
  }

  sent(frame: number, capturedMs: number): void {
    this.heard.push(`sent ${frame} of ${capturedMs}`);
  }

  result(): void {}

  explained(frame: number): void {
    this.heard.push(`explained ${frame}`);
  }
}

Deno.test("followers hear of everything until they leave", () => {
  const followers = new Followers();
  const [one, other] = [new Copier(), new Copier()];
  followers.add(one);
  const leave = followers.add(other);
  followers.captured(33, false);
  followers.sent(1, 33);
  leave();
  followers.captured(66, false);
  assert.deepEqual(one.heard, ["captured 33", "sent 1 of 33", "captured 66"]);
  assert.deepEqual(other.heard, ["captured 33", "sent 1 of 33"]);
});

Deno.test("a copy is that of the newest picture, and of none that is gone", () => {
  const followers = new Followers();
  assert.equal(followers.copy, null);
  const one = new Copier();
  const leave = followers.add(one);
  followers.captured(33, false);
  assert.equal(followers.copy, one.picture);
  followers.captured(66, true);
  assert.equal(followers.copy, null, "a still picture needs no copy");
  followers.captured(99, false);
  followers.pictureChanged();
  assert.equal(followers.copy, null);
  followers.captured(132, false);
  leave();
  assert.equal(followers.copy, null, "its canvas may be gone with who made it");
});
