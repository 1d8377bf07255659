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
  Func,
  get,
  i32,
  increase,
  larger,
  type Local,
  type Module,
  set,
  smaller,
  when,
} from "./assembler.ts";
import { parameter } from "./job.ts";

const FLOAT_BYTES = 4;
/** Up to this length a loop is faster than the call that copying is. */
const SHORT_BYTES = 128;

/** Places of the parameters of both kernels; addresses in bytes, sides in px. */
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
  /** Rows of a block: of patches there, of the picture on the way back. */
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

/** Adds the kernel that adds patches up: a block takes some rows of the picture. */
export function addGather(module: Module): number {
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const local = func.named(
    "row",
    "end",
    "image",
    "y",
    "x",
    "ky",
    "kx",
    "py",
    "px",
    "source",
    "target",
    "c",
  );
  const sum = func.local("f32");
  const pixelBytes = i32.shl(p("channels"), 2);
  /** Where the patch lies that has this px at a place of its own, in px times the stride. */
  const onPatch = (at: Local, stride: Code, patches: Code): Code =>
    i32.and(
      i32.and(i32.ge(get(at), i32.const(0)), i32.eqz(i32.rem(get(at), stride))),
      i32.lt(get(at), i32.mul(patches, stride)),
    );
  func.body = [
    set(local.row, i32.mul(get(block), p("rowsPerBlock"))),
    set(local.end, smaller(i32.add(get(local.row), p("rowsPerBlock")), p("endRow"))),
    set(local.target, i32.add(p("picture"), i32.mul(i32.mul(get(local.row), p("pictureWidth")), pixelBytes))),
    count(local.row, get(local.row), get(local.end), i32.const(1), [
      set(local.image, i32.div(get(local.row), p("pictureHeight"))),
      set(local.y, i32.add(i32.rem(get(local.row), p("pictureHeight")), p("top"))),
      count(local.x, i32.const(0), p("pictureWidth"), i32.const(1), [
        clear(get(local.target), pixelBytes),
        count(local.ky, i32.const(0), p("height"), i32.const(1), [
          set(local.py, i32.sub(get(local.y), get(local.ky))),
          when(onPatch(local.py, p("strideY"), p("patchesHigh")), [
            count(local.kx, i32.const(0), p("width"), i32.const(1), [
              set(local.px, i32.sub(i32.add(get(local.x), p("left")), get(local.kx))),
              when(onPatch(local.px, p("strideX"), p("patchesWide")), [
                set(
                  local.source,
                  i32.add(
                    i32.add(
                      p("patches"),
                      i32.mul(
                        i32.add(
                          i32.mul(
                            i32.add(
                              i32.mul(get(local.image), p("patchesHigh")),
                              i32.div(get(local.py), p("strideY")),
                            ),
                            p("patchesWide"),
                          ),
                          i32.div(get(local.px), p("strideX")),
                        ),
                        p("patchBytes"),
                      ),
                    ),
                    i32.mul(i32.add(i32.mul(get(local.ky), p("width")), get(local.kx)), pixelBytes),
                  ),
                ),
                count(local.c, i32.const(0), pixelBytes, i32.const(FLOAT_BYTES), [
                  set(
                    sum,
                    f32.add(
                      f32.load(i32.add(get(local.target), get(local.c))),
                      f32.load(i32.add(get(local.source), get(local.c))),
                    ),
                  ),
                  f32.store(i32.add(get(local.target), get(local.c)), get(sum)),
                ]),
              ]),
            ]),
          ]),
        ]),
        increase(local.target, pixelBytes),
      ]),
    ]),
  ];
  return module.add(func);
}
