/** Operations that give a value other sides: most of them only change what is known of it. */
import { reshapedTo } from "./_arrange.ts";
import { type Importer, input, int, ints, listed, refuse, word } from "./_call.ts";
import { isFloat } from "./_tensor.ts";
import { axisOf, product, transposed, type Value } from "./_value.ts";

export const same: Importer = (call) => [input(call, 0)];

/** The engine computes in float32 throughout: a change between kinds of floats is none. */
export const cast: Importer = (call) => {
  const to = int(call, "to", 1);
  if (!isFloat(to)) refuse(`must convert to floating-point numbers, got type ${to}`);
  return [input(call, 0)];
};

export const transpose: Importer = (call) => {
  const x = input(call, 0);
  const order = ints(call, "perm") ?? x.dims.map((_, axis) => x.dims.length - 1 - axis);
  const axes = order.map((axis) => axisOf(x, axis));
  if (new Set(axes).size !== x.dims.length) refuse(`must name each side once, got ${order}`);
  return [transposed(x, axes)];
};

export const reshape: Importer = (call) => {
  const x = input(call, 0);
  const wanted = listed(call, "shape", 1) ?? refuse("must have a shape");
  const allowZero = int(call, "allowzero", 0) === 1;
  return [reshapedTo(call.build, x, resolved(x, wanted, allowZero))];
};

function resolved(x: Value, wanted: readonly number[], allowZero: boolean): readonly number[] {
  const sides = wanted.map((side, axis) => side === 0 && !allowZero ? x.dims[axis] ?? 0 : side);
  if (!sides.includes(-1)) return sides;
  const others = product(sides.filter((side) => side !== -1));
  const left = product(x.dims) / others;
  if (!Number.isInteger(left)) refuse(`must fit [${x.dims}] into [${wanted}]`);
  return sides.map((side) => side === -1 ? left : side);
}

export const flatten: Importer = (call) => {
  const x = input(call, 0);
  const written = int(call, "axis", 1);
  const axis = written < 0 ? written + x.dims.length : written;
  return [reshapedTo(call.build, x, [product(x.dims.slice(0, axis)), product(x.dims.slice(axis))])];
};

export const squeeze: Importer = (call) => {
  const x = input(call, 0);
  const axes = listed(call, "axes", 1)?.map((axis) => axisOf(x, axis)) ??
    x.dims.flatMap((side, axis) => side === 1 ? [axis] : []);
  if (axes.some((axis) => x.dims[axis] !== 1)) refuse(`must drop sides of 1, got ${axes} of [${x.dims}]`);
  return [reshapedTo(call.build, x, x.dims.filter((_, axis) => !axes.includes(axis)))];
};

export const unsqueeze: Importer = (call) => {
  const x = input(call, 0);
  const written = listed(call, "axes", 1) ?? refuse("must have axes");
  const rank = x.dims.length + written.length;
  const axes = new Set(written.map((axis) => axis < 0 ? axis + rank : axis));
  const rest = [...x.dims];
  const dims = Array.from({ length: rank }, (_, axis) => axes.has(axis) ? 1 : rest.shift() ?? 1);
  return [reshapedTo(call.build, x, dims)];
};

export const depthToSpace: Importer = (call) => {
  const x = input(call, 0);
  const block = int(call, "blocksize", 1);
  const [batch = 1, channels = 1, height = 1, width = 1] = x.dims;
  const inner = channels / block ** 2;
  const dcr = word(call, "mode", "DCR") === "DCR";
  const cutUp = reshapedTo(
    call.build,
    x,
    dcr ? [batch, block, block, inner, height, width] : [batch, inner, block, block, height, width],
  );
  const turned = transposed(cutUp, dcr ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]);
  return [reshapedTo(call.build, turned, [batch, inner, height * block, width * block])];
};

export const spaceToDepth: Importer = (call) => {
  const x = input(call, 0);
  const block = int(call, "blocksize", 1);
  const [batch = 1, channels = 1, height = 1, width = 1] = x.dims;
  const [rows, columns] = [height / block, width / block];
  const cutUp = reshapedTo(call.build, x, [batch, channels, rows, block, columns, block]);
  const turned = transposed(cutUp, [0, 3, 5, 1, 2, 4]);
  return [reshapedTo(call.build, turned, [batch, channels * block ** 2, rows, columns])];
};
