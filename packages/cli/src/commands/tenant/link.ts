import { defineCommand } from "../../command/define-command.ts";
import { on, text } from "../../command/flags.ts";
import { fleetFlags } from "../../command/shared-flags.ts";
import { makeLink } from "../../files/tenant-links.ts";
import { selectFleet } from "../../tenants/select-fleet.ts";
import { visitLinks } from "../../tenants/visit-links.ts";

/** `tenant link`: makes links to tenants' files that everybody may see. */
export const tenantLink = defineCommand({
  path: "tenant link",
  kind: "changes",
  arguments: {},
  flags: { ...fleetFlags, folder: text("PATTERN"), link: text("PATTERN"), relative: on() },
  examples: [
    "tenant link --folder 'storage/{id}/public' --link 'public/{slug}'",
    "tenant link --folder 'storage/{id}/public' --link 'public/{id}' --tenants acme --relative --dry-run",
  ],
  exits: [0, 1, 2, 3, 130],
  output: "fleet",
  texts: {
    en: {
      brief: "Makes a link for each tenant to its files that everybody may see",
      description:
        "For a server that gives out files by itself. Folders that are missing are made; a link that is right stays; what else has its name is left alone, and is a failure.",
      arguments: {},
      flags: {
        folder: "Where a tenant's files are, with {id} or {slug} in it; from the present folder",
        link: "Where the link to them stands, with {id} or {slug} in it",
        relative: "Make links that may be moved together with what they lead to",
      },
      dryRun: "Which links would be made; nothing is touched",
      taken: (path: string) =>
        `"${path}" is there and leads elsewhere, or is no link: remove it, or give another --link.`,
    },
    de: {
      brief: "Legt für jeden Mandanten einen Verweis auf seine Dateien an, die jeder sehen darf",
      description:
        "Für einen Server, der Dateien selbst ausliefert. Fehlende Ordner werden angelegt; ein richtiger Verweis bleibt; was sonst so heißt, bleibt und ist ein Fehlschlag.",
      arguments: {},
      flags: {
        folder:
          "Wo die Dateien eines Mandanten sind, mit {id} oder {slug} darin; vom jetzigen Ordner aus",
        link: "Wo der Verweis darauf steht, mit {id} oder {slug} darin",
        relative: "Verweise anlegen, die zusammen mit ihrem Ziel umziehen können",
      },
      dryRun: "Welche Verweise angelegt würden; nichts wird angerührt",
      taken: (path: string) =>
        `„${path}“ gibt es und führt woandershin oder ist kein Verweis: entfernen, oder ein anderes --link angeben.`,
    },
  },
  async run(session, { folder, link, relative = false, processes, skipFailing, ...selection }) {
    return visitLinks(session, await selectFleet(session, selection), {
      ...{ folder, link, processes, skipFailing },
      act: (paths) => makeLink(paths, relative),
      taken: session.texts.taken,
    });
  },
});
