import type { NewMaintenance } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { duration, list, text, time } from "../../command/flags.ts";
import { fleetFlags, reasonFlag } from "../../command/shared-flags.ts";
import { definedOnly } from "../../tenants/defined-only.ts";
import { selectFleet } from "../../tenants/select-fleet.ts";
import { visitFleet } from "../../tenants/visit-fleet.ts";
import { askConsent } from "../../terminal/consent.ts";

/** `tenant maintenance on`: takes tenants down for maintenance. */
export const maintenanceOn = defineCommand({
  path: "tenant maintenance on",
  kind: "destroys",
  arguments: {},
  flags: {
    ...fleetFlags,
    message: text("TEXT"),
    retryAfter: duration("TIME"),
    from: time("TIME"),
    until: time("TIME"),
    allow: list("ADDRESS,..."),
    secretFrom: text("VARIABLE"),
    ...reasonFlag,
  },
  examples: [
    "tenant maintenance on --tenants acme --message 'Back at noon.' --retry-after 10m",
    "tenant maintenance on --skip-tenants acme --until 2030-01-31T12:00:00Z --yes --json",
    "tenant maintenance on --tenants acme --allow 192.0.2.0/24 --secret-from BYPASS_SECRET",
  ],
  exits: [0, 1, 2, 3, 130],
  output: "fleet",
  texts: {
    en: {
      brief: "Takes tenants down for maintenance",
      description:
        "Without --tenants it is everybody, which is asked for.\nThe secret that lets past it comes from the environment, as other users of the machine read command lines.",
      arguments: {},
      flags: {
        message: "What clients are told; `Down for maintenance.` when absent",
        retryAfter: "When clients may ask again; 1m when absent",
        from: "When it begins; at once when absent",
        until: "When it is over by itself",
        allow: "Addresses that are served all the same",
        secretFrom: "The environment variable with the secret that lets past it",
      },
      dryRun: "Who would be taken down, after the values were checked",
      noSecret: (name: string) =>
        `The environment variable "${name}" has no secret in it: set it to 20 to 200 ASCII characters without spaces.`,
      badMessage: "give 1 to 500 characters, not only spaces and no control characters",
      tooLong: "give a year at most",
      early: "let it end after it begins",
      past: "give a time that is still to come",
      noAddress: "give an address such as 192.0.2.7, or a block such as 2001:db8::/32",
      ask: (count: number) => `Take ${count} tenants down for maintenance?`,
    },
    de: {
      brief: "Nimmt Mandanten für eine Wartung vom Netz",
      description:
        "Ohne --tenants sind es alle, und danach wird gefragt.\nDas Geheimnis, das hindurchlässt, kommt aus der Umgebung, weil andere auf der Maschine Befehlszeilen lesen.",
      arguments: {},
      flags: {
        message: "Was Klienten erfahren; ohne Angabe `Down for maintenance.`",
        retryAfter: "Wann Klienten wieder fragen dürfen; ohne Angabe 1m",
        from: "Wann sie beginnt; ohne Angabe sofort",
        until: "Wann sie von selbst endet",
        allow: "Adressen, die dennoch bedient werden",
        secretFrom: "Die Umgebungsvariable mit dem Geheimnis, das hindurchlässt",
      },
      dryRun: "Wer vom Netz ginge, nachdem die Werte geprüft wurden",
      noSecret: (name: string) =>
        `Die Umgebungsvariable „${name}“ enthält kein Geheimnis: 20 bis 200 ASCII-Zeichen ohne Leerzeichen hineinsetzen.`,
      badMessage: "1 bis 500 Zeichen angeben, nicht nur Leerzeichen und keine Steuerzeichen",
      tooLong: "höchstens ein Jahr angeben",
      early: "sie enden lassen, nachdem sie beginnt",
      past: "eine Zeit angeben, die noch kommt",
      noAddress: "eine Adresse wie 192.0.2.7 oder einen Block wie 2001:db8::/32 angeben",
      ask: (count: number) => `${count} Mandanten für eine Wartung vom Netz nehmen?`,
    },
  },
  async run(session, input) {
    const { texts, settings, terminal, refuse } = session;
    const { message = standard, retryAfter = 60_000, from, until, allow, secretFrom } = input;
    const secret = secretFrom === undefined ? undefined : terminal.environment[secretFrom];
    const isSecret = secret !== undefined && /^[\x21-\x7e]{20,200}$/.test(secret);
    if (secretFrom !== undefined && !isSecret) refuse(texts.noSecret(secretFrom));
    const { badValue } = session.catalogue.refusals;
    if (!/^(?=.*\S)[^\p{Cc}\p{Cs}]{1,500}$/u.test(message)) {
      refuse(badValue("--message", message, texts.badMessage));
    }
    if (retryAfter > yearMs) refuse(badValue("--retry-after", `${retryAfter} ms`, texts.tooLong));
    if (until !== undefined && until <= Math.max(from ?? 0, Date.now())) {
      const rule = until <= (from ?? 0) ? texts.early : texts.past;
      refuse(badValue("--until", new Date(until).toISOString(), rule));
    }
    const { isAddressBlock } = await import("@af-tenancy/core");
    const wrong = allow?.find((block) => !isAddressBlock(block));
    if (wrong !== undefined) refuse(badValue("--allow", wrong, texts.noAddress));
    const tenants = await selectFleet(session, input);
    const everybody = input.tenants === undefined;
    if (everybody && !settings.dryRun) await askConsent(session, texts.ask(tenants.length));
    const { tenancy, actor } = await session.application();
    const maintenance: NewMaintenance = {
      message,
      retryAfter: Math.ceil(retryAfter / 1_000),
      ...definedOnly({ from, until, allowed: allow, secret }),
    };
    const { reason } = input;
    const origin = { actor, ...(reason !== undefined && { reason }) };
    return visitFleet(session, tenants, {
      ...{ processes: input.processes, skipFailing: input.skipFailing },
      visit: ({ id }) =>
        tenancy.central(async () => {
          await tenancy.tenants.setMaintenance(id, maintenance);
        }, origin),
    });
  },
});

/** Clients read it, so it is not of the language of whoever runs the command. */
const standard = "Down for maintenance.";

const yearMs = 31_536_000_000;
