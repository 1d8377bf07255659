/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type PictureCopy, type StreamObserver, StreamObservers } from "./stream_observers.ts";

/** Follows, and copies every picture that moves. */
class Copier implements StreamObserver {
  readonly heard: string[] = [];
  readonly picture = { image: {} as CanvasImageSource, width: 4, height: 3 } satisfies PictureCopy;

  captured(capturedMs: number, still: boolean): PictureCopy | null {
    this.heard.push(`captured ${capturedMs}`);
    return still ? null : this.picture;
  }

  sent(frame: number, capturedMs: number): void {
    this.heard.push(`sent ${frame} of ${capturedMs}`);
  }

  result(): void {}
}

Deno.test("StreamObservers report everything until an observer leaves", () => {
  const observers = new StreamObservers();
  const [one, other] = [new Copier(), new Copier()];
  observers.add(one);
  const leave = observers.add(other);
  observers.captured(33, false);
  observers.sent(1, 33, { format: "rgb", picture: new Uint8Array(3) });
  leave();
  observers.captured(66, false);
  assert.deepEqual(one.heard, ["captured 33", "sent 1 of 33", "captured 66"]);
  assert.deepEqual(other.heard, ["captured 33", "sent 1 of 33"]);
});

Deno.test("StreamObservers.copy is that of the newest picture, and of none that is gone", () => {
  const observers = new StreamObservers();
  assert.equal(observers.copy, null);
  const one = new Copier();
  const leave = observers.add(one);
  observers.captured(33, false);
  assert.equal(observers.copy, one.picture);
  observers.captured(66, true);
  assert.equal(observers.copy, null, "a still picture needs no copy");
  observers.captured(99, false);
  observers.pictureChanged("hold", 1);
  assert.equal(observers.copy, null);
  observers.captured(132, false);
  leave();
  assert.equal(observers.copy, null, "its canvas may be gone with who made it");
});
