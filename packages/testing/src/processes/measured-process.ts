import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

/** What a process of its own came to. */
export interface MeasuredProcess {
  /** The most memory that it had resident at any time, in bytes. */
  readonly peakRss: number;
  /** The lines that it printed. */
  readonly lines: readonly string[];
}

/**
 * Runs a script in a Node process of its own until it ends, and tells how much memory it had resident at most. Its heap
 * is 44 MB, so that what it needs is measured, and not garbage that is collected late where there is room. The test fails,
 * with what it wrote to stderr, where it does not end well.
 *
 * @example
 * const script = new URL("./workers/seed-rows.ts", import.meta.url);
 * const [few, many] = [await measuredProcess(script, "10000"), await measuredProcess(script, "1000000")];
 * expect(many.peakRss).toBeLessThan(few.peakRss * 1.2);
 */
export async function measuredProcess(
  script: URL,
  ...args: readonly string[]
): Promise<MeasuredProcess> {
  const file = fileURLToPath(script);
  const options = ["--no-warnings", ...smallHeap, "--import", meter];
  const child = spawn(process.execPath, [...options, file, ...args], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const [printed, failed, measured] = ["", "", ""].map((text, index) => {
    const read = { text };
    child.stdio[index + 1]?.on("data", (chunk) => {
      read.text += chunk;
    });
    return read;
  });
  const [code, signal] = await once(child, "close");
  expect(code ?? signal, failed?.text).toBe(0);
  const lines = (printed?.text ?? "").split("\n").filter((line) => line !== "");
  return { peakRss: Number(measured?.text), lines };
}

/** Both parts of the heap otherwise grow in whatever process works for long enough. */
const smallHeap = ["--max-semi-space-size=4", "--max-old-space-size=44"] as const;

/**
 * Runs before the script and writes at its end. On Linux `maxRSS` begins with what the parent had, so that the peak is
 * read from where it is the process's own.
 */
const meter = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync, writeSync } from "node:fs";
  function peak() {
    try {
      return Number(/^VmHWM:\\s+(\\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))[1]);
    } catch {
      return process.resourceUsage().maxRSS;
    }
  }
  process.on("exit", () => writeSync(3, String(peak() * 1024)));
`)}`;
