import { onTestFinished, vi } from "vitest";

/** Has no pool look around by itself, which would make up for what it does not do at once. */
export function withoutUpkeep(): void {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
}
