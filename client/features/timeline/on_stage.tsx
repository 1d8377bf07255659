/** What lies on the stage while an earlier moment is looked at. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { History, Radio, Snowflake } from "lucide-preact";
import type { TimelineModel } from "./model.ts";
import { agoWords, saidWords } from "./words.ts";

/** Over the square: the moment's picture with its map. */
export function MomentLayer({ model }: { readonly model: TimelineModel }) {
  const host = useRef<HTMLDivElement>(null);
  const isShown = model.looked.value !== null;
  useLayoutEffect(() => host.current?.replaceChildren(model.view.canvas), [isShown]);
  return isShown ? <div class="moment-host" ref={host} data-testid="moment" /> : null;
}

/** On the picture: when it was, what the network said then, and what to do with it. */
export function MomentNote({ model }: { readonly model: TimelineModel }) {
  const looked = model.looked.value;
  const held = model.held.value;
  const moment = looked?.moment ?? held;
  if (moment === null) return null;
  const ago = agoWords(model.nowMs - moment.atMs);
  return (
    <div class="moment-note" data-testid="moment-note">
      <span class="moment-words">
        <History aria-hidden="true" />
        <span>
          {ago === "now" ? "A moment ago" : ago}: {saidWords(moment)}
          {looked !== null && ` · ${moment.seen.methodName}`}
        </span>
      </span>
      {(looked === null || looked.pinned) && (
        <span class="moment-buttons">
          {looked !== null && (
            <button
              type="button"
              class="button"
              title="Freeze this picture, so that every method can explain it"
              data-testid="moment-freeze"
              onClick={() => void model.freeze()}
            >
              <Snowflake aria-hidden="true" /> Explain again
            </button>
          )}
          <button type="button" class="button" data-testid="moment-live" onClick={() => model.live()}>
            <Radio aria-hidden="true" /> Live
          </button>
        </span>
      )}
    </div>
  );
}
