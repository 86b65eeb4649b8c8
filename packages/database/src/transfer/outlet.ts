import { finished, type Writable } from "node:stream";

/** A stream that is written to no faster than it takes. */
export class Outlet {
  readonly #to: Writable;
  readonly #signal: AbortSignal | undefined;
  #failure: { readonly error: unknown } | undefined;
  readonly #stopWatching: () => void;
  bytes = 0;

  constructor(to: Writable, signal: AbortSignal | undefined) {
    this.#to = to;
    this.#signal = signal;
    this.#stopWatching = finished(to, { readable: false }, (error) => {
      this.#failure ??= { error };
    });
  }

  /** Throws the stream's error, or the signal's reason. */
  async write(text: string): Promise<void> {
    this.#check();
    const bytes = Buffer.from(text);
    this.bytes += bytes.byteLength;
    if (!this.#to.write(bytes)) await this.#until("drain");
  }

  /** Ends the stream, and waits until it has taken everything. */
  async end(): Promise<void> {
    this.#check();
    const ended = this.#until("finish");
    this.#to.end();
    await ended;
    this.#stopWatching();
  }

  /** Whoever reads the stream is not to take what there is for all. */
  destroy(error: unknown): void {
    this.#to.destroy(error instanceof Error ? error : undefined);
  }

  #check(): void {
    this.#signal?.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure.error ?? closedEarly();
  }

  #until(event: "drain" | "finish"): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => reject(this.#signal?.reason);
    const stop = finished(this.#to, { readable: false }, (error) => {
      if (error == null && event === "finish") resolve();
      else reject(error ?? closedEarly());
    });
    this.#to.once(event, resolve);
    this.#signal?.addEventListener("abort", abort, { once: true });
    return promise.finally(() => {
      stop();
      this.#to.off(event, resolve);
      this.#signal?.removeEventListener("abort", abort);
    });
  }
}

/** What Node says of a stream that was closed before its end. */
function closedEarly(): Error {
  return new DOMException("The stream that is exported to was closed.", "AbortError");
}
