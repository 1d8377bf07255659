/** Activation grids (Yosinski et al. 2015, https://arxiv.org/abs/1506.06579): what each channel of a layer sees. */
import { GradcastError } from "../../../shared/errors.ts";
import { CHANNELS_PER_PAGE, CHANNELS_PER_ROW } from "../../../shared/inside.ts";
import { channelTiles } from "./channel_tiles.ts";
import { layerProbe, layerRow } from "../rows/layer_row.ts";
import { checkTargetLayers, targetLayers } from "../cam/target_layers.ts";
import { GREY_LEVEL } from "../raw_values.ts";
import type { Attribution, Method } from "../method.ts";

/** Most pages of any layer. */
const MAX_PAGES = 256;

/**
 * Raw map: a grid of one tile of H'×W' for each channel of a page, 16 in a row, `[rows·H', 16·W']`, 0…255:
 * (a − mean)/standard deviation·64 + 128, clipped, with the channel's own mean and standard deviation; a channel that is the same
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
  cost: 1,
  withoutGradients: true,
  values: GREY_LEVEL,
  sampling: null,
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
    const widths = model.layers.filter(({ shape, unplaced = false }) => shape.length === 3 && !unplaced).map((
      { shape },
    ) => shape.at(-1) ?? 0);
    checkPage(Number(options["page"]), Math.max(...widths), "the widest layer");
  },
  first: (context) => layerProbe(context, null),
  *attribute(context): Attribution {
    const { classIndex, activation } = yield* layerRow(context);
    const { height, width, channels } = activation;
    const page = Number(context.options["page"]);
    const { first, shown } = pageOf(page, channels, context.layer);
    const grid = {
      height: Math.ceil(shown / CHANNELS_PER_ROW) * height,
      width: CHANNELS_PER_ROW * width,
    };
    const tiles = channelTiles(activation, first, shown);
    const values = new Float32Array(grid.height * grid.width);
    for (let index = 0; index < shown; index++) {
      const tile = tiles.subarray(index * height * width, (index + 1) * height * width);
      const top = Math.floor(index / CHANNELS_PER_ROW) * height;
      const left = index % CHANNELS_PER_ROW * width;
      for (let row = 0; row < height; row++) {
        values.set(tile.subarray(row * width, (row + 1) * width), (top + row) * grid.width + left);
      }
    }
    return { classIndex, layer: context.layer, ...grid, values };
  },
};

/** One page of a layer. */
export interface ChannelPage {
  readonly pages: number;
  /** First channel of the page, and how many follow. */
  readonly first: number;
  readonly shown: number;
}

/**
 * Finds a page, 1 or more, of a layer with this many channels.
 *
 * @throws GradcastError `bad-option`
 */
export function pageOf(page: number, channels: number, layer: string): ChannelPage {
  checkPage(page, channels, layer);
  const first = (page - 1) * CHANNELS_PER_PAGE;
  return {
    pages: Math.ceil(channels / CHANNELS_PER_PAGE),
    first,
    shown: Math.min(CHANNELS_PER_PAGE, channels - first),
  };
}

function checkPage(page: number, channels: number, layer: string): void {
  const pages = Math.ceil(channels / CHANNELS_PER_PAGE);
  if (page <= pages) return;
  throw new GradcastError(
    "bad-option",
    `Cannot set the option 'page': ${layer} has ${channels} channels, that is ${pages} ${
      pages === 1 ? "page" : "pages"
    }, got ${page}`,
  );
}
