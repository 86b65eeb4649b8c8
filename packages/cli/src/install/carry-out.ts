import { join } from "node:path";
import type { Session } from "../command/session.ts";
import type { InstallOutput } from "../outputs/install-output.ts";
import { withAdditions } from "./additions.ts";
import type { InstallPlan } from "./install-plan.ts";
import type { PackageManager, Project } from "./project.ts";
import { runTool } from "./run-tool.ts";
import { Undo } from "./undo.ts";

/** Texts of an installation that does not succeed. */
interface FailureTexts {
  failed(step: string): string;
}

/**
 * Writes, adds and installs, step by step, and gives how long each took. What fails or is stopped is taken back: then the
 * project is as it was.
 */
export async function carryOut(
  { catalogue, progress, signal, texts }: Session<FailureTexts>,
  { folder, text }: Project,
  { files, additions }: InstallPlan,
  installing: PackageManager | undefined,
): Promise<InstallOutput["steps"]> {
  const { InstallFailedError, InterruptedError } = await import("../errors.ts");
  const undo = new Undo(folder);
  const steps: InstallOutput["steps"] = [];

  async function take(step: string, act: () => unknown): Promise<void> {
    progress.tell(step);
    const begun = performance.now();
    await act();
    if (signal.aborted) throw new InterruptedError(catalogue.refusals.interrupted);
    steps.push({ step, milliseconds: Math.round(performance.now() - begun) });
  }

  async function succeed(step: string, program: string, args: readonly string[]): Promise<void> {
    const { code, said } = await runTool(program, args, { folder, signal });
    if (code === 0 || signal.aborted) return;
    throw new InstallFailedError(texts.failed(step), { cause: said });
  }

  try {
    for (const [name, content] of Object.entries(files)) {
      await take(name, () => undo.write(join(folder, name), content));
    }
    await take("package.json", () =>
      undo.replace(join(folder, "package.json"), withAdditions(text, additions)),
    );
    if (installing !== undefined) {
      const step = `${installing} install`;
      await take(step, () => succeed(step, installing, installArgs[installing]));
      const check = "af-tenancy config show";
      await take(check, () =>
        succeed(check, process.execPath, [join(folder, command), "config", "show"]),
      );
    }
  } catch (error) {
    const hadModules = undo.takeBack();
    if (hadModules && installing !== undefined) {
      // Takes out what the old manifest does not name, and may write a lockfile where there was none.
      await runTool(installing, ["prune"], { folder });
      undo.takeBack();
    }
    throw error;
  }
  return steps;
}

/** The command as the project has it now. */
const command = "node_modules/@af-tenancy/cli/dist/bin.js";

const installArgs: Readonly<Record<PackageManager, readonly string[]>> = Object.freeze({
  npm: ["install", "--no-audit", "--no-fund", "--loglevel=error"],
  // In CI it would not change its lockfile.
  pnpm: ["install", "--no-frozen-lockfile"],
});
