import { type ChildProcess, spawn } from "node:child_process";
import { builtCommand } from "./installed.ts";

/** What a process left. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Where and with what a process runs. */
export interface Surroundings {
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly execArgv?: readonly string[];
  /** What comes in on stdin; nothing when absent. */
  readonly input?: string;
  /** The file that stdout goes to in a pseudo-terminal; its screen when absent. */
  readonly output?: string;
}

/** Runs the built command without a terminal. */
export async function runProcess(
  argv: readonly string[],
  surroundings: Surroundings,
): Promise<Ended> {
  return (await startProcess(argv, surroundings)).ended;
}

/** Starts the built command without a terminal. */
export async function startProcess(
  argv: readonly string[],
  { folder, environment = {}, execArgv = [], input }: Surroundings,
): Promise<Running> {
  const command = await builtCommand();
  const child = spawn(process.execPath, [...execArgv, command, ...argv], {
    cwd: folder,
    env: { ...plainEnvironment(), ...environment },
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  child.stdin?.end(input);
  return { child, ended: endOf(child) };
}

/** What somebody types when the screen shows something. */
export type Answers = readonly (readonly [shows: RegExp, types: string])[];

/** Runs the built command in a pseudo-terminal, where somebody answers; everything is on the screen. */
export async function runInTerminal(
  argv: readonly string[],
  { folder, environment = {}, output }: Surroundings,
  answers: Answers = [],
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const words = [process.execPath, await builtCommand(), ...argv].map(quoted);
  if (output !== undefined) words.push(">", quoted(output));
  const child = spawn(
    "script",
    ["-qefc", `stty cols 100 rows 40; ${words.join(" ")}`, "/dev/null"],
    {
      cwd: folder,
      env: { ...plainEnvironment(), TERM: "xterm-256color", ...environment },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  const left = [...answers];
  let unread = "";
  child.stdout.on("data", (chunk: Buffer) => {
    unread += String(chunk);
    const [next] = left;
    if (next === undefined || !next[0].test(unread)) return;
    left.shift();
    unread = "";
    child.stdin.write(next[1]);
  });
  const { code, stdout } = await endOf(child);
  child.stdin.destroy();
  return { code, screen: stdout };
}

function endOf(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += String(chunk);
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += String(chunk);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Of this process, without what would change what is printed. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { CI: _ci, NO_COLOR: _plain, FORCE_COLOR: _coloured, LC_ALL: _all, ...rest } = process.env;
  return { ...rest, LANG: "C" };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
