import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { logits } from "../../ui/format.ts";
import type { Enlarged } from "../../stage/enlarged.ts";
import { ChannelThumb } from "./channel_thumb.tsx";
import type { Drawing, DrawingStage } from "./drawing.ts";
import { placeOfKey } from "./drawing_keys.ts";
import { type DrawingLayout, layOut, THUMB_PX } from "./drawing_layout.ts";
import { DrawnLines } from "./drawn_lines.tsx";
import { shareDrawn } from "./drawing.ts";

/** Properties of the picture. */
export interface NetworkPictureProps {
  readonly drawing: Drawing;
  /** Name of the class, or null where none is drawn for. */
  readonly target: string | null;
  /** The channel that lies over the picture, or null. */
  readonly enlarged: Enlarged | null;
  readonly onToggle: (layer: string, channel: number) => void;
}

/** The network as it flows: thumbnails of the strongest channels, stage by stage, and lines between them. */
export function NetworkPicture({ drawing, target, enlarged, onToggle }: NetworkPictureProps) {
  const host = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  const focused = useSignal({ stage: 0, row: 0 });
  useLayoutEffect(() => {
    if (host.current === null) return;
    const observer = new ResizeObserver(([entry]) => width.value = Math.floor(entry?.contentRect.width ?? 0));
    observer.observe(host.current);
    return () => observer.disconnect();
  }, []);
  const rows = drawing.stages.map((stage) => stage.rows.length);
  const layout = layOut(width.value, rows);
  const { stage: last, row: lastRow } = focused.value;
  const current = {
    stage: Math.min(last, rows.length - 1),
    row: Math.min(lastRow, (rows[Math.min(last, rows.length - 1)] ?? 1) - 1),
  };

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const place = placeOfKey(event.key, current, { rows, flow: layout.flow });
    if (place === null) return;
    event.preventDefault();
    event.stopPropagation();
    focused.value = place;
    const { stage, row } = place;
    host.current?.querySelector<HTMLElement>(`[data-place='${stage} ${row}']`)?.focus();
  }

  return (
    <div
      ref={host}
      class="network-picture"
      role="group"
      aria-label={`The network, ${drawing.stages.length} stages from the picture to ${target ?? "the class"}`}
      data-flow={layout.flow}
      data-testid="network-picture"
      style={{ height: `${layout.height}px` }}
      onKeyDown={onKeyDown}
    >
      <DrawnLines drawing={drawing} layout={layout} enlarged={enlarged} />
      {drawing.stages.map((stage, at) => (
        <Stage
          key={stage.layer}
          {...{ drawing, stage, at, layout, current, enlarged, onToggle }}
          onFocus={(row) => focused.value = { stage: at, row }}
        />
      ))}
      <p class="network-target" style={placed(layout.target)}>{target ?? "the class"}</p>
    </div>
  );
}

interface StageProps {
  readonly drawing: Drawing;
  readonly stage: DrawingStage;
  readonly at: number;
  readonly layout: DrawingLayout;
  /** The place that has the focus, or would have it. */
  readonly current: { readonly stage: number; readonly row: number };
  readonly enlarged: Enlarged | null;
  readonly onToggle: (layer: string, channel: number) => void;
  readonly onFocus: (row: number) => void;
}

function Stage({ drawing, stage, at, layout, current, enlarged, onToggle, onFocus }: StageProps) {
  const { layer, height, width, rows, channels } = stage;
  const place = layout.names[at] ?? { x: 0, y: 0 };
  const share = `${Math.round(shareDrawn(stage) * 100)} %`;
  return (
    <>
      <p
        class="network-name"
        style={{ ...placed(place), ...(layout.flow === "across" ? { width: `${THUMB_PX + 14}px` } : {}) }}
        title={`${layer}: ${rows.length} of ${channels} channels are drawn; they hold ${share} of what all of them add`}
      >
        <span class="number">{height}×{width}</span>
        <span class="number muted">{share}</span>
      </p>
      {rows.map((row, index) => (
        <button
          key={index}
          type="button"
          class="network-channel"
          style={placed(layout.thumbs[at]?.[index] ?? place)}
          data-place={`${at} ${index}`}
          data-negative={row.value < 0}
          aria-pressed={enlarged?.layer === layer && enlarged.channel === row.channel}
          aria-label={labelOf(drawing, at, index)}
          title={`Channel ${row.channel}: ${valueText(drawing, row.value)}`}
          tabIndex={current.stage === at && current.row === index ? 0 : -1}
          onFocus={() => onFocus(index)}
          onClick={() => onToggle(layer, row.channel)}
        >
          <ChannelThumb
            key={row.channel}
            tile={row.tile}
            width={stage.tileWidth}
            height={stage.tileHeight}
          />
        </button>
      ))}
    </>
  );
}

function placed({ x, y }: { readonly x: number; readonly y: number }) {
  return { left: `${x}px`, top: `${y}px` };
}

/** What a screen reader says of a channel: where it is, what it adds, and where most of that came from. */
function labelOf(drawing: Drawing, at: number, index: number): string {
  const stage = drawing.stages[at];
  const row = stage?.rows[index];
  if (stage === undefined || row === undefined) return "";
  const own = `Stage ${at + 1}, channel ${row.channel} of ${stage.layer}, ${valueText(drawing, row.value)}`;
  const before = drawing.stages[at - 1];
  const into = before?.lines.map((lines) => lines[index] ?? 0) ?? [];
  const most = into.reduce((best, line, from) => Math.abs(line) > Math.abs(into[best] ?? 0) ? from : best, 0);
  const from = before?.rows[most];
  if (from === undefined || into.length === 0) return own;
  return `${own}; most from channel ${from.channel} of the stage before, ${signed(into[most] ?? 0)}`;
}

function valueText({ measure }: Drawing, value: number): string {
  return measure === "contribution" ? `${signed(value)} logits` : `mean ${logits(value)}`;
}

function signed(value: number): string {
  return value > 0 ? `+${logits(value)}` : logits(value);
}
