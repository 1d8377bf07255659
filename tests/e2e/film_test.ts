/** What is drawn into films, to the pixel: composed in real Chromium, the film read back by ffmpeg. */
import assert from "node:assert/strict";
import { greyPictures } from "../support/numbered.ts";
import { serveBundle } from "./_bundled.ts";
import { scene } from "./_scene.ts";

/** The checks' module, for `import()` in the page. */
type FilmChecks = typeof import("./_film_checks.ts");

const SOURCE = "tests/e2e/_film_checks.ts";

/** Share of the light that the stage leaves around what the network sees. */
const DIMMED = 0.42;

scene(
  "picture and map have the same edges whatever shape the picture and the input have, without a seam",
  "/",
  async (
    { page, url },
  ) => {
    const path = await serveBundle(page, url, SOURCE);
    const compose = (
      picture: readonly [number, number],
      aspect: number,
      frame: readonly [number, number],
      mapped: boolean,
      points: readonly (readonly [number, number])[] = [],
    ) =>
      page.evaluate(async ([path, ...what]) => {
        const checks: FilmChecks = await import(path);
        return checks.composed(...what);
      }, [path, picture, aspect, frame, mapped, points] as const);
    const cases = [
      { picture: [640, 480], aspect: 1, frame: [640, 480], crop: [80, 0, 480, 480] },
      { picture: [480, 640], aspect: 1, frame: [640, 480], crop: [140, 60, 360, 360] },
      { picture: [640, 480], aspect: 1, frame: [480, 640], crop: [60, 140, 360, 360] },
      { picture: [1280, 720], aspect: 1, frame: [1280, 720], crop: [280, 0, 720, 720] },
      // The exact square of 853 × 479 begins at 187 and a third: the nearest even number is 188.
      { picture: [853, 479], aspect: 1, frame: [854, 480], crop: [188, 0, 480, 480] },
      { picture: [640, 480], aspect: 2, frame: [640, 480], crop: [0, 80, 640, 320] },
      { picture: [640, 480], aspect: 0.5, frame: [640, 480], crop: [200, 0, 240, 480] },
      { picture: [480, 640], aspect: 2, frame: [640, 480], crop: [140, 150, 360, 180] },
    ] as const;
    for (const { picture, aspect, frame, crop: [x, y, width, height] } of cases) {
      const expected = { x, y, width, height, count: width * height };
      const bare = await compose(picture, aspect, frame, false);
      assert.deepEqual(bare.box, expected, `what is seen of ${picture} in ${frame}`);
      const mapped = await compose(picture, aspect, frame, true);
      assert.deepEqual(mapped.box, expected, `the map of ${picture} in ${frame}`);
    }
    // Beside the turned picture, and above its square.
    const { pixels: [bar, above] } = await compose([480, 640], 1, [640, 480], false, [[20, 240], [320, 20]]);
    const near = (pixel: readonly number[] | undefined, value: number) =>
      assert.ok(pixel?.every((one) => Math.abs(one - value) <= 1), `${pixel} for ${value}`);
    near(bar, 9 * DIMMED);
    near(above, 128 * DIMMED);
  },
);

scene("a film of a mirrored camera has picture and map turned round together", "/", async ({ page, url }) => {
  const path = await serveBundle(page, url, SOURCE);
  const counts = await page.evaluate(async (path) => {
    const checks: FilmChecks = await import(path);
    return [checks.mirroredDifference(true), checks.mirroredDifference(false)];
  }, path);
  assert.deepEqual(counts, [0, 0]);
});

/** Where the luminance of one line steps up and down again, at the middle between two levels. */
function stepsOf(line: readonly number[], middle: number): readonly [number, number] {
  return [line.findIndex((value) => value > middle), line.findLastIndex((value) => value > middle) + 1];
}

for (
  const [name, aspect, crops] of [
    ["square", 1, [[80, 0, 480, 480], [140, 60, 360, 360]]],
    ["wide part", 2, [[0, 80, 640, 320], [140, 150, 360, 180]]],
  ] as const
) {
  scene(`a film of a picture that turns keeps its shape, and every map lies on its ${name}`, "/", async (
    { page, url },
  ) => {
    const path = await serveBundle(page, url, SOURCE);
    const film = await page.evaluate(async ([path, aspect]) => {
      const checks: FilmChecks = await import(path);
      return await checks.turningFilm(aspect);
    }, [path, aspect] as const);
    const pictures = await picturesOf(film, ".mp4", 640 * 480);
    assert.ok(pictures.length >= 8, `${pictures.length} pictures`);
    for (const [index, grey] of pictures.entries()) {
      const [x, y, width, height] = index < 4 ? crops[0] : crops[1];
      const across = [...grey.subarray(240 * 640, 241 * 640)];
      const down = Array.from({ length: 480 }, (_, y) => grey[y * 640 + 320] ?? 0);
      // The map's yellow is lighter than anything else: the outline's 65 % white ends at 170.
      const edges = [...stepsOf(across, 195), ...stepsOf(down, 195)];
      for (const [place, exact] of [x, x + width, y, y + height].entries()) {
        const is = edges[place] ?? NaN;
        assert.ok(Math.abs(is - exact) <= 1, `picture ${index}: an edge at ${is} for ${exact}`);
      }
    }
  });
}

scene("a GIF has the shape of what the network sees, and its map fills it", "/", async ({ page, url }) => {
  const path = await serveBundle(page, url, SOURCE);
  for (const [aspect, width, height] of [[2, 320, 160], [0.75, 240, 320]] as const) {
    const gif = await page.evaluate(async ([path, aspect]) => {
      const checks: FilmChecks = await import(path);
      return await checks.shapedGif(aspect);
    }, [path, aspect] as const);
    const head = new DataView(Uint8Array.from(atob(gif), (char) => char.charCodeAt(0)).buffer);
    assert.deepEqual([head.getUint16(6, true), head.getUint16(8, true)], [width, height]);
    const [grey] = await picturesOf(gif, ".gif", width * height);
    assert.ok(grey?.every((value) => value > 195), "the map leaves something free");
  }
});

/** The brightness of a film's pictures, which came as base64. */
async function picturesOf(film: string, suffix: string, bytes: number): Promise<readonly Uint8Array[]> {
  const file = await Deno.makeTempFile({ prefix: "gradcast-e2e-", suffix });
  await Deno.writeFile(file, Uint8Array.from(atob(film), (char) => char.charCodeAt(0)));
  const pictures = await greyPictures(file, bytes);
  await Deno.remove(file);
  return pictures;
}
