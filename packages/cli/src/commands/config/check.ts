import type { Tenancy, TenancyOptions } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { duration } from "../../command/flags.ts";
import { composeApplication } from "../../config/compose-application.ts";
import { inTime } from "../../config/in-time.ts";
import { loadOptions, locateConfig } from "../../config/load-options.ts";
import { startInTime } from "../../config/start-in-time.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { ConfigCheckOutput } from "../../outputs/config-output.ts";
import { factsOf } from "../../report-error.ts";

type Step = ConfigCheckOutput["steps"][number];

/** `config check`: starts the application as a command does, and tells how far that comes. */
export const configCheck = defineCommand({
  path: "config check",
  kind: "reads",
  arguments: {},
  flags: { timeout: duration("TIME") },
  examples: [
    "config check",
    "config check --timeout 5s",
    "config check --config dist/tenancy.config.js --json",
  ],
  exits: [0, 1, 2, 130],
  output: "config-check",
  texts: {
    en: {
      brief:
        "Loads the configuration, checks every option, starts the tenancy and asks its registry",
      description:
        "The first step that fails is told with its cause and what to do, and the command ends with 1.\nAs when the application starts, the registry's tables are made where they are missing.",
      arguments: {},
      flags: { timeout: "How long each step may take; 30s when absent" },
      steps: {
        find: "finds the configuration",
        load: "loads it",
        compose: "checks its options",
        start: "starts registry, databases and what else there is",
        registry: "asks the registry",
      },
      fine: (path: string) => `"${path}" is fine.`,
    },
    de: {
      brief: "Lädt die Konfiguration, prüft jede Option, startet alles und fragt das Register",
      description:
        "Der erste Schritt, der fehlschlägt, wird mit Ursache und Abhilfe genannt, und 1 ist das Ende.\nWie beim Start der Anwendung werden Tabellen des Registers angelegt, wo sie fehlen.",
      arguments: {},
      flags: { timeout: "Wie lange jeder Schritt dauern darf; ohne Angabe 30s" },
      steps: {
        find: "findet die Konfiguration",
        load: "lädt sie",
        compose: "prüft ihre Optionen",
        start: "startet Register, Datenbanken und was es sonst gibt",
        registry: "fragt das Register",
      },
      fine: (path: string) => `Mit „${path}“ ist alles in Ordnung.`,
    },
  },
  async run(
    { texts, catalogue, settings, terminal, progress },
    { timeout: milliseconds = 30_000 },
  ) {
    const limit = { milliseconds, catalogue };
    let path: string | undefined;
    let options: TenancyOptions | undefined;
    let tenancy: Tenancy | undefined;
    const acts: Readonly<Record<Step["step"], () => Promise<unknown>>> = {
      find: async () => {
        path = await locateConfig(terminal.folder, settings.config, catalogue);
      },
      load: async () => {
        options = await inTime("load", loadOptions(path as string, catalogue), limit);
      },
      compose: async () => {
        tenancy = await composeApplication(options as TenancyOptions);
      },
      start: async () => tenancy && startInTime(tenancy, limit),
      registry: async () => {
        const { store } = tenancy as Tenancy;
        await inTime("registry", Promise.resolve(store.find({ by: "id", value: "~check" })), limit);
      },
    };
    const steps: Step[] = [];
    try {
      for (const [step, act] of Object.entries(acts) as [Step["step"], () => Promise<unknown>][]) {
        progress.tell(texts.steps[step]);
        const hasFailed = steps.some(({ state }) => state === "failed");
        if (hasFailed) steps.push({ step, state: "skipped", milliseconds: 0, error: null });
        else steps.push(await taken(step, act));
      }
    } finally {
      const closing = tenancy?.close();
      const isStuck = steps.some(({ error }) => error?.code === "START_TIMEOUT");
      // What has not come up in time may not go down either.
      if (isStuck) closing?.catch(() => undefined);
      else await closing;
    }
    const ok = steps.every(({ state }) => state === "passed");
    const value: ConfigCheckOutput = { ok, config: path ?? null, steps };
    return {
      value,
      exit: ok ? exitCodes.ok : exitCodes.failed,
      quiet: path === undefined ? [] : [path],
      show(print) {
        const { words } = catalogue;
        for (const { step, state, milliseconds, error } of steps) {
          if (state === "passed")
            print.line(`+ ${texts.steps[step]} (${milliseconds} ms)`, "green");
          if (state === "skipped") print.line(`  ${texts.steps[step]}`, "dim");
          if (error === null) continue;
          print.line(`- ${texts.steps[step]}`, "red");
          print.line(`  ${error.code}: ${error.message}`);
          for (const cause of error.causes) print.line(`  ${words.because} ${cause}`);
          if (error.remedy !== null) print.line(`  ${words.remedy} ${error.remedy}`);
        }
        if (ok) print.line(texts.fine(path ?? ""), "green");
      },
    };

    async function taken(step: Step["step"], act: () => Promise<unknown>): Promise<Step> {
      const begun = performance.now();
      const took = () => Math.round(performance.now() - begun);
      try {
        await act();
        return { step, state: "passed", milliseconds: took(), error: null };
      } catch (reason) {
        const { code, message, causes, remedy } = factsOf(reason, catalogue);
        const error = { code, message, causes: [...causes], remedy: remedy ?? null };
        return { step, state: "failed", milliseconds: took(), error };
      }
    }
  },
});
