import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { showTaskList } from "../src/terminal/task-list.ts";

it("C121: what hides the cursor before each frame adds no line, and a line that is printed in parts stays one", async () => {
  const { list, print, written } = screen();
  list.show(["working 0/2", "acme"]);
  await sleep(300);
  written();

  print("\u001b[?25l");
  const hidden = written();
  print("half ");
  print(new TextEncoder().encode("of a line\nand "));
  print("whole\n");
  const printed = written();
  await list.clear();

  expect(hidden).toBe("\u001b[?25l");
  expect(withoutFrames(printed)).toBe(
    [
      "[2A[0Jhalf \n<list>\n", // two rows of the list
      "[3A[0Jhalf of a line\nand \n<list>\n", // and the one that was begun
      "[3A[0Jand whole\n<list>\n",
    ].join(""),
  );
});

it("C121: in a window of five rows the list has three, the first one among them, and counts the others", async () => {
  const { list, written } = screen(5);

  list.show(["working 0/9", ...Array.from({ length: 9 }, (_, index) => `tenant-${index + 1}`)]);
  await sleep(300);
  const drawn = written();
  await list.clear();

  expect(drawn).toMatch(/working 0\/9\n\S+ tenant-1\n\S+ \+ 8\n/);
  expect(drawn).not.toContain("tenant-2");
});

function screen(rows = 24) {
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows });
  let print: (chunk: string | Uint8Array) => void = () => undefined;
  const list = showTaskList({
    stderr,
    divert(given) {
      print = given;
      return () => undefined;
    },
  });
  return {
    list,
    print: (chunk: string | Uint8Array) => print(chunk),
    written: () => String(stderr.read() ?? ""),
  };
}

/** Leaves out colours, and the rows of the list. */
function withoutFrames(text: string): string {
  return text
    .split("\u001b")
    .map((part) => part.replace(/^\[\d*m/, ""))
    .join("")
    .replaceAll(/\S+ working 0\/2\n\S+ acme\n/g, "<list>\n");
}
