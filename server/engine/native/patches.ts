/**
 * The patches of a picture that a convolution's kernel sees, one below the other, so that the convolution becomes a
 * matrix product; and back: what lies in the patches added up in the picture.
 */
import {
  clear,
  type Code,
  copy,
  count,
  f32,
  forever,
  Func,
  get,
  i32,
  increase,
  larger,
  leaveWhen,
  type Local,
  type Module,
  set,
  smaller,
  v128,
  when,
} from "./assembler.ts";
import { parameter } from "./job.ts";

const FLOAT_BYTES = 4;
const VECTOR_BYTES = 16;
/** Up to this length a loop is faster than the call that copying is. */
const SHORT_BYTES = 128;

/** Places of the parameters of both kernels; addresses in bytes, sides in pixels. */
export const PATCHES = {
  picture: 0,
  patches: 1,
  pictureHeight: 2,
  pictureWidth: 3,
  channels: 4,
  patchesHigh: 5,
  patchesWide: 6,
  height: 7,
  width: 8,
  strideY: 9,
  strideX: 10,
  top: 11,
  left: 12,
  /** Length of a patch in bytes, at least height·width·channels floats; what is left is zero. */
  patchBytes: 13,
  /** First row of patches, counted over the whole batch, and the end of the rows. */
  firstRow: 14,
  endRow: 15,
  /** Rows of a block: of patches there, of the picture in the backward pass. */
  rowsPerBlock: 16,
} as const;

const p = (name: keyof typeof PATCHES): Code => parameter(PATCHES[name]);

/** Adds the kernel that cuts patches: a block takes some rows of patches. */
export function addCut(module: Module): number {
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const local = func.named(
    "row",
    "end",
    "image",
    "x",
    "ky",
    "iy",
    "ix",
    "from",
    "to",
    "target",
    "bytes",
    "y",
    "place",
    "source",
    "c",
  );
  const pixelBytes = i32.shl(p("channels"), 2);
  func.body = [
    set(local.row, i32.add(p("firstRow"), i32.mul(get(block), p("rowsPerBlock")))),
    set(local.end, smaller(i32.add(get(local.row), p("rowsPerBlock")), p("endRow"))),
    set(
      local.target,
      i32.add(
        p("patches"),
        i32.mul(i32.mul(i32.sub(get(local.row), p("firstRow")), p("patchesWide")), p("patchBytes")),
      ),
    ),
    count(local.row, get(local.row), get(local.end), i32.const(1), [
      set(local.image, i32.div(get(local.row), p("patchesHigh"))),
      set(local.y, i32.sub(i32.mul(i32.rem(get(local.row), p("patchesHigh")), p("strideY")), p("top"))),
      count(local.x, i32.const(0), p("patchesWide"), i32.const(1), [
        set(local.ix, i32.sub(i32.mul(get(local.x), p("strideX")), p("left"))),
        // Columns of the kernel that lie inside the picture.
        set(local.from, larger(i32.sub(i32.const(0), get(local.ix)), i32.const(0))),
        set(local.to, smaller(i32.sub(p("pictureWidth"), get(local.ix)), p("width"))),
        when(
          i32.or(
            i32.or(i32.gt(get(local.from), i32.const(0)), i32.lt(get(local.to), p("width"))),
            i32.or(
              i32.lt(get(local.y), i32.const(0)),
              i32.gt(i32.add(get(local.y), p("height")), p("pictureHeight")),
            ),
          ),
          clear(get(local.target), p("patchBytes")),
        ),
        set(local.bytes, i32.mul(i32.sub(get(local.to), get(local.from)), pixelBytes)),
        when(i32.gt(get(local.bytes), i32.const(0)), [
          count(local.ky, i32.const(0), p("height"), i32.const(1), [
            set(local.iy, i32.add(get(local.y), get(local.ky))),
            when(
              i32.and(i32.ge(get(local.iy), i32.const(0)), i32.lt(get(local.iy), p("pictureHeight"))),
              [
                set(
                  local.place,
                  i32.add(
                    get(local.target),
                    i32.mul(i32.add(i32.mul(get(local.ky), p("width")), get(local.from)), pixelBytes),
                  ),
                ),
                set(
                  local.source,
                  i32.add(
                    p("picture"),
                    i32.mul(
                      i32.add(
                        i32.mul(
                          i32.add(i32.mul(get(local.image), p("pictureHeight")), get(local.iy)),
                          p("pictureWidth"),
                        ),
                        i32.add(get(local.ix), get(local.from)),
                      ),
                      pixelBytes,
                    ),
                  ),
                ),
                when(
                  i32.gt(get(local.bytes), i32.const(SHORT_BYTES)),
                  copy(get(local.place), get(local.source), get(local.bytes)),
                  count(local.c, i32.const(0), get(local.bytes), i32.const(FLOAT_BYTES), [
                    f32.store(
                      i32.add(get(local.place), get(local.c)),
                      f32.load(i32.add(get(local.source), get(local.c))),
                    ),
                  ]),
                ),
              ],
            ),
          ]),
        ]),
        increase(local.target, p("patchBytes")),
      ]),
    ]),
  ];
  return module.add(func);
}

/**
 * Adds the kernel that adds patches up: a block takes some rows of the picture. A row of a patch lies in one piece
 * there as here, so that it is added four numbers at a time.
 */
export function addGather(module: Module): number {
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const local = func.named(
    "row",
    "end",
    "line",
    "image",
    "y",
    "ky",
    "py",
    "px",
    "ix",
    "from",
    "to",
    "patch",
    "source",
    "target",
    "stop",
  );
  const pixelBytes = i32.shl(p("channels"), 2);
  const rowBytes = i32.mul(p("pictureWidth"), pixelBytes);
  const addUp = (bytes: number, add: Code): Code =>
    forever([
      leaveWhen(i32.gt(i32.add(get(local.source), i32.const(bytes)), get(local.stop))),
      add,
      increase(local.source, i32.const(bytes)),
      increase(local.target, i32.const(bytes)),
    ]);
  func.body = [
    set(local.row, i32.mul(get(block), p("rowsPerBlock"))),
    set(local.end, smaller(i32.add(get(local.row), p("rowsPerBlock")), p("endRow"))),
    set(local.line, i32.add(p("picture"), i32.mul(get(local.row), rowBytes))),
    count(local.row, get(local.row), get(local.end), i32.const(1), [
      set(local.image, i32.div(get(local.row), p("pictureHeight"))),
      set(local.y, i32.add(i32.rem(get(local.row), p("pictureHeight")), p("top"))),
      clear(get(local.line), rowBytes),
      count(local.ky, i32.const(0), p("height"), i32.const(1), [
        // Row of patches that has this row of the picture at its row `ky`, times the stride.
        set(local.py, i32.sub(get(local.y), get(local.ky))),
        when(
          i32.and(
            i32.and(i32.ge(get(local.py), i32.const(0)), i32.eqz(i32.rem(get(local.py), p("strideY")))),
            i32.lt(get(local.py), i32.mul(p("patchesHigh"), p("strideY"))),
          ),
          [
            set(
              local.patch,
              i32.add(
                p("patches"),
                i32.mul(
                  i32.mul(
                    i32.add(
                      i32.mul(get(local.image), p("patchesHigh")),
                      i32.div(get(local.py), p("strideY")),
                    ),
                    p("patchesWide"),
                  ),
                  p("patchBytes"),
                ),
              ),
            ),
            increase(local.patch, i32.mul(i32.mul(get(local.ky), p("width")), pixelBytes)),
            count(local.px, i32.const(0), p("patchesWide"), i32.const(1), [
              set(local.ix, i32.sub(i32.mul(get(local.px), p("strideX")), p("left"))),
              // Columns of the patch that lie inside the picture.
              set(local.from, larger(i32.sub(i32.const(0), get(local.ix)), i32.const(0))),
              set(local.to, smaller(i32.sub(p("pictureWidth"), get(local.ix)), p("width"))),
              set(local.source, i32.add(get(local.patch), i32.mul(get(local.from), pixelBytes))),
              set(local.stop, i32.add(get(local.patch), i32.mul(get(local.to), pixelBytes))),
              set(
                local.target,
                i32.add(get(local.line), i32.mul(i32.add(get(local.ix), get(local.from)), pixelBytes)),
              ),
              addUp(
                VECTOR_BYTES,
                v128.store(
                  get(local.target),
                  v128.add(v128.load(get(local.target)), v128.load(get(local.source))),
                ),
              ),
              addUp(
                FLOAT_BYTES,
                f32.store(
                  get(local.target),
                  f32.add(f32.load(get(local.target)), f32.load(get(local.source))),
                ),
              ),
              increase(local.patch, p("patchBytes")),
            ]),
          ],
        ),
      ]),
      increase(local.line, rowBytes),
    ]),
  ];
  return module.add(func);
}
