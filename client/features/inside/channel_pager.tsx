import { ChevronLeft, ChevronRight } from "lucide-preact";

/** Properties of the pager. */
export interface ChannelPagerProps {
  /** First and last channel that are shown, of how many. */
  readonly first: number;
  readonly last: number;
  readonly channels: number;
  /** The page that is shown, from 1, of how many. */
  readonly page: number;
  readonly pages: number;
  readonly onTurn: (page: number) => void;
}

/** Which channels are shown, and the way to the others. */
export function ChannelPager({ first, last, channels, page, pages, onTurn }: ChannelPagerProps) {
  return (
    <div class="pager">
      <span class="number" role="status" data-testid="channel-range">
        Channels {first}–{last} of {channels}
      </span>
      {pages > 1 && (
        <span class="pager-buttons">
          <button
            type="button"
            class="icon-button"
            aria-label="Previous channels"
            disabled={page <= 1}
            onClick={() => onTurn(page - 1)}
          >
            <ChevronLeft aria-hidden="true" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label="Next channels"
            disabled={page >= pages}
            onClick={() => onTurn(page + 1)}
          >
            <ChevronRight aria-hidden="true" />
          </button>
        </span>
      )}
    </div>
  );
}
