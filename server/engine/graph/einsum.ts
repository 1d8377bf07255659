/** Einstein's sums of two values as one product of matrices: what is transposed and put together before it and behind. */

/** One side of an operand or of the result: a letter of the equation. */
export type Letter = string;

/** A sum of products as a product of matrices. */
export interface Einsum {
  /** The operand that lies on the left of the product, 0 or 1. */
  readonly left: 0 | 1;
  /** Letters of both operands that the result has as well: the stacks of matrices. */
  readonly stacks: readonly Letter[];
  /** Letters of the left operand alone: the rows. */
  readonly rows: readonly Letter[];
  /** Letters of both operands that are summed over. */
  readonly inner: readonly Letter[];
  /** Letters of the right operand alone: the columns. */
  readonly columns: readonly Letter[];
  /** Letters of each operand as it is given, left one first. */
  readonly operands: readonly [readonly Letter[], readonly Letter[]];
  readonly result: readonly Letter[];
}

/** Letters that stand for what an ellipsis leaves out; equations have none of them. */
const REST = "αβγδεζηθ";

/**
 * Reads the equation of two operands.
 *
 * @param ranks sides of each operand
 * @throws RangeError with half a sentence on what of the equation is not computed
 */
export function parseEinsum(equation: string, ranks: readonly [number, number]): Einsum {
  const [, written, result] = /^([^-]*)(?:->(.*))?$/u.exec(equation.replaceAll(" ", "")) ?? [];
  const [first, second, ...more] = (written ?? "").split(",");
  if (first === undefined || second === undefined || more.length > 0) {
    throw new RangeError(`must multiply two values, got ${equation}`);
  }
  const operands = [letters(first, ranks[0], equation), letters(second, ranks[1], equation)] as const;
  const all = operands.flat();
  const rest = [...REST].filter((letter) => all.includes(letter));
  const once = [...new Set(all)].filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter));
  const to = result === undefined
    ? [...rest, ...once.filter((letter) => !rest.includes(letter)).sort()]
    : [...result.replace("...", rest.join(""))];
  if (new Set(to).size < to.length || !to.every((letter) => all.includes(letter))) {
    throw new RangeError(`must have each letter of its result once, got ${equation}`);
  }
  const [a, b] = operands;
  const lost = once.find((letter) => !to.includes(letter));
  if (lost !== undefined) {
    throw new RangeError(`must sum over letters that both values have, got ${equation} without ${lost}`);
  }
  const own = (of: readonly Letter[], other: readonly Letter[]) =>
    to.filter((letter) => of.includes(letter) && !other.includes(letter));
  const earliest = (found: readonly Letter[]) => found[0] === undefined ? Infinity : to.indexOf(found[0]);
  // The rows of a product come first, so that the result is seldom turned over.
  const left = earliest(own(a, b)) <= earliest(own(b, a)) ? 0 : 1;
  const [one, other] = left === 0 ? [a, b] : [b, a];
  return {
    left,
    stacks: to.filter((letter) => a.includes(letter) && b.includes(letter)),
    rows: own(one, other),
    inner: other.filter((letter) => one.includes(letter) && !to.includes(letter)),
    columns: own(other, one),
    operands: [one, other],
    result: to,
  };
}

/** Letters of an operand's sides, those of an ellipsis filled in from the last. */
function letters(written: string, rank: number, equation: string): readonly Letter[] {
  const count = [...written.replace("...", "")].length;
  const left = rank - count;
  if (left < 0 || left > REST.length || (left > 0 && !written.includes("..."))) {
    throw new RangeError(`must name the ${rank} sides of a value, got ${written} of ${equation}`);
  }
  const found = [...written.replace("...", [...REST].slice(REST.length - left).join(""))];
  if (new Set(found).size < found.length || !found.every((letter) => /\p{L}/u.test(letter))) {
    throw new RangeError(`must have each letter once in each value, got ${equation}`);
  }
  return found;
}

/** Sizes by letter; fails where a letter has two. */
export function sizesOf(
  operands: readonly (readonly Letter[])[],
  shapes: readonly (readonly number[])[],
): ReadonlyMap<Letter, number> {
  const sizes = new Map<Letter, number>();
  operands.forEach((letters, operand) =>
    letters.forEach((letter, side) => {
      const size = shapes[operand]?.[side] ?? 1;
      const known = sizes.get(letter);
      if (known !== undefined && known !== size) {
        throw new RangeError(`must have one size for ${letter}, got ${known} and ${size}`);
      }
      sizes.set(letter, size);
    })
  );
  return sizes;
}
