// Running commands from code

export type { ExitCode } from "./exit-codes.ts";
export { exitCodes } from "./exit-codes.ts";
export { runCli } from "./run-cli.ts";
export { type Redact, redactor } from "./terminal/redactor.ts";
export type { Output, Terminal } from "./terminal/terminal.ts";

// What `--json` prints

export type { OutputName } from "./outputs/output-names.ts";
export { outputs } from "./outputs/outputs.ts";
