import { plainText } from "./plain-text.ts";
import type { TaskList } from "./task-list.ts";
import type { Terminal } from "./terminal.ts";

/** Tells that something goes on, once it has taken a second. */
export interface Progress {
  /** What is being done now, such as `3/200 acme`. */
  tell(text: string): void;
  /** Tells beside it what goes on at the same time, each under a name of its own such as a slug. */
  begin(name: string, text?: string): void;
  done(name: string): void;
  /** Leaves the screen to a question; settles when it is clear. */
  pause(): Promise<void>;
  resume(): void;
  end(): Promise<void>;
}

/**
 * Shows a list of tasks that move on a terminal, and elsewhere a line after a second and then every ten, on stderr, so that
 * stdout has nothing but what was asked for. It leaves the keyboard alone: Ctrl-C stays a signal.
 */
export function showProgress(terminal: Terminal, label: string): Progress {
  const { stderr, redact } = terminal;
  const isScreen = stderr.isTTY === true;
  const running = new Map<string, string>();
  let said = label;
  let list: Promise<TaskList> | undefined;
  let timer = setTimeout(begin, afterMs);

  function begin(): void {
    if (isScreen)
      list = import("./task-list.ts").then(({ showTaskList }) => showTaskList(terminal));
    write();
    timer = setInterval(write, isScreen ? frameMs : everyMs);
  }

  function write(): void {
    const texts = [said, ...running.values()].map((text) => redact(plainText(text)));
    if (list !== undefined) void list.then(({ show }) => show(texts));
    else
      stderr.write(
        `${[...texts.slice(0, mostTold), ...countOf(texts.length - mostTold)].join("  ")} ...\n`,
      );
  }

  async function pause(): Promise<void> {
    clearInterval(timer);
    const shown = list;
    list = undefined;
    await (await shown)?.clear();
  }

  return {
    tell(text) {
      said = `${label} ${text}`;
    },
    begin(name, text = name) {
      running.set(name, text);
    },
    done(name) {
      running.delete(name);
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
  begin: () => undefined,
  done: () => undefined,
  pause: async () => undefined,
  resume: () => undefined,
  end: async () => undefined,
});

function countOf(untold: number): readonly string[] {
  return untold > 0 ? [`+ ${untold}`] : [];
}

const mostTold = 10;
const frameMs = 100;
const afterMs = 1_000;
const everyMs = 10_000;
