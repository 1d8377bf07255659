/** Pictures on their way into the engine: a viewer in debt waits with its next one as it does with its rows. */
import type { FrameFormat } from "../../shared/codec.ts";
import type { Clock } from "../clock/mod.ts";
import type { GradcastError } from "../../shared/errors.ts";
import type { Admitted, FrameKey, PixelSize } from "../engine/port.ts";
import type { Sketch } from "../engine/sketch.ts";

/** A picture for the engine. */
export interface Picture {
  readonly viewer: string;
  /** True of requests over HTTP, which have one share together. */
  readonly guest?: true;
  readonly frame: FrameKey;
  /** Model that is to have it. */
  readonly model: string;
  readonly format: FrameFormat;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of pixels that are not of the model's input size. */
  readonly size?: PixelSize;
}

interface WaitingPicture {
  readonly account: string;
  readonly picture: Picture;
  readonly resolve: (sketch: Sketch | Promise<Sketch> | null) => void;
  readonly reject: (error: GradcastError) => void;
}

/** What pictures are admitted with. */
export interface PicturesParts {
  readonly admit: (picture: Picture) => Promise<Admitted>;
  readonly clock: Clock;
  /** When the engine last answered, in ms: it takes one thing after the other. */
  readonly answeredMs: () => number;
  /** Receives what a picture cost, in ms. */
  readonly onCost: (account: string, cost: { readonly ms: number; readonly spare: boolean }) => void;
}

/** Pictures that wait for their turn, and those that the engine is at. */
export class Pictures {
  readonly #parts: PicturesParts;
  readonly #waiting = new Map<FrameKey, WaitingPicture>();
  /** How many pictures of each account the engine is at. */
  readonly #underWay = new Map<string, number>();

  constructor(parts: PicturesParts) {
    this.#parts = parts;
  }

  /** Lets a picture wait until it is sent; null once it was given up. */
  add(account: string, picture: Picture): Promise<Sketch | null> {
    const { promise, resolve, reject } = Promise.withResolvers<Sketch | null>();
    this.drop(picture.frame);
    this.#waiting.set(picture.frame, { account, picture, resolve, reject });
    return promise;
  }

  /** Whether a frame has not been sent to the engine yet. */
  waits(frame: FrameKey): boolean {
    return this.#waiting.has(frame);
  }

  /** Accounts with a picture that waits, in order of arrival. */
  get accounts(): readonly string[] {
    return [...new Set(this.#waiting.values().map(({ account }) => account))];
  }

  /** Accounts with a picture that waits or is being decoded. */
  get wanting(): readonly string[] {
    return [...this.accounts, ...this.#underWay.keys()];
  }

  /**
   * Sends the pictures of an account to the engine, which takes them in order with the batches.
   *
   * @param spare true where the account is in debt, and nobody in credit wants the engine
   */
  send(account: string, spare: boolean): void {
    for (const [frame, waiting] of this.#waiting) {
      if (waiting.account !== account) continue;
      this.#waiting.delete(frame);
      waiting.resolve(this.#admit(waiting, spare));
    }
  }

  /** Gives up a picture that was not sent. */
  drop(frame: FrameKey): void {
    this.#waiting.get(frame)?.resolve(null);
    this.#waiting.delete(frame);
  }

  /** Refuses all that wait. */
  refuse(error: GradcastError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  async #admit({ account, picture }: WaitingPicture, spare: boolean): Promise<Sketch> {
    const { admit, clock, answeredMs, onCost } = this.#parts;
    const sentMs = clock.now();
    let admitted: Admitted | null = null;
    this.#underWay.set(account, (this.#underWay.get(account) ?? 0) + 1);
    try {
      admitted = await admit(picture);
      return admitted.sketch;
    } finally {
      const left = (this.#underWay.get(account) ?? 1) - 1;
      if (left > 0) this.#underWay.set(account, left);
      else this.#underWay.delete(account);
      // One that is refused was decoded as far as it went.
      const ms = admitted?.computeMs ?? clock.now() - Math.max(sentMs, answeredMs());
      onCost(account, { ms, spare });
    }
  }
}
