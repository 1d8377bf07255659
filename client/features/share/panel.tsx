import { useSignal } from "@preact/signals";
import { Copy, Eye, RefreshCw, Smartphone, Square } from "lucide-preact";
import type { Page } from "../../app/page.ts";
import type { Shared } from "../../live/session.ts";
import { reachableOrigin, showLink } from "./links.ts";
import { QrCode } from "./qr_code.tsx";

/** The view "Watch": lets others follow on their own devices, and steer from a phone. */
export function Drawer({ page }: { readonly page: Page }) {
  const { show } = page;
  if (!show.on.value) return <Invitation page={page} />;
  const shared = show.shared.value;
  return shared === null
    ? <p class="muted" role="status">Waiting for the server…</p>
    : <Running page={page} shared={shared} />;
}

function Invitation({ page }: { readonly page: Page }) {
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
      <button
        type="button"
        class="button primary"
        data-testid="show-start"
        onClick={() => page.show.start()}
      >
        <Eye aria-hidden="true" /> Let others watch
      </button>
    </div>
  );
}

function Running({ page, shared }: { readonly page: Page; readonly shared: Shared }) {
  const { watch, remote, watchers, addresses } = shared;
  const steering = useSignal(false);
  const reachable = reachableOrigin(location.origin, addresses);
  if (watch === null || remote === null) return null;
  const origin = reachable ?? location.origin;
  const use = steering.value ? "remote" : "watch";
  const link = showLink(origin, use, steering.value ? remote : watch);
  return (
    <div class="show">
      <p class="show-count" data-testid="show-count">
        {watchers === 0
          ? "Nobody watches yet"
          : watchers === 1
          ? "1 person watches"
          : `${watchers} people watch`}
      </p>
      {reachable === null && (
        <p class="note-line" data-testid="show-local">
          Only this computer reaches the server. Start it with <code>--host 0.0.0.0</code>{" "}
          to let phones in the same network watch.
        </p>
      )}
      <div class="show-uses" role="group" aria-label="What the code is for">
        <button
          type="button"
          class="button"
          aria-pressed={!steering.value}
          onClick={() => steering.value = false}
        >
          <Eye aria-hidden="true" /> Watch
        </button>
        <button
          type="button"
          class="button"
          aria-pressed={steering.value}
          data-testid="show-remote"
          onClick={() => steering.value = true}
        >
          <Smartphone aria-hidden="true" /> Remote
        </button>
      </div>
      <QrCode text={link} label={`QR code of the ${use} link`} />
      {steering.value && (
        <p class="note-line">Whoever scans this can steer your page. Show it to your own phone only.</p>
      )}
      <div class="show-link">
        <input type="text" readOnly value={link} aria-label={`The ${use} link`} data-testid={`${use}-link`} />
        <button
          type="button"
          class="icon-button"
          aria-label="Copy the link"
          title="Copy the link"
          onClick={() => copy(page, link)}
        >
          <Copy aria-hidden="true" />
        </button>
      </div>
      <div class="show-actions">
        <button type="button" class="button" data-testid="show-renew" onClick={() => page.show.renew()}>
          <RefreshCw aria-hidden="true" /> New links
        </button>
        <button type="button" class="button" data-testid="show-stop" onClick={() => page.show.stop()}>
          <Square aria-hidden="true" /> Stop
        </button>
      </div>
      <p class="muted small">New links send everybody away who has the old ones.</p>
    </div>
  );
}

function copy({ toasts }: Page, link: string): void {
  navigator.clipboard?.writeText(link).then(
    () => toasts.say("The link is copied."),
    () => toasts.say(`The browser does not let the page copy. The link is ${link}`),
  );
}
