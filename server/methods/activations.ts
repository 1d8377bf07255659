/** Activation grids (Yosinski et al. 2015, https://arxiv.org/abs/1506.06579): what each channel of a layer sees. */
import { GradcastError } from "../../shared/errors.ts";
import type { Volume } from "../engine/port.ts";
import { layerProbe, layerRow } from "./_layer_row.ts";
import { checkTargetLayers, targetLayers } from "./_target_layers.ts";
import type { Attribution, Method } from "./method.ts";

/** Channels in a row of the grid. */
export const CHANNELS_PER_ROW = 16;

/** Channels on a page; a wider layer has several. */
export const CHANNELS_PER_PAGE = 256;

/** Most pages of any layer. */
const MAX_PAGES = 256;

/** What the mean of a channel becomes, and each standard deviation above it. */
const MIDDLE = 128;
const SPREAD = 64;

/** Largest value of the grid. */
const WHITE = 255;

/**
 * Raw map: a grid of one tile of H'×W' for each channel of a page, 16 in a row, `[rows·H', 16·W']`, 0…255:
 * (a − mean)/deviation·64 + 128, clipped, with the channel's own mean and deviation; a channel that is the same
 * everywhere is 128, and where the last row has no channel left it is 0.
 */
export const activations: Method = {
  id: "activations",
  name: "Activations",
  family: "inside",
  plain: "Shows what every channel of a layer sees in the picture, side by side; it explains no class.",
  expert:
    "(a − mean)/std·64 + 128 of each channel, clipped to 0…255, 16 channels in a row and 256 on a page; one forward.",
  weakness:
    "It says what is there and not what it is good for: no class is involved. Each channel is scaled by itself, so " +
    "that a weak one looks as strong as any.",
  signed: false,
  progressive: false,
  subject: "network",
  options: [{
    kind: "integer",
    name: "page",
    default: 1,
    min: 1,
    max: MAX_PAGES,
    unit: "",
    help: "Which 256 channels are shown; the first page begins with channel 0.",
  }],
  layers: targetLayers,
  check(model, options) {
    checkTargetLayers(activations.id, model);
    const widths = model.layers.filter(({ shape }) => shape.length === 3).map(({ shape }) =>
      shape.at(-1) ?? 0
    );
    checkPage(Number(options["page"]), Math.max(...widths), "the widest layer");
  },
  first: (context) => layerProbe(context, null),
  *attribute(context): Attribution {
    const { classIndex, activation } = yield* layerRow(context);
    const { height, width, channels } = activation;
    const page = Number(context.options["page"]);
    checkPage(page, channels, context.layer);
    const first = (page - 1) * CHANNELS_PER_PAGE;
    const shown = Math.min(CHANNELS_PER_PAGE, channels - first);
    const grid = {
      height: Math.ceil(shown / CHANNELS_PER_ROW) * height,
      width: CHANNELS_PER_ROW * width,
    };
    const values = new Float32Array(grid.height * grid.width);
    for (let index = 0; index < shown; index++) {
      const tile = tileOf(activation, first + index);
      const top = Math.floor(index / CHANNELS_PER_ROW) * height;
      const left = index % CHANNELS_PER_ROW * width;
      for (let row = 0; row < height; row++) {
        values.set(tile.subarray(row * width, (row + 1) * width), (top + row) * grid.width + left);
      }
    }
    return { classIndex, layer: context.layer, ...grid, values };
  },
};

function checkPage(page: number, channels: number, layer: string): void {
  const pages = Math.ceil(channels / CHANNELS_PER_PAGE);
  if (page <= pages) return;
  throw new GradcastError(
    "bad-option",
    `Cannot set the option 'page' as ${layer} has ${channels} channels, that is ${pages} ${
      pages === 1 ? "page" : "pages"
    }: current value is ${page}`,
  );
}

/** One channel as a tile, `[height, width]`. */
function tileOf({ height, width, channels, values }: Volume, channel: number): Float32Array {
  const plane = Float64Array.from(
    { length: height * width },
    (_, place) => values[place * channels + channel] ?? 0,
  );
  const mean = plane.reduce((a, b) => a + b, 0) / plane.length;
  const deviation = Math.sqrt(plane.reduce((sum, value) => sum + (value - mean) ** 2, 0) / plane.length);
  const scale = deviation > 0 ? SPREAD / deviation : 0;
  return Float32Array.from(plane, (value) => Math.min(WHITE, Math.max(0, (value - mean) * scale + MIDDLE)));
}
