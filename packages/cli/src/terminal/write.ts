import type { Output } from "./terminal.ts";

/**
 * Writes a text and resolves once the stream has let go of it, so that a process may end then; with the error where it
 * could not be written.
 */
export function write(stream: Output, text: string): Promise<Error | undefined> {
  if (text === "") return Promise.resolve(undefined);
  return new Promise((resolve) => stream.write(text, (error) => resolve(error ?? undefined)));
}

/** Tells whether it was not the writing that failed: whoever read went away. */
export function isReaderAway(error: Error): boolean {
  return ["EPIPE", "EIO"].includes((error as NodeJS.ErrnoException).code ?? "");
}
