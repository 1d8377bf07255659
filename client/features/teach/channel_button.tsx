import { Layers, Sparkles } from "lucide-preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Why } from "../../../shared/teach_wire.ts";
import { MapCanvas } from "../../map/map_canvas.ts";
import { displayRange } from "../../../shared/display_range.ts";
import { extentProperty } from "../../../shared/map_extent.ts";
import type { WhyModel } from "./why_model.ts";

/** Properties of the button. */
export interface ChannelButtonProps {
  readonly model: WhyModel;
  readonly channel: number;
  readonly why: Why | null;
}

/** A channel, small as it answers to the picture of now: a press shows it over the picture, another one what it likes to see. */
export function ChannelButton({ model, channel, why }: ChannelButtonProps) {
  const shown = model.channel === channel;
  const layer = model.head.value?.layer ?? null;
  if (layer === null) return null;
  return (
    <span class="channel-buttons">
      <button
        type="button"
        class="button"
        aria-label={`Show channel ${channel} over the picture`}
        title={shown ? "Show the heatmap again" : "Show it over the picture"}
        aria-pressed={shown}
        data-testid={`channel-${channel}`}
        onClick={() => model.toggleChannel(channel)}
      >
        <Thumbnail channel={channel} why={why} />
      </button>
      <button
        type="button"
        class="button"
        aria-label={`What channel ${channel} likes to see`}
        title="What it likes to see"
        data-testid={`likes-${channel}`}
        onClick={() => model.visualise(channel)}
      >
        <Sparkles aria-hidden="true" />
      </button>
    </span>
  );
}

function Thumbnail({ channel, why }: Pick<ChannelButtonProps, "channel" | "why">) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<MapCanvas | null>(null);
  const map = why?.channels.find((one) => one.channel === channel);
  useLayoutEffect(() => {
    if (canvas.current === null || map === undefined) return;
    drawn.current ??= new MapCanvas(canvas.current);
    const values = Float32Array.from(map.values);
    const signed = values.some((value) => value < 0);
    const range = displayRange(values, { signed, zero: "nothing", range: null });
    if (range === null) return drawn.current.clear();
    const plane = { height: map.height, width: map.width, values, ...extentProperty(why?.extent) };
    drawn.current.draw(plane, null, { colormap: signed ? "diverging" : "viridis", signed, floor: 0, range });
  }, [map]);
  return map === undefined
    ? <Layers aria-hidden="true" />
    : <canvas ref={canvas} class="channel-thumbnail" aria-hidden="true" />;
}
