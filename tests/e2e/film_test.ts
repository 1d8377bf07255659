/** What is drawn into films, to the pixel: composed in real Chromium, the film read back by ffmpeg. */
import assert from "node:assert/strict";
import { greyPictures } from "../support/numbered.ts";
import { serveBundle } from "./_bundled.ts";
import { scene } from "./_scene.ts";

/** The checks' module, for `import()` in the page. */
type FilmChecks = typeof import("./_film_checks.ts");

const SOURCE = "tests/e2e/_film_checks.ts";

/** Share of the light that the stage leaves around the square. */
const DIMMED = 0.42;

scene("square and map have the same edges whatever the picture's shape, without a seam", "/", async (
  { page, url },
) => {
  const path = await serveBundle(page, url, SOURCE);
  const compose = (
    picture: readonly [number, number],
    frame: readonly [number, number],
    mapped: boolean,
    points: readonly (readonly [number, number])[] = [],
  ) =>
    page.evaluate(async ([path, ...what]) => {
      const checks: FilmChecks = await import(path);
      return checks.composed(...what);
    }, [path, picture, frame, mapped, points] as const);
  const cases = [
    { picture: [640, 480], frame: [640, 480], square: { x: 80, y: 0, side: 480 } },
    { picture: [480, 640], frame: [640, 480], square: { x: 140, y: 60, side: 360 } },
    { picture: [640, 480], frame: [480, 640], square: { x: 60, y: 140, side: 360 } },
    { picture: [1280, 720], frame: [1280, 720], square: { x: 280, y: 0, side: 720 } },
    // The exact square of 853 × 479 begins at 187 and a third: the nearest even number is 188.
    { picture: [853, 479], frame: [854, 480], square: { x: 188, y: 0, side: 480 } },
  ] as const;
  for (const { picture, frame, square: { x, y, side } } of cases) {
    const expected = { x, y, width: side, height: side, count: side * side };
    const bare = await compose(picture, frame, false);
    assert.deepEqual(bare.box, expected, `the square of ${picture} in ${frame}`);
    const mapped = await compose(picture, frame, true);
    assert.deepEqual(mapped.box, expected, `the map of ${picture} in ${frame}`);
  }
  // Beside the turned picture, and above its square.
  const { pixels: [bar, above] } = await compose([480, 640], [640, 480], false, [[20, 240], [320, 20]]);
  const near = (pixel: readonly number[] | undefined, value: number) =>
    assert.ok(pixel?.every((one) => Math.abs(one - value) <= 1), `${pixel} for ${value}`);
  near(bar, 9 * DIMMED);
  near(above, 128 * DIMMED);
});

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

scene("a film of a picture that turns keeps its shape, and every map lies on its square", "/", async (
  { page, url },
) => {
  const path = await serveBundle(page, url, SOURCE);
  const film = await page.evaluate(async (path) => {
    const checks: FilmChecks = await import(path);
    return await checks.turningFilm();
  }, path);
  const file = await Deno.makeTempFile({ prefix: "gradcast-e2e-", suffix: ".mp4" });
  await Deno.writeFile(file, Uint8Array.from(atob(film), (char) => char.charCodeAt(0)));
  const pictures = await greyPictures(file, 640 * 480);
  await Deno.remove(file);
  assert.ok(pictures.length >= 8, `${pictures.length} pictures`);
  for (const [index, grey] of pictures.entries()) {
    const square = index < 4 ? { x: 80, y: 0, side: 480 } : { x: 140, y: 60, side: 360 };
    const across = [...grey.subarray(240 * 640, 241 * 640)];
    const down = Array.from({ length: 480 }, (_, y) => grey[y * 640 + 320] ?? 0);
    // The map's yellow is lighter than anything else: the outline's 65 % white ends at 170.
    const [left, right] = stepsOf(across, 195);
    const [top, bottom] = stepsOf(down, 195);
    for (
      const [is, exact] of [
        [left, square.x],
        [right, square.x + square.side],
        [top, square.y],
        [bottom, square.y + square.side],
      ] as const
    ) {
      assert.ok(Math.abs(is - exact) <= 1, `picture ${index}: an edge at ${is} for ${exact}`);
    }
  }
});
