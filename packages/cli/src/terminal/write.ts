import type { Output } from "./terminal.ts";

/** Writes a text and resolves once the stream has let go of it, so that a process may end then. */
export function write(stream: Output, text: string): Promise<void> {
  if (text === "") return Promise.resolve();
  return new Promise((resolve) => stream.write(text, () => resolve()));
}
