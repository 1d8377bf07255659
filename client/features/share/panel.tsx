/** The panel "Share": lets others follow on their own devices, and steer from a phone. */
import { useSignal } from "@preact/signals";
import { Copy, Eye, RefreshCw, Smartphone, Square } from "lucide-preact";
import type { Toasts } from "../../ui/toasts.ts";
import { reachableOrigin, showLink } from "./links.ts";
import type { Share, Shared } from "./model.ts";
import { QrCode } from "./qr_code.tsx";

/** What the panel needs. */
export interface SharePanelPorts {
  readonly share: Share;
  readonly say: Toasts["say"];
}

/** The panel's content. */
export function Panel({ share, say }: SharePanelPorts) {
  if (!share.on.value) return <Invitation reachable={share.reachable.value} onStart={() => share.start()} />;
  const shared = share.shared.value;
  return shared === null
    ? <p class="muted" role="status">Waiting for the server…</p>
    : <Running share={share} shared={shared} say={say} />;
}

function Invitation(
  { reachable, onStart }: { readonly reachable: boolean; readonly onStart: () => void },
) {
  return (
    <div class="show">
      <p>
        Let others follow on their own devices: your picture, the heatmap and what the network says, as you
        see them. They cannot change anything, and cost the engine nothing.
      </p>
      <p class="muted small">
        Whoever has the link sees what your camera sees, until you stop. A second link turns your phone into a
        remote.
      </p>
      {!reachable && <Unreachable />}
      <button type="button" class="button primary" data-testid="show-start" onClick={onStart}>
        <Eye aria-hidden="true" /> Let others watch
      </button>
    </div>
  );
}

/** Said here, before somebody presents: on the stage the audience would read it. */
function Unreachable() {
  return (
    <p class="note-line" data-testid="show-local">
      Only this computer reaches the server, so present mode offers no code for phones. Start it with{" "}
      <code>--host 0.0.0.0</code> to let phones in the same network watch.
    </p>
  );
}

/** What a link is for. */
type LinkUse = "watch" | "remote";

function Running({ share, shared, say }: SharePanelPorts & { readonly shared: Shared }) {
  const { watch, remote, watchers, addresses } = shared;
  const chosen = useSignal<LinkUse>("watch");
  if (watch === null || remote === null) return null;
  const reachable = reachableOrigin(location.origin, addresses);
  const use = chosen.value;
  const link = showLink(reachable ?? location.origin, use, use === "remote" ? remote : watch);
  return (
    <div class="show">
      <p class="show-count" data-testid="show-count">{countWords(watchers)}</p>
      {reachable === null && <Unreachable />}
      <UseButtons use={use} onChoose={(next) => chosen.value = next} />
      <QrCode text={link} label={`QR code of the ${use} link`} />
      {use === "remote" && (
        <p class="note-line">Whoever scans this can steer your page. Show it to your own phone only.</p>
      )}
      <LinkField use={use} link={link} say={say} />
      <div class="show-actions">
        <button type="button" class="button" data-testid="show-renew" onClick={() => share.renew()}>
          <RefreshCw aria-hidden="true" /> New links
        </button>
        <button type="button" class="button" data-testid="show-stop" onClick={() => share.stop()}>
          <Square aria-hidden="true" /> Stop
        </button>
      </div>
      <p class="muted small">New links send everybody away who has the old ones.</p>
    </div>
  );
}

function UseButtons(
  { use, onChoose }: { readonly use: LinkUse; readonly onChoose: (use: LinkUse) => void },
) {
  return (
    <div class="show-uses" role="group" aria-label="What the code is for">
      <button type="button" class="button" aria-pressed={use === "watch"} onClick={() => onChoose("watch")}>
        <Eye aria-hidden="true" /> Watch
      </button>
      <button
        type="button"
        class="button"
        aria-pressed={use === "remote"}
        data-testid="show-remote"
        onClick={() => onChoose("remote")}
      >
        <Smartphone aria-hidden="true" /> Remote
      </button>
    </div>
  );
}

function LinkField(
  { use, link, say }: { readonly use: LinkUse; readonly link: string; readonly say: Toasts["say"] },
) {
  const copy = () =>
    void navigator.clipboard?.writeText(link).then(
      () => say("The link is copied."),
      () => say(`The browser does not let the page copy. The link is ${link}`),
    );
  return (
    <div class="show-link">
      <input type="text" readOnly value={link} aria-label={`The ${use} link`} data-testid={`${use}-link`} />
      <button
        type="button"
        class="icon-button"
        aria-label="Copy the link"
        title="Copy the link"
        onClick={copy}
      >
        <Copy aria-hidden="true" />
      </button>
    </div>
  );
}

function countWords(watchers: number): string {
  if (watchers === 0) return "Nobody watches yet";
  return watchers === 1 ? "1 person watches" : `${watchers} people watch`;
}
