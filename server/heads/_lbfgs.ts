/**
 * Minimises a smooth function by L-BFGS (Liu and Nocedal 1989: "On the limited memory BFGS method for large scale
 * optimization"), with a line search for the weak Wolfe conditions by bisection (Lewis and Overton 2013).
 */

/** Pairs of steps that curvature is estimated from. */
const MEMORY = 10;

const ARMIJO = 1e-4;
const CURVATURE = 0.9;
const MAX_BISECTIONS = 50;

/** Writes the gradient at a place and returns the value. */
export type Differentiable = (at: Float64Array, gradient: Float64Array) => number;

/** Where the search stops. */
export interface Stop {
  /** Euclidean length of the gradient. */
  readonly gradient: number;
  readonly iterations: number;
  /** Called with the gradient's length before each iteration; what it throws ends the search. */
  readonly onIteration?: (gradientLength: number) => void;
}

/** Where the search ended. */
export interface Minimum {
  readonly at: Float64Array;
  readonly gradientLength: number;
  readonly iterations: number;
}

/** Goes from `start`, which is left as it is, to where the gradient is shorter than asked for, or to the last iteration. */
export function minimise(f: Differentiable, start: Float64Array, stop: Stop): Minimum {
  const size = start.length;
  let at = start.slice();
  let gradient = new Float64Array(size);
  let value = f(at, gradient);
  let [nextAt, nextGradient] = [new Float64Array(size), new Float64Array(size)];
  const pairs: { moved: Float64Array; turned: Float64Array; product: number }[] = [];
  const direction = new Float64Array(size);
  for (let iteration = 0;; iteration++) {
    const gradientLength = Math.sqrt(dot(gradient, gradient));
    if (gradientLength <= stop.gradient || iteration === stop.iterations) {
      return { at, gradientLength, iterations: iteration };
    }
    stop.onIteration?.(gradientLength);
    descend(direction, gradient, pairs);
    const slope = dot(direction, gradient);
    let [low, high, length] = [0, Infinity, pairs.length === 0 ? Math.min(1, 1 / gradientLength) : 1];
    let nextValue = value;
    for (let tries = 0; tries < MAX_BISECTIONS; tries++) {
      for (let i = 0; i < size; i++) nextAt[i] = (at[i] ?? 0) + length * (direction[i] ?? 0);
      nextValue = f(nextAt, nextGradient);
      // Near the minimum the value's last bits say nothing: what is lost in them counts as no rise.
      const noise = 1e-14 * Math.abs(value);
      if (!(nextValue <= value + ARMIJO * length * slope + noise)) high = length;
      else if (dot(nextGradient, direction) < CURVATURE * slope) low = length;
      else break;
      length = high === Infinity ? 2 * low : (low + high) / 2;
    }
    if (!Number.isFinite(nextValue)) return { at, gradientLength, iterations: iteration };
    remember(pairs, { at, gradient, nextAt, nextGradient });
    [at, nextAt] = [nextAt, at];
    [gradient, nextGradient] = [nextGradient, gradient];
    value = nextValue;
  }
}

/** Writes minus the gradient times the estimate of the inverse Hessian, by the two loops. */
function descend(
  direction: Float64Array,
  gradient: Float64Array,
  pairs: readonly { moved: Float64Array; turned: Float64Array; product: number }[],
): void {
  for (let i = 0; i < direction.length; i++) direction[i] = -(gradient[i] ?? 0);
  const parts: number[] = [];
  for (const { moved, turned, product } of pairs.toReversed()) {
    const part = dot(moved, direction) / product;
    parts.push(part);
    add(direction, turned, -part);
  }
  const newest = pairs.at(-1);
  if (newest === undefined) return;
  const scale = newest.product / dot(newest.turned, newest.turned);
  for (let i = 0; i < direction.length; i++) direction[i] = scale * (direction[i] ?? 0);
  for (const { moved, turned, product } of pairs) {
    add(direction, moved, (parts.pop() ?? 0) - dot(turned, direction) / product);
  }
}

function remember(
  pairs: { moved: Float64Array; turned: Float64Array; product: number }[],
  { at, gradient, nextAt, nextGradient }: {
    readonly at: Float64Array;
    readonly gradient: Float64Array;
    readonly nextAt: Float64Array;
    readonly nextGradient: Float64Array;
  },
): void {
  const moved = nextAt.map((value, i) => value - (at[i] ?? 0));
  const turned = nextGradient.map((value, i) => value - (gradient[i] ?? 0));
  const product = dot(moved, turned);
  if (product <= 1e-16 * dot(turned, turned)) return;
  pairs.push({ moved, turned, product });
  if (pairs.length > MEMORY) pairs.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) + times * (what[i] ?? 0);
}
