/** `GET /healthz`: how the server is, at once, from what is known (PROTOCOL.md, Z). */
import type { Handler } from "hono";
import { PROTOCOL_VERSION } from "../../shared/limits.ts";
import { VERSION } from "../../shared/version.ts";
import type { Engine } from "../engine/port.ts";
import { type Health, type HealthSource, summarise } from "../health/mod.ts";
import type { LoopDelay } from "./loop_delay.ts";

/** Without an engine for longer than this the server cannot serve, in ms. */
const DOWN_MS = 5_000;

/** The server counts as degraded for this long after its engine was replaced, in ms. */
const REMEMBERED_MS = 60_000;

/** What the answer is made of. */
export interface HealthParts {
  readonly sources: readonly HealthSource[];
  readonly loopDelay: LoopDelay;
  /** How long no engine has been running, in ms; 0 while one is. */
  readonly downMs: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Answers from what the parts know; nothing is awaited. */
export function healthRoute({ sources, loopDelay, downMs, now }: HealthParts): Handler {
  const instance = crypto.randomUUID();
  const startedMs = Date.now();
  const begunMs = now();
  return function healthRouteHandler(context) {
    const { reasons, figures } = summarise(sources);
    const down = downMs() > DOWN_MS;
    const status = down ? "down" : reasons.length === 0 ? "ok" : "degraded";
    const body = {
      status,
      reasons,
      instance,
      startedMs,
      uptimeMs: Math.round(now() - begunMs),
      version: VERSION,
      protocol: PROTOCOL_VERSION,
      loopDelayMs: loopDelay.read(),
      ...figures,
    };
    context.header("cache-control", "no-store");
    return context.json(body, down ? 503 : 200);
  };
}

/** An engine, as a part that `/healthz` asks. */
export function engineSource(engine: Pick<Engine, "vitals">): HealthSource {
  return {
    name: "engine",
    health(): Health {
      const { restarts, lastRestart, downMs, stats } = engine.vitals();
      const { ageMs, ...newest } = stats ?? { ageMs: null };
      const figures = {
        restarts,
        lastRestartAgoMs: lastRestart === null ? null : Math.round(lastRestart.agoMs),
        downMs: Math.round(downMs),
        statsAgeMs: ageMs === null ? null : Math.round(ageMs),
        ...newest,
      };
      if (downMs > 0) return { ok: false, reason: "engine-restarting", figures };
      return lastRestart !== null && lastRestart.agoMs < REMEMBERED_MS
        ? { ok: false, reason: "engine-restarted", figures }
        : { ok: true, figures };
    },
  };
}
