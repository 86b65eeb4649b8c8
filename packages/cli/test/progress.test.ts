import { PassThrough } from "node:stream";
import { expect, it, onTestFinished, vi } from "vitest";
import { showProgress } from "../src/terminal/progress.ts";
import { redactor } from "../src/terminal/redactor.ts";

it("C121: elsewhere than on a terminal a line after a second, and then every ten, names who is worked on", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { progress, written } = pipe();

  progress.tell("0/30");
  progress.begin("acme");
  progress.begin("globex", "globex demo 5/9");
  vi.advanceTimersByTime(999);
  const before = written();
  vi.advanceTimersByTime(1);
  const first = written();
  progress.done("acme");
  progress.tell("1/30");
  vi.advanceTimersByTime(10_000);
  const second = written();
  for (let number = 1; number <= 20; number += 1) progress.begin(`tenant-${number}`);
  vi.advanceTimersByTime(10_000);
  const many = written();
  await progress.end();
  vi.advanceTimersByTime(60_000);

  expect([before, first]).toEqual(["", "working 0/30  acme  globex demo 5/9 ...\n"]);
  expect(second).toBe("working 1/30  globex demo 5/9 ...\n");
  expect(many).toMatch(
    /^working 1\/30 {2}globex demo 5\/9 {2}tenant-1 .* tenant-8 {2}\+ 12 \.\.\.\n$/,
  );
  expect(written()).toBe("");
});

function pipe() {
  const stderr = new PassThrough();
  const terminal = { stderr, redact: redactor({}) };
  return {
    progress: showProgress(terminal as never, "working"),
    written: () => String(stderr.read() ?? ""),
  };
}
