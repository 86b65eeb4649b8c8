import type { Catalogue } from "./catalogue.ts";

/** English. */
export const english: Catalogue = Object.freeze({
  language: "en",
  application: "Runs a fleet of tenants.",
  groups: {
    config: "The configuration of your application.",
    tenant: "Creates, shows, changes and removes tenants.",
    "tenant domain": "The domains that lead to a tenant.",
    "tenant pending": "Tenants that are made before anybody asks for them.",
    "tenant maintenance": "Takes tenants down for maintenance.",
    cache: "What is remembered of tenants, and kept for them.",
    test: "Looks whether tenants are kept apart.",
    pool: "Connections to tenants' databases.",
    "tenant test": "Makes tenants for tests, and removes them.",
    seed: "Puts into tenants what they begin with.",
    template: "What new tenants are copied from.",
    make: "Writes what an application goes on from.",
    migrate: "Brings the schemas of all tenants where they belong.",
  },
  flags: {
    config: "The configuration to load; found in this folder or one above it when absent",
    json: "Print one JSON document",
    quiet: "Print no more than names, one in a line",
    lang: "The language of messages; of the environment when absent",
    yes: "Do it without asking",
    dryRun: "Tell what would be done, and change nothing",
    reason: "Why, for the audit trail",
    tenants: "Only these tenants; all of them when absent",
    skipTenants: "All but these tenants",
    withPending: "Pending tenants, too",
    processes: "How many tenants at a time; 1 when absent",
    skipFailing: "Go on with the others when a tenant fails",
    canary: "These tenants first, in a wave of their own",
    waveSize: "How many tenants each later wave has; all of them when absent",
    timeout: "After how long a tenant is told to stop before its next migration",
    lockTimeout:
      "How long a lock that somebody else holds on a table is waited for; 5s when absent",
    maintenance:
      "What a tenant's clients are told while it is migrated; it goes on being served when absent",
  },
  exits: {
    0: "It is done.",
    1: "It failed.",
    2: "The call is wrong; nothing was changed.",
    3: "It is done in part: for some tenants or rows, and failed for others.",
    4: "Somebody else is at it: try again later.",
    130: "It was interrupted; what is journalled goes on where it was.",
  },
  rules: {
    whole: "give a whole number, and not a smaller one than there can be",
    duration: "give a length of time such as 30s, 15m, 12h or 7d",
    time: "give a time that there is, such as 2030-01-31 or 2030-01-31T12:00:00Z",
    json: "give an object in JSON, such as '{\"seats\":5}'",
    empty: "give at least one name; nothing at all never means everybody",
  },
  help: {
    usage: "USAGE",
    aliases: "ALIASES",
    commands: "COMMANDS",
    flags: "FLAGS",
    arguments: "ARGUMENTS",
    examples: "EXAMPLES",
    default: "default =",
    separator: "separator =",
    help: "Print this help",
    helpAll: "Print this help with everything that is hidden",
    version: "Print the version",
    escape: "Everything after it is an argument",
  },
  refusals: {
    unknownCommand: (input, corrections) =>
      `There is no command "${input}": ${orElse(corrections, "see --help for those there are")}.`,
    unknownFlag: (input, corrections) =>
      `There is no flag "${input}": ${orElse(corrections, "see --help for those there are, and write -- before an argument that begins with a dash")}.`,
    badValue: (flag, input, rule) => `The value "${input}" of ${flag} cannot be read: ${rule}.`,
    notOneOf: (flag, input, values) =>
      `The value "${input}" of ${flag} is none that there is: give one of ${values.join(", ")}.`,
    flagWithoutValue: (flag) => `${flag} has no value: write one after it.`,
    flagTwice: (flag) => `${flag} is given twice: give it once.`,
    tooMany: (input) => `The argument "${input}" is one too many: put what has spaces in quotes.`,
    missingArgument: (name) => `The argument <${name}> is missing: give it after the command.`,
    unreadable: "The call cannot be read: see --help.",
    emptySelector: (name) =>
      `${name} is empty: name a tenant. An empty name never means all of them.`,
    patternSelector: (value) =>
      `"${value}" is a pattern or stands for all tenants: name each tenant by its slug, id or domain.`,
    unknownTenant: (value) =>
      `There is no tenant "${value}": see \`af-tenancy tenant list\`, or name it by slug:, id: or domain:.`,
    ambiguousTenant: (value) =>
      `"${value}" is the slug of one tenant and the id of another: write slug:${value} or id:${value}.`,
    twice: (value) => `The tenant "${value}" is named twice: name each one once.`,
    noSuchDomain: (tenant, domain) =>
      `The tenant "${tenant}" has no domain "${domain}": see \`af-tenancy tenant domain list ${tenant}\`.`,
    nobodyLeft:
      "Of those that --tenants names nobody is left who has what this needs: look at --skip-tenants.",
    canaryOutside: (tenant) =>
      `The canary "${tenant}" is none of those that are meant: take it out of --canary.`,
    needsYes: (command) =>
      `"${command}" asks before it does anything, and nobody can be asked here: look at --dry-run, then say --yes.`,
    needsPlan: (command) =>
      `"${command}" needs somebody who looked: run it with --dry-run, then say --yes and the --plan that it tells.`,
    declined: "Nothing was changed, as you wished: say yes when asked, or --yes.",
    interrupted:
      "It was interrupted: call it again, and `af-tenancy repair` for what it had begun.",
    linkPattern: (flag) =>
      `${flag} needs {id} or {slug} in it: without, all tenants would share one path.`,
    linkName: (id) => `The id "${id}" is no name of a file: nothing was linked.`,
    processEnded:
      "The process ended before the command was through: take process.exit() out of your code, or await what it waits for.",
    noConfig: (folder) =>
      `There is no tenancy.config.ts in "${folder}" or above it: go to your application's folder, or give --config.`,
    noSuchConfig: (path) => `There is no configuration "${path}": check --config.`,
    configFailed: (path) =>
      `The configuration "${path}" cannot be loaded: see the cause, or give what you built from it to --config.`,
    configIsNone: (path) =>
      `The configuration "${path}" has no default export that createTenancy() takes: write "export default defineTenancy({ ... })".`,
    needsRegistry: (command) =>
      `"${command}" needs a registry: pass one to defineTenancy({ registry }).`,
    needsTransfer: (command) =>
      `"${command}" needs databases that export and import rows: pass such ones to defineTenancy({ databases }).`,
    startTimedOut: (step, seconds, part) =>
      `${part === undefined ? hanging[step] : `Starting "${part}"`} did not come to an end within ${seconds} s: see what it waits for, or give it longer by --timeout.`,
    notPrinted:
      "Not everything could be written to stdout: see the cause, and look at what the command did before it is called again.",
    notWritten: (path) => `"${path}" cannot be written: see the cause, and give another --folder.`,
  },
  words: {
    error: "Error",
    because: "because:",
    remedy: "what to do:",
    seeHelp: "see --help",
    nothingChanged: "Nothing was changed.",
    wouldChange: "Would be changed:",
    noChange: "There is nothing to change.",
    working: "working",
    none: "none",
    yes: "yes",
    no: "no",
    which: "Which tenant?",
    typeName: (name) => `This cannot be undone. Type ${name} to go on`,
    milliseconds: (milliseconds, megabytes) => `${milliseconds} ms, ${megabytes} MB`,
    turn: (milliseconds, kilobytes) => `${milliseconds} ms, ${kilobytes} KB`,
    fleet: (done, failed, waiting) => `Done: ${done}, failed: ${failed}, not begun: ${waiting}.`,
    nobody: "Nobody is meant.",
    otherName: (name, asked) =>
      `Its database is "${name}" and not "${asked}": its making was cut off and taken over, under a name of its own.`,
    wouldVisit: "It would be the turn of:",
    steps: { at: "After ms", what: "What", took: "ms", memory: "KB more", error: "Error" },
  },
  migrations: {
    columns: {
      ...{ migration: "Migration", done: "Done", failed: "Failed" },
      ...{ together: "ms together", longest: "ms at most" },
      ...{ tenant: "Tenant", state: "State", before: "Before", after: "After", time: "ms" },
    },
    wouldRun: "Would be run:",
    nothing: "Everybody has what is wanted.",
    untold: "-- cannot be told without running it",
    plan: (id) => `Plan ${id}`,
    counts: ({ upToDate, done, failed, waiting, others }) =>
      `Done: ${done}, failed: ${failed}, not begun: ${waiting}, passed over: ${others}, up to date before: ${upToDate}.`,
    stoppedAfter: (wave) => `Stopped after wave ${wave + 1}, because too much of it failed.`,
    goOn: (id, hasQuarantined) =>
      `Mend what failed, then: af-tenancy migrate resume ${id}${hasQuarantined ? " --release" : ""}`,
    already:
      "Another command migrates this fleet: wait for it. If its process died, this is over within 15 s.",
  },
  makes: {
    badName: (name) =>
      `"${name}" cannot be a name: use small letters, digits and dashes between them, a letter first, such as plan-limit.`,
    noProject: (folder) =>
      `There is no package.json that can be read in "${folder}" or above it: go to your project's folder.`,
    there: (path) => `"${path}" is there already: give another name, nothing is written over.`,
    done: (path) => `${path} is written; its comment says where it is put.`,
    noFramework: (names) =>
      `No framework is known: add one to package.json, or give --framework ${names}.`,
    framework: "Which framework?",
  },
  remedies: {
    ILLEGAL_MOVE: "`af-tenancy tenant status <tenant>` tells what can be done with it now.",
    SLUG_TAKEN:
      "`af-tenancy tenant show <slug>` tells who has it; `af-tenancy repair` finishes one that was cut off.",
    DOMAIN_TAKEN: "`af-tenancy tenant show <domain>` tells who has it.",
    TENANT_NOT_DELETED:
      "`af-tenancy tenant delete <tenant>` first; say --skip-grace if it is to go at once, or was never made to the end.",
    INVALID_ROW: "--dry-run tells every row that cannot be, and --skip-invalid leaves them out.",
    PLAN_CHANGED: "Look at --dry-run again: it has another plan now.",
    MIGRATION_DIRTY:
      "Mend its tables, then `af-tenancy migrate resolve <tenant> <migration> --as applied`, or `--as reverted`.",
    MIGRATION_PLAN_NOT_FOUND: "`af-tenancy migrate status` lists the latest plans.",
    OPERATION_IN_FLIGHT: "Wait for it; where its process died `af-tenancy repair` takes it up.",
    PROVISIONING_FAILED:
      "Mend the cause, then `af-tenancy repair` finishes or discards it; where it cannot be mended, `af-tenancy tenant purge <tenant> --skip-grace` removes the tenant.",
    DATABASE_NOT_READY:
      "`af-tenancy doctor --tenants <tenant>` tells what is wrong with it, `af-tenancy repair` finishes what was begun.",
    REGISTRY_UNAVAILABLE:
      "Is the registry's server running, or its file there, which may be written, on a disk that is not full?",
  },
} satisfies Catalogue);

const hanging = Object.freeze({
  load: "Loading the configuration",
  start: "Starting registry, databases and what else the configuration has",
  registry: "Asking the registry",
});

function orElse(corrections: readonly string[], remedy: string): string {
  return corrections.length === 0 ? remedy : `you may mean ${corrections.join(" or ")}`;
}
