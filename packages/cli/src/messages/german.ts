import type { Catalogue } from "./catalogue.ts";

/** German. */
export const german: Catalogue = Object.freeze({
  language: "de",
  application: "Verwaltet eine Flotte von Mandanten.",
  groups: {
    config: "Die Konfiguration Ihrer Anwendung.",
    tenant: "Legt Mandanten an, zeigt, ändert und entfernt sie.",
    "tenant domain": "Die Domains, die zu einem Mandanten führen.",
    "tenant pending": "Mandanten, die angelegt sind, bevor jemand sie braucht.",
    "tenant maintenance": "Nimmt Mandanten für eine Wartung vom Netz.",
    cache: "Was über Mandanten gemerkt und für sie aufgehoben wird.",
    test: "Sieht nach, ob Mandanten getrennt sind.",
    pool: "Verbindungen zu den Datenbanken der Mandanten.",
    "tenant test": "Legt Mandanten für Tests an und entfernt sie.",
    seed: "Gibt Mandanten, womit sie anfangen.",
    template: "Wovon neue Mandanten kopiert werden.",
    make: "Schreibt, womit eine Anwendung weitermacht.",
    migrate: "Bringt die Schemata aller Mandanten dorthin, wohin sie gehören.",
  },
  flags: {
    config: "Die Konfiguration; ohne Angabe die in diesem Ordner oder einem darüber",
    json: "Ein JSON-Dokument ausgeben",
    quiet: "Nur Namen ausgeben, je Zeile einen",
    lang: "Die Sprache der Meldungen; ohne Angabe die der Umgebung",
    yes: "Ohne Rückfrage ausführen",
    dryRun: "Sagen, was geschähe, und nichts ändern",
    reason: "Der Grund, für das Protokoll",
    tenants: "Nur diese Mandanten; ohne Angabe alle",
    skipTenants: "Alle außer diesen Mandanten",
    withPending: "Auch Mandanten im Vorrat",
    processes: "Wie viele Mandanten zugleich; ohne Angabe 1",
    skipFailing: "Mit den anderen weitermachen, wenn einer fehlschlägt",
    canary: "Diese Mandanten zuerst, in einer eigenen Welle",
    waveSize: "Wie viele Mandanten jede weitere Welle hat; ohne Angabe alle",
    timeout: "Nach welcher Zeit ein Mandant vor seiner nächsten Migration aufhören soll",
    lockTimeout: "Wie lange auf eine fremde Sperre an einer Tabelle gewartet wird; ohne Angabe 5s",
    maintenance:
      "Was Nutzer eines Mandanten lesen, während er migriert wird; ohne Angabe bedient er sie weiter",
  },
  exits: {
    0: "Es ist getan.",
    1: "Es ist fehlgeschlagen.",
    2: "Der Aufruf ist falsch; nichts wurde geändert.",
    3: "Es ist zum Teil getan: für manche Mandanten oder Zeilen, für andere schlug es fehl.",
    4: "Jemand anderes ist dabei: später noch einmal versuchen.",
    130: "Es wurde unterbrochen; was im Journal steht, geht dort weiter.",
  },
  rules: {
    whole: "eine ganze Zahl angeben, und keine kleinere, als es geben kann",
    duration: "eine Dauer wie 30s, 15m, 12h oder 7d angeben",
    time: "eine Zeit angeben, die es gibt, wie 2030-01-31 oder 2030-01-31T12:00:00Z",
    json: "ein Objekt in JSON angeben, etwa '{\"seats\":5}'",
    empty: "mindestens einen Namen angeben; gar nichts heißt niemals alle",
  },
  help: {
    usage: "AUFRUF",
    aliases: "ANDERE NAMEN",
    commands: "BEFEHLE",
    flags: "SCHALTER",
    arguments: "ARGUMENTE",
    examples: "BEISPIELE",
    default: "Vorgabe =",
    separator: "Trenner =",
    help: "Diese Hilfe ausgeben",
    helpAll: "Diese Hilfe mit allem Verborgenen ausgeben",
    version: "Die Version ausgeben",
    escape: "Alles danach ist ein Argument",
  },
  refusals: {
    unknownCommand: (input, corrections) =>
      `Es gibt keinen Befehl „${input}“: ${orElse(corrections, "--help nennt, welche es gibt")}.`,
    unknownFlag: (input, corrections) =>
      `Es gibt keinen Schalter „${input}“: ${orElse(corrections, "--help nennt, welche es gibt; vor ein Argument, das mit einem Strich beginnt, gehört --")}.`,
    badValue: (flag, input, rule) => `Der Wert „${input}“ von ${flag} ist nicht zu lesen: ${rule}.`,
    notOneOf: (flag, input, values) =>
      `Den Wert „${input}“ von ${flag} gibt es nicht: einen von ${values.join(", ")} angeben.`,
    flagWithoutValue: (flag) => `${flag} hat keinen Wert: einen dahinter schreiben.`,
    flagTwice: (flag) => `${flag} steht zweimal da: einmal angeben.`,
    tooMany: (input) =>
      `Das Argument „${input}“ ist eines zu viel: was Leerzeichen hat, in Anführungszeichen setzen.`,
    missingArgument: (name) => `Das Argument <${name}> fehlt: es hinter den Befehl schreiben.`,
    unreadable: "Der Aufruf ist nicht zu lesen: siehe --help.",
    emptySelector: (name) =>
      `${name} ist leer: einen Mandanten nennen. Ein leerer Name heißt niemals alle.`,
    patternSelector: (value) =>
      `„${value}“ ist ein Muster oder steht für alle Mandanten: jeden mit Kürzel, Id oder Domain nennen.`,
    unknownTenant: (value) =>
      `Es gibt keinen Mandanten „${value}“: siehe \`af-tenancy tenant list\`, oder ihn mit slug:, id: oder domain: nennen.`,
    ambiguousTenant: (value) =>
      `„${value}“ ist das Kürzel eines Mandanten und die Id eines anderen: slug:${value} oder id:${value} schreiben.`,
    twice: (value) => `Der Mandant „${value}“ ist zweimal genannt: jeden nur einmal nennen.`,
    noSuchDomain: (tenant, domain) =>
      `Der Mandant „${tenant}“ hat keine Domain „${domain}“: siehe \`af-tenancy tenant domain list ${tenant}\`.`,
    nobodyLeft:
      "Von denen, die --tenants nennt, bleibt niemand, der hat, was dies braucht: --skip-tenants ansehen.",
    canaryOutside: (tenant) =>
      `Der Canary „${tenant}“ gehört nicht zu denen, die gemeint sind: aus --canary nehmen.`,
    needsYes: (command) =>
      `„${command}“ fragt, bevor es etwas tut, und hier ist niemand zu fragen: --dry-run ansehen, dann --yes sagen.`,
    needsPlan: (command) =>
      `„${command}“ soll jemand angesehen haben: mit --dry-run aufrufen, dann --yes und den --plan sagen, den es nennt.`,
    declined: "Nichts wurde geändert, wie gewünscht: auf die Frage Ja sagen, oder --yes.",
    interrupted:
      "Es wurde unterbrochen: noch einmal aufrufen, und `af-tenancy repair` für das, was begonnen war.",
    linkPattern: (flag) =>
      `${flag} braucht {id} oder {slug}: ohne teilten sich alle Mandanten einen Pfad.`,
    linkName: (id) => `Die Id „${id}“ ist kein Dateiname: nichts wurde verwiesen.`,
    processEnded:
      "Der Prozess endete vor dem Befehl: process.exit() aus dem eigenen Code nehmen, oder erwarten, worauf er wartet.",
    noConfig: (folder) =>
      `In „${folder}“ und darüber gibt es keine tenancy.config.ts: in den Ordner der Anwendung gehen, oder --config angeben.`,
    noSuchConfig: (path) => `Es gibt keine Konfiguration „${path}“: --config prüfen.`,
    configFailed: (path) =>
      `Die Konfiguration „${path}“ ist nicht zu laden: siehe die Ursache, oder mit --config das daraus Gebaute angeben.`,
    configIsNone: (path) =>
      `Die Konfiguration „${path}“ gibt nichts her, was createTenancy() nimmt: „export default defineTenancy({ ... })“ schreiben.`,
    needsRegistry: (command) =>
      `„${command}“ braucht ein Register: defineTenancy({ registry }) eines geben.`,
    needsTransfer: (command) =>
      `„${command}“ braucht Datenbanken, die Zeilen aus- und einlesen: defineTenancy({ databases }) solche geben.`,
    startTimedOut: (step, seconds, part) =>
      `${part === undefined ? hanging[step] : `Der Start von „${part}“`} kam in ${seconds} s zu keinem Ende: nachsehen, worauf gewartet wird, oder mit --timeout mehr Zeit geben.`,
    notPrinted:
      "Nicht alles konnte auf stdout geschrieben werden: siehe die Ursache, und vor einem neuen Aufruf, was der Befehl getan hat.",
    notWritten: (path) =>
      `„${path}“ ist nicht zu schreiben: siehe die Ursache, und ein anderes --folder angeben.`,
  },
  words: {
    error: "Fehler",
    because: "weil:",
    remedy: "was zu tun ist:",
    seeHelp: "siehe --help",
    nothingChanged: "Nichts wurde geändert.",
    wouldChange: "Geändert würde:",
    noChange: "Es gibt nichts zu ändern.",
    working: "es läuft",
    none: "keine",
    yes: "ja",
    no: "nein",
    which: "Welcher Mandant?",
    typeName: (name) => `Das ist nicht rückgängig zu machen. Zum Fortfahren ${name} eingeben`,
    milliseconds: (milliseconds, megabytes) => `${milliseconds} ms, ${megabytes} MB`,
    turn: (milliseconds, kilobytes) => `${milliseconds} ms, ${kilobytes} KB`,
    fleet: (done, failed, waiting) =>
      `Getan: ${done}, fehlgeschlagen: ${failed}, nicht begonnen: ${waiting}.`,
    nobody: "Niemand ist gemeint.",
    otherName: (name, asked) =>
      `Seine Datenbank heißt „${name}“ und nicht „${asked}“: Das Anlegen brach ab und wurde aufgenommen, unter eigenem Namen.`,
    wouldVisit: "An die Reihe kämen:",
    steps: { at: "Nach ms", what: "Was", took: "ms", memory: "KB mehr", error: "Fehler" },
  },
  migrations: {
    columns: {
      ...{ migration: "Migration", done: "Getan", failed: "Fehlgeschlagen" },
      ...{ together: "ms zusammen", longest: "ms höchstens" },
      ...{ tenant: "Mandant", state: "Zustand", before: "Vorher", after: "Nachher", time: "ms" },
    },
    wouldRun: "Ausgeführt würde:",
    nothing: "Alle haben, was sie haben sollen.",
    untold: "-- ist nicht zu sagen, ohne es auszuführen",
    plan: (id) => `Plan ${id}`,
    counts: ({ upToDate, done, failed, waiting, others }) =>
      `Getan: ${done}, fehlgeschlagen: ${failed}, nicht begonnen: ${waiting}, übergangen: ${others}, vorher schon so weit: ${upToDate}.`,
    stoppedAfter: (wave) =>
      `Nach Welle ${wave + 1} angehalten, weil darin zu viel fehlgeschlagen ist.`,
    goOn: (id, hasQuarantined) =>
      `Beheben, was fehlschlug, dann: af-tenancy migrate resume ${id}${hasQuarantined ? " --release" : ""}`,
    already:
      "Ein anderer Befehl migriert diese Flotte: auf ihn warten. Ist sein Prozess gestorben, ist das nach spätestens 15 s vorbei.",
  },
  makes: {
    badName: (name) =>
      `„${name}“ kann kein Name sein: kleine Buchstaben, Ziffern und Striche dazwischen nehmen, einen Buchstaben zuerst, etwa plan-limit.`,
    noProject: (folder) =>
      `In „${folder}“ und darüber ist keine package.json, die sich lesen lässt: in den Ordner des Projekts gehen.`,
    there: (path) =>
      `„${path}“ gibt es schon: einen anderen Namen geben, nichts wird überschrieben.`,
    done: (path) => `${path} ist geschrieben; wohin damit, sagt ihr Kommentar.`,
    noFramework: (names) =>
      `Kein Framework ist bekannt: eines in package.json aufnehmen oder --framework ${names} angeben.`,
    framework: "Welches Framework?",
  },
  remedies: {
    ILLEGAL_MOVE: "`af-tenancy tenant status <Mandant>` sagt, was jetzt mit ihm geht.",
    SLUG_TAKEN:
      "`af-tenancy tenant show <Kürzel>` sagt, wer es hat; was abgebrochen wurde, bringt `af-tenancy repair` zu Ende.",
    DOMAIN_TAKEN: "`af-tenancy tenant show <Domain>` sagt, wer sie hat.",
    TENANT_NOT_DELETED:
      "Erst `af-tenancy tenant delete <Mandant>`; --skip-grace, wenn er sofort weg soll oder nie fertig wurde.",
    INVALID_ROW: "--dry-run nennt jede Zeile, die nicht sein kann, --skip-invalid lässt sie aus.",
    PLAN_CHANGED: "--dry-run noch einmal ansehen: der Plan ist jetzt ein anderer.",
    MIGRATION_DIRTY:
      "Seine Tabellen ausbessern, dann `af-tenancy migrate resolve <Mandant> <Migration> --as applied` oder `--as reverted`.",
    MIGRATION_PLAN_NOT_FOUND: "`af-tenancy migrate status` nennt die letzten Pläne.",
    OPERATION_IN_FLIGHT:
      "Darauf warten; ist der Prozess gestorben, nimmt `af-tenancy repair` es auf.",
    PROVISIONING_FAILED:
      "Die Ursache beheben, dann bringt `af-tenancy repair` es zu Ende oder verwirft es; geht das nicht, entfernt `af-tenancy tenant purge <Mandant> --skip-grace` den Mandanten.",
    DATABASE_NOT_READY:
      "`af-tenancy doctor --tenants <Mandant>` sagt, was ihr fehlt; `af-tenancy repair` bringt Begonnenes zu Ende.",
    REGISTRY_UNAVAILABLE:
      "Läuft der Server des Registers, oder ist seine Datei da und beschreibbar, und die Platte nicht voll?",
  },
} satisfies Catalogue);

const hanging = Object.freeze({
  load: "Das Laden der Konfiguration",
  start: "Der Start von Register, Datenbanken und was die Konfiguration sonst hat",
  registry: "Die Frage an das Register",
});

function orElse(corrections: readonly string[], remedy: string): string {
  return corrections.length === 0 ? remedy : `gemeint ist vielleicht ${corrections.join(" oder ")}`;
}
