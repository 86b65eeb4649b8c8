import { onTestFinished, vi } from "vitest";

/** Lets the ten seconds for which a file's lock is waited for be over within one, until the test is over. */
export function hasten(): void {
  const now = performance.now.bind(performance);
  const start = now();
  const clock = vi.spyOn(performance, "now");
  clock.mockImplementation(() => start + (now() - start) * 10);
  onTestFinished(() => clock.mockRestore());
}
