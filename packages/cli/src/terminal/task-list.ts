import { DefaultRenderer, Listr, ListrLogger, ProcessOutput } from "listr2";
import type { Output, Terminal } from "./terminal.ts";

/** A list of tasks on a screen. */
export interface TaskList {
  /** Tells what is being done: the first of all, those below it side by side. The last ones are counted where they are many. */
  show(texts: readonly string[]): void;
  /** Leaves nothing of it on the screen. */
  clear(): Promise<void>;
}

/** Draws on stderr what is going on, below whatever the application prints meanwhile; who draws does none of it. */
export function showTaskList({ stderr, divert }: Pick<Terminal, "stderr" | "divert">): TaskList {
  const { promise: end, resolve: clear } = Promise.withResolvers<void>();
  const screen = screenOf(stderr);
  let drawn = "";

  class ScreenRenderer extends DefaultRenderer {
    // Stdout may be a pipe: the screen is where progress goes.
    static override nonTTY = true;

    override create(options?: Parameters<DefaultRenderer["create"]>[0]): string {
      drawn = super.create(options);
      return drawn;
    }
  }

  const rows = Array.from({ length: most }, () => ({ title: "", task: () => end }));
  const list = new Listr(rows, {
    concurrent: true,
    renderer: ScreenRenderer,
    rendererOptions: {
      logger: new ListrLogger({ processOutput: new ProcessOutput(screen, screen) }),
      ...{ clearOutput: true, formatOutput: "truncate" },
    },
    registerSignalListeners: false,
  });
  const { write } = screen;
  const restore = divert?.((chunk) => {
    const lines = drawn === "" ? 0 : drawn.split("\n").length;
    if (lines > 0) write(`\u001b[${lines}A\u001b[0J`);
    write(chunk);
    if (lines === 0) return;
    write(String(chunk).endsWith("\n") ? `${drawn}\n` : `\n${drawn}\n`);
  });
  const ended = list.run();
  return {
    show(texts) {
      const hidden = texts.length - most;
      list.tasks.forEach((task, row) => {
        const isLast = row === most - 1 && hidden > 0;
        task.title = isLast ? `+ ${hidden + 1}` : (texts[row] ?? "");
      });
    },
    async clear() {
      clear();
      await ended;
      restore?.();
    },
  };
}

/** The same screen for the list alone, which takes the place of its `write`. */
function screenOf(stream: Output): NodeJS.WriteStream {
  return Object.create(stream, { write: { value: stream.write.bind(stream), writable: true } });
}

const most = 10;
