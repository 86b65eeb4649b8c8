import { defineCommand } from "../../command/define-command.ts";
import { text } from "../../command/flags.ts";
import { fleetFlags } from "../../command/shared-flags.ts";
import { removeLink } from "../../files/tenant-links.ts";
import { selectFleet } from "../../tenants/select-fleet.ts";
import { visitLinks } from "../../tenants/visit-links.ts";

/** `tenant unlink`: removes what `tenant link` made. */
export const tenantUnlink = defineCommand({
  path: "tenant unlink",
  kind: "changes",
  arguments: {},
  flags: { ...fleetFlags, folder: text("PATTERN"), link: text("PATTERN") },
  examples: [
    "tenant unlink --folder 'storage/{id}/public' --link 'public/{slug}' --tenants acme",
    "tenant unlink --folder 'storage/{id}/public' --link 'public/{slug}' --dry-run --json",
  ],
  exits: [0, 1, 2, 3, 130],
  output: "fleet",
  texts: {
    en: {
      brief: "Removes the links that `tenant link` made, and leaves the files",
      description:
        "What has a link's name and leads elsewhere, or is no link, is left alone, and is a failure.",
      arguments: {},
      flags: {
        folder: "What was given to `tenant link`",
        link: "What was given to `tenant link`",
      },
      dryRun: "Which links would be removed; nothing is touched",
      taken: (path: string) =>
        `"${path}" leads elsewhere, or is no link: give --folder and --link as they were given to \`tenant link\`.`,
    },
    de: {
      brief: "Entfernt die Verweise, die `tenant link` anlegte, und lässt die Dateien",
      description:
        "Was wie ein Verweis heißt und woandershin führt oder keiner ist, bleibt und ist ein Fehlschlag.",
      arguments: {},
      flags: {
        folder: "Was `tenant link` angegeben wurde",
        link: "Was `tenant link` angegeben wurde",
      },
      dryRun: "Welche Verweise entfernt würden; nichts wird angerührt",
      taken: (path: string) =>
        `„${path}“ führt woandershin oder ist kein Verweis: --folder und --link so angeben wie bei \`tenant link\`.`,
    },
  },
  async run(session, { folder, link, processes, skipFailing, ...selection }) {
    return visitLinks(session, await selectFleet(session, selection), {
      ...{ folder, link, processes, skipFailing },
      act: removeLink,
      taken: session.texts.taken,
    });
  },
});
