import type { Redact } from "./redactor.ts";

/** Where a command reads and writes. */
export interface Terminal {
  /** Somebody can be asked: keyboard and screen are a terminal, and neither a script nor CI is in between. */
  readonly isInteractive: boolean;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly redact: Redact;
  /** From now on what the application prints goes to stderr, and stdout is the command's own. */
  readonly keepStdout?: () => void;
  /** From now on what the application prints to the screen goes to `print`, until the function that it gives is called. */
  readonly divert?: (print: (chunk: string | Uint8Array) => void) => () => void;
  /** From now on nothing that the application prints is seen. */
  readonly silence?: () => void;
  /** From now on the error is told where the process ends before its command does. */
  readonly expectEnd?: (error: () => Error) => void;
}

/** A stream that text goes to. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}
