/** A small rotation and shift of an input, and its backward pass. */
import { type InputSize, RGB } from "../rows/input_size.ts";
import { mirror } from "../numerics/mirror.ts";

/** Around the centre, then along the axes. */
export interface Movement {
  /** In degrees. */
  readonly degrees: number;
  /** In pixels. */
  readonly down: number;
  readonly right: number;
}

/** Bilinear sampling at moved positions, the input mirrored at its borders: a linear map, with its transpose. */
export class Warp {
  readonly #length: number;
  /** `[pixels, 4]` where each pixel is taken from, and how much of each. */
  readonly #sources: Int32Array;
  readonly #shares: Float32Array;

  constructor({ height, width }: InputSize, { degrees, down, right }: Movement) {
    this.#length = height * width * RGB;
    this.#sources = new Int32Array(height * width * 4);
    this.#shares = new Float32Array(height * width * 4);
    const angle = degrees * Math.PI / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [middleY, middleX] = [(height - 1) / 2, (width - 1) / 2];
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const y = middleY + cos * (row - middleY) - sin * (column - middleX) + down;
        const x = middleX + sin * (row - middleY) + cos * (column - middleX) + right;
        const [top, left] = [Math.floor(y), Math.floor(x)];
        const [lower, righter] = [y - top, x - left];
        const rows = [mirror(top, height) * width, mirror(top + 1, height) * width] as const;
        const columns = [mirror(left, width), mirror(left + 1, width)] as const;
        const at = (row * width + column) * 4;
        this.#sources[at] = RGB * (rows[0] + columns[0]);
        this.#sources[at + 1] = RGB * (rows[0] + columns[1]);
        this.#sources[at + 2] = RGB * (rows[1] + columns[0]);
        this.#sources[at + 3] = RGB * (rows[1] + columns[1]);
        this.#shares[at] = (1 - lower) * (1 - righter);
        this.#shares[at + 1] = (1 - lower) * righter;
        this.#shares[at + 2] = lower * (1 - righter);
        this.#shares[at + 3] = lower * righter;
      }
    }
  }

  /** The moved input, `[height, width, 3]`. */
  apply(input: Float32Array): Float32Array {
    const moved = new Float32Array(this.#length);
    for (let at = 0; at < this.#sources.length; at++) {
      const [to, from, share] = [RGB * (at >> 2), this.#sources[at] ?? 0, this.#shares[at] ?? 0];
      for (let colour = 0; colour < RGB; colour++) {
        moved[to + colour] = (moved[to + colour] ?? 0) + share * (input[from + colour] ?? 0);
      }
    }
    return moved;
  }

  /** What a gradient at the moved input is at the input itself. */
  transpose(gradient: Float32Array): Float32Array {
    const pulled = new Float32Array(this.#length);
    for (let at = 0; at < this.#sources.length; at++) {
      const [from, to, share] = [RGB * (at >> 2), this.#sources[at] ?? 0, this.#shares[at] ?? 0];
      for (let colour = 0; colour < RGB; colour++) {
        pulled[to + colour] = (pulled[to + colour] ?? 0) + share * (gradient[from + colour] ?? 0);
      }
    }
    return pulled;
  }
}
