/**
 * CART with Gini impurity as scikit-learn 1.9 grows it (Breiman et al. 1984), in its order of features and with its rounding, so
 * that ties are decided alike: values are 32-bit floats, those that differ by at most 1e-7 are not told apart, thresholds lie in
 * the middle, and of equally good splits the one found first stays. Features are drawn without putting them back, and
 * one that is constant in a node is not drawn again below it.
 */
import { GradcastError } from "../../shared/errors.ts";
import { MAX_TREE_NODES, type Tree, type TreeNode } from "../../shared/head_model.ts";
import type { XorShift } from "./random.ts";

/** Values that differ by no more are the same. */
const SAME = Math.fround(1e-7);

/** Impurity at which a node is pure. */
const PURE = Number.EPSILON;

/** Rows that trees are grown on. */
export interface TreeRows {
  /** [width][rows]: feature by feature, as each is sorted by itself. */
  readonly columns: readonly Float32Array[];
  /** [width][rows]: the place of each value among the different values of its column. */
  readonly ranks: readonly Uint32Array[];
  readonly labels: Int32Array;
  readonly classes: number;
}

/** What one tree is grown by. */
export interface Growth {
  /** [rows]: how often each row counts; 0 leaves it out. */
  readonly weights: Int32Array;
  /** Features that are looked at for each split, those that are constant there left out. */
  readonly featuresPerSplit: number;
  readonly random: XorShift;
  /** Called once for each node with the share of the rows that lie in finished leaves, 0…1. */
  readonly onNode?: (done: number) => void;
}

interface Split {
  readonly feature: number;
  readonly threshold: number;
}

/** A part of the rows that waits to become a node. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly parent: number;
  readonly side: "left" | "right";
  /** Features at the front of the order that are known to be constant here. */
  readonly constants: number;
}

/**
 * Grows a tree until every leaf is pure or cannot be split.
 *
 * @throws GradcastError `head-refused` where it gets more than {@link MAX_TREE_NODES} nodes
 */
export function growTree(rows: TreeRows, growth: Growth): Tree {
  return new Grower(rows, growth).grow();
}

class Grower {
  readonly #rows: TreeRows;
  readonly #growth: Growth;
  readonly #samples: Int32Array;
  /** The order in which features are drawn; it stays from node to node. */
  readonly #order: Int32Array;
  readonly #constants: Int32Array;
  /** The rows of the part that is looked at, by rising value, and room for sorting them. */
  #sorted: Int32Array;
  #other: Int32Array;
  readonly #left: Float64Array;
  readonly #total: Float64Array;
  readonly #spare: Int32Array;

  constructor(rows: TreeRows, growth: Growth) {
    this.#rows = rows;
    this.#growth = growth;
    const { weights } = growth;
    this.#samples = Int32Array.from(weights.keys()).filter((row) => (weights[row] ?? 0) > 0);
    this.#order = Int32Array.from(rows.columns.keys());
    this.#constants = new Int32Array(rows.columns.length);
    this.#sorted = new Int32Array(this.#samples.length);
    this.#other = new Int32Array(this.#samples.length);
    this.#spare = new Int32Array(this.#samples.length);
    this.#left = new Float64Array(rows.classes);
    this.#total = new Float64Array(rows.classes);
  }

  grow(): Tree {
    type Growing = { -readonly [Key in keyof TreeNode]: TreeNode[Key] };
    const nodes: Growing[] = [];
    const parts: Part[] = [{ from: 0, to: this.#samples.length, parent: -1, side: "left", constants: 0 }];
    let finished = 0;
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      const { from, to, parent, side } = part;
      const impurity = this.#count(from, to);
      const found = to - from < 2 || impurity <= PURE ? null : this.#bestSplit(part);
      if (nodes.length === MAX_TREE_NODES) {
        throw new GradcastError(
          "head-refused",
          `Cannot grow the tree: it has more than ${MAX_TREE_NODES} nodes`,
        );
      }
      const place = nodes.length;
      const above = nodes[parent];
      if (above !== undefined) above[side] = place;
      nodes.push({
        feature: found?.split.feature ?? -1,
        threshold: found?.split.threshold ?? 0,
        left: -1,
        right: -1,
        counts: [...this.#total],
        impurity: Math.max(0, impurity),
      });
      if (found === null) finished += to - from;
      else {
        const middle = this.#divide(from, to, found.split);
        const { constants } = found;
        parts.push({ from: middle, to, parent: place, side: "right", constants });
        parts.push({ from, to: middle, parent: place, side: "left", constants });
      }
      this.#growth.onNode?.(finished / this.#samples.length);
    }
    return { nodes };
  }

  /** Counts the classes of a part into `#total`, and returns its impurity. */
  #count(from: number, to: number): number {
    const { labels } = this.#rows;
    this.#total.fill(0);
    for (let at = from; at < to; at++) {
      const row = this.#samples[at] ?? 0;
      const label = labels[row] ?? 0;
      this.#total[label] = (this.#total[label] ?? 0) + (this.#growth.weights[row] ?? 0);
    }
    let [weight, squares] = [0, 0];
    for (const count of this.#total) {
      weight += count;
      squares += count * count;
    }
    return 1 - squares / (weight * weight);
  }

  /** Draws features and finds the best split of a part; null where every feature is constant in it. */
  #bestSplit({ from, to, constants: known }: Part): { split: Split; constants: number } | null {
    const { featuresPerSplit, random } = this.#growth;
    const order = this.#order;
    let best: (Split & { score: number }) | null = null;
    let [rest, visited, drawn, found] = [order.length, 0, 0, 0];
    while (rest > known + found && (visited < featuresPerSplit || visited <= found + drawn)) {
      visited++;
      let at = drawn + random.below(rest - found - drawn);
      if (at < known) {
        swap(order, drawn++, at);
        continue;
      }
      at += found;
      const feature = order[at] ?? 0;
      if (!this.#sort(feature, from, to)) {
        swap(order, at, known + found++);
        continue;
      }
      swap(order, --rest, at);
      const split = this.#bestOf(feature, to - from, best?.score ?? -Infinity);
      if (split !== null) best = split;
    }
    // Parts below inherit which features are constant, and in which order.
    order.set(this.#constants.subarray(0, known));
    this.#constants.set(order.subarray(known, known + found), known);
    return best === null ? null : { split: best, constants: known + found };
  }

  /** Sorts a part by a feature into `#sorted`; false where the feature is constant there. */
  #sort(feature: number, from: number, to: number): boolean {
    const column = this.#rows.columns[feature];
    const ranks = this.#rows.ranks[feature];
    if (column === undefined || ranks === undefined) return false;
    const samples = this.#samples;
    let [low, high] = [samples[from] ?? 0, samples[from] ?? 0];
    for (let at = from; at < to; at++) {
      const row = samples[at] ?? 0;
      this.#sorted[at - from] = row;
      const rank = ranks[row] ?? 0;
      if (rank < (ranks[low] ?? 0)) low = row;
      if (rank > (ranks[high] ?? 0)) high = row;
    }
    if ((column[high] ?? 0) <= Math.fround((column[low] ?? 0) + SAME)) return false;
    if (to - from <= FEW) insertionSort(this.#sorted, to - from, ranks);
    else this.#radixSort(to - from, ranks, ranks[low] ?? 0, ranks[high] ?? 0);
    return true;
  }

  /** Sorts by 8 bits of the ranks after the other: as fast for any number of rows, and several times as fast as comparing. */
  #radixSort(count: number, ranks: Uint32Array, low: number, high: number): void {
    for (let shift = 0; (high - low) >>> shift > 0; shift += 8) {
      PLACES.fill(0);
      for (let at = 0; at < count; at++) {
        const digit = (((ranks[this.#sorted[at] ?? 0] ?? 0) - low) >>> shift) & 255;
        PLACES[digit + 1] = (PLACES[digit + 1] ?? 0) + 1;
      }
      for (let digit = 1; digit < 256; digit++) {
        PLACES[digit] = (PLACES[digit] ?? 0) + (PLACES[digit - 1] ?? 0);
      }
      for (let at = 0; at < count; at++) {
        const row = this.#sorted[at] ?? 0;
        const digit = (((ranks[row] ?? 0) - low) >>> shift) & 255;
        const place = PLACES[digit] ?? 0;
        PLACES[digit] = place + 1;
        this.#other[place] = row;
      }
      [this.#sorted, this.#other] = [this.#other, this.#sorted];
    }
  }

  /** The best split of the sorted part by one feature, where it scores above `least`. */
  #bestOf(feature: number, count: number, least: number): (Split & { score: number }) | null {
    const { labels, columns } = this.#rows;
    const { weights } = this.#growth;
    const column = columns[feature] ?? new Float32Array();
    const [left, total, sorted] = [this.#left, this.#total, this.#sorted];
    left.fill(0);
    let [leftWeight, leftSquares] = [0, 0];
    let [rightWeight, rightSquares] = [0, 0];
    for (const sum of total) {
      rightWeight += sum;
      rightSquares += sum * sum;
    }
    let best: (Split & { score: number }) | null = null;
    let before = column[sorted[0] ?? 0] ?? 0;
    for (let at = 0; at < count - 1; at++) {
      const row = sorted[at] ?? 0;
      const label = labels[row] ?? 0;
      const weight = weights[row] ?? 0;
      const was = left[label] ?? 0;
      const other = (total[label] ?? 0) - was;
      leftSquares += weight * (2 * was + weight);
      rightSquares -= weight * (2 * other - weight);
      left[label] = was + weight;
      leftWeight += weight;
      rightWeight -= weight;
      const value = before;
      before = column[sorted[at + 1] ?? 0] ?? 0;
      if (before <= Math.fround(value + SAME)) continue;
      const leftImpurity = 1 - leftSquares / (leftWeight * leftWeight);
      const rightImpurity = 1 - rightSquares / (rightWeight * rightWeight);
      const score = -rightWeight * rightImpurity - leftWeight * leftImpurity;
      if (score > (best?.score ?? least)) best = { feature, threshold: value / 2 + before / 2, score };
    }
    return best;
  }

  /** Brings the rows of the left part to the front, each side in its order, and returns where the right part begins. */
  #divide(from: number, to: number, { feature, threshold }: Split): number {
    const column = this.#rows.columns[feature] ?? new Float32Array();
    let [left, right] = [from, 0];
    for (let at = from; at < to; at++) {
      const row = this.#samples[at] ?? 0;
      if ((column[row] ?? 0) <= threshold) this.#samples[left++] = row;
      else this.#spare[right++] = row;
    }
    this.#samples.set(this.#spare.subarray(0, right), left);
    return left;
  }
}

/** Rows that are sorted by insertion at most. */
const FEW = 24;

/** Where the next row of each digit goes. */
const PLACES = new Uint32Array(257);

function insertionSort(rows: Int32Array, count: number, ranks: Uint32Array): void {
  for (let at = 1; at < count; at++) {
    const row = rows[at] ?? 0;
    const rank = ranks[row] ?? 0;
    let place = at;
    for (; place > 0 && (ranks[rows[place - 1] ?? 0] ?? 0) > rank; place--) {
      rows[place] = rows[place - 1] ?? 0;
    }
    rows[place] = row;
  }
}

function swap(order: Int32Array, a: number, b: number): void {
  const kept = order[a] ?? 0;
  order[a] = order[b] ?? 0;
  order[b] = kept;
}
