import { plainText } from "./plain-text.ts";
import type { Terminal } from "./terminal.ts";

/** Tells that something goes on, once it has taken a second. */
export interface Progress {
  /** What is being done now, such as `3/200 acme`. */
  tell(text: string): void;
  /** Leaves the screen to a question. */
  pause(): void;
  resume(): void;
  end(): void;
}

/**
 * Shows a line that moves on a terminal, and elsewhere a line after a second and then every ten, on stderr, so that stdout
 * has nothing but what was asked for. It leaves the keyboard alone: Ctrl-C stays a signal.
 */
export function showProgress(terminal: Terminal, label: string): Progress {
  const { stderr, redact } = terminal;
  const isScreen = stderr.isTTY === true;
  let said = "";
  let frame = 0;
  let timer = setTimeout(begin, afterMs);

  function begin(): void {
    write();
    timer = setInterval(write, isScreen ? frameMs : everyMs);
  }

  function write(): void {
    const message = redact(plainText(said === "" ? label : `${label} ${said}`));
    if (!isScreen) return void stderr.write(`${message} ...\n`);
    const shown = message.slice(0, Math.max((stderr.columns ?? 80) - 3, 10));
    stderr.write(`\r\u001b[2K${frames[frame++ % frames.length]} ${shown}`);
  }

  function pause(): void {
    clearInterval(timer);
    if (isScreen && frame > 0) stderr.write("\r\u001b[2K");
    frame = 0;
  }

  return {
    tell(text) {
      said = text;
    },
    pause,
    resume() {
      timer = setTimeout(begin, afterMs);
    },
    end: pause,
  };
}

/** Shows nothing. */
export const noProgress: Progress = Object.freeze({
  tell: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
  end: () => undefined,
});

const frames: readonly string[] = Object.freeze(["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]);
const frameMs = 100;
const afterMs = 1_000;
const everyMs = 10_000;
