/** A listener for tests. */
import { listen, type Listener, type ListenOptions } from "../listener.ts";

/** A listener on a free port that ends with the test. */
export interface TestListener extends Listener, AsyncDisposable {
  /** What it received. */
  readonly faults: unknown[];
}

/** Listens with these options. */
export function listenForTest(
  answer: ListenOptions["answer"],
  options: Partial<ListenOptions> = {},
): TestListener {
  const faults: unknown[] = [];
  const listener = listen({
    host: "127.0.0.1",
    port: 0,
    answer,
    onFault: (fault) => faults.push(fault),
    ...options,
  });
  return {
    port: listener.port,
    faults,
    get connections() {
      return listener.connections;
    },
    close: () => listener.close(),
    [Symbol.asyncDispose]: () => listener.close(),
  };
}
