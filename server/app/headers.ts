import type { MiddlewareHandler } from "hono";

/** `'self'` covers the WebSocket of the same host and port in every browser that Gradcast supports. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Headers of every answer: no inline script, no framing, the camera for this page alone. */
export function securityHeaders(): MiddlewareHandler {
  return async function securityHeadersMiddleware(context, next) {
    await next();
    const { headers } = context.res;
    // A report has its own policy, which is narrower still.
    if (!headers.has("content-security-policy")) {
      headers.set("content-security-policy", CONTENT_SECURITY_POLICY);
    }
    headers.set("x-content-type-options", "nosniff");
    headers.set("referrer-policy", "no-referrer");
    headers.set("x-frame-options", "DENY");
    headers.set("cross-origin-opener-policy", "same-origin");
    headers.set("cross-origin-resource-policy", "same-origin");
    headers.set("permissions-policy", "camera=(self), microphone=(self), geolocation=(), display-capture=()");
  };
}
