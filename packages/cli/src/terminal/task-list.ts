import { stripVTControlCharacters } from "node:util";
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
  /** What the application printed of a line that is not whole yet. */
  let begun = "";

  class ScreenRenderer extends DefaultRenderer {
    // Stdout may be a pipe: the screen is where progress goes.
    static override nonTTY = true;

    override create(options?: Parameters<DefaultRenderer["create"]>[0]): string {
      drawn = super.create(options);
      return drawn;
    }
  }

  const rows = Array.from({ length: 10 }, () => ({ title: "", task: () => end }));
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
    const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    // Who draws hides the cursor before each frame, and by way of the process.
    if (drawn === "" || ofCursor.has(text)) return void write(chunk);
    const lines = drawn.split("\n").length + rowsOf(begun, stderr.columns);
    const printed = begun + text;
    begun = printed.slice(printed.lastIndexOf("\n") + 1);
    write(`\u001b[${lines}A\u001b[0J${printed}${begun === "" ? "" : "\n"}${drawn}\n`);
  });
  const ended = list.run();
  return {
    show(texts) {
      // A window that is lower than the list would lose its first row.
      const most = Math.max(1, Math.min(rows.length, (stderr.rows ?? 24) - 2));
      const hidden = texts.length - most;
      list.tasks.forEach((task, row) => {
        const isLast = row === most - 1 && hidden > 0;
        const text = row < most ? texts[row] : undefined;
        task.title = isLast ? `+ ${hidden + 1}` : (text ?? "");
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

/** What shows and hides the cursor. */
const ofCursor: ReadonlySet<string> = new Set(["\u001b[?25h", "\u001b[?25l"]);

/** How many rows of the screen a line takes that is not whole. */
function rowsOf(line: string, columns = 80): number {
  if (line === "") return 0;
  const shown = stripVTControlCharacters(line).split("\r").at(-1) ?? "";
  return Math.max(1, Math.ceil(shown.length / columns));
}
