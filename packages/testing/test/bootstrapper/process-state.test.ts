import { expect, it, onTestFinished } from "vitest";
import { changesSince, processState } from "../../src/bootstrapper/process-state.ts";

it("sees nothing where nothing changed", () => {
  expect(changesSince(processState())).toEqual([]);
});

it("sees a changed environment variable, global, listener, console and directory", () => {
  const before = processState();
  const { log } = console;
  const directory = process.cwd();
  const listener = () => {};
  onTestFinished(() => {
    delete process.env.CANARY;
    Reflect.deleteProperty(globalThis, "canary");
    process.off("SIGUSR2", listener);
    console.log = log;
    process.chdir(directory);
  });

  process.env.CANARY = "acme";
  Reflect.set(globalThis, "canary", "acme");
  process.on("SIGUSR2", listener);
  console.log = () => {};
  process.chdir("/");

  expect(changesSince(before)).toEqual(
    expect.arrayContaining([
      "process.env.CANARY",
      "globalThis.canary",
      "process.on(SIGUSR2)",
      "console.log",
      "process.cwd()",
    ]),
  );
});
