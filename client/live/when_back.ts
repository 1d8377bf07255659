/** Calls `act` when the network is back and when the tab shows again, until `signal` aborts (K2). */
export function whenBack(act: () => void, signal: AbortSignal): void {
  addEventListener("online", act, { signal });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") act();
  }, { signal });
}
