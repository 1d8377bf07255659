import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { CHANNELS_PER_PAGE, CHANNELS_PER_ROW } from "../../../shared/inside.ts";
import { channelOfKey, channelRows } from "./grid_keys.ts";

/** Properties of the cells. */
export interface ChannelCellsProps {
  /** Name of the layer, for screen readers. */
  readonly layer: string;
  /** Channels of the layer. */
  readonly channels: number;
  /** The first channel of the page, and how many the page has. */
  readonly first: number;
  readonly shown: number;
  /** The channel that lies over the picture, or null. */
  readonly selected: number | null;
  readonly onToggle: (channel: number) => void;
  /** The focus moves to a channel that may be on another page; pages count from 1. */
  readonly onPage: (page: number) => void;
}

/** A cell to choose over each channel of the picture; arrow keys move from one to the next. */
export function ChannelCells(
  { layer, channels, first, shown, selected, onToggle, onPage }: ChannelCellsProps,
) {
  const host = useRef<HTMLDivElement>(null);
  const focused = useSignal(0);
  const current = Math.min(Math.max(focused.value, first), first + shown - 1);

  function focus(channel: number): void {
    if (channel < 0 || channel >= channels) return;
    focused.value = channel;
    onPage(Math.floor(channel / CHANNELS_PER_PAGE) + 1);
    // The cells of another page are there after the next drawing.
    requestAnimationFrame(() =>
      host.current?.querySelector<HTMLElement>(`[data-channel='${channel}']`)?.focus({ preventScroll: false })
    );
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey) return;
    const next = channelOfKey(event, { current, first, shown, channels });
    if (next !== null) focus(next);
    else if (event.key === "Enter" || event.key === " ") onToggle(current);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const choose = (channel: number) => {
    focused.value = channel;
    onToggle(channel);
  };
  const rows = useMemo(
    () => <Rows {...{ first, shown, current, selected }} onChoose={choose} />,
    [first, shown, current, selected],
  );
  return (
    <div
      ref={host}
      class="grid-cells"
      role="grid"
      aria-label={`Channels of ${layer}`}
      aria-rowcount={Math.ceil(channels / CHANNELS_PER_ROW)}
      aria-colcount={CHANNELS_PER_ROW}
      onKeyDown={onKeyDown}
      onFocusIn={({ target }) => {
        // Screen readers move the focus by themselves.
        const channel = target instanceof HTMLElement ? target.dataset["channel"] : undefined;
        if (channel !== undefined) focused.value = Number(channel);
      }}
    >
      {rows}
    </div>
  );
}

function Rows({ first, shown, current, selected, onChoose }: {
  readonly first: number;
  readonly shown: number;
  readonly current: number;
  readonly selected: number | null;
  readonly onChoose: (channel: number) => void;
}) {
  return (
    <>
      {channelRows(first, shown).map((row, at) => (
        <div key={at} role="row" class="cells" aria-rowindex={first / CHANNELS_PER_ROW + at + 1}>
          {row.map((channel) => (
            <div
              key={channel}
              role="gridcell"
              class="cell"
              data-channel={channel}
              aria-label={`Channel ${channel}`}
              aria-selected={channel === selected}
              title={`Channel ${channel}`}
              tabIndex={channel === current ? 0 : -1}
              onClick={() => onChoose(channel)}
            />
          ))}
        </div>
      ))}
    </>
  );
}
