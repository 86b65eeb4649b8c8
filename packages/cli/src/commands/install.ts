import { accessSync, constants, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { defineCommand } from "../command/define-command.ts";
import { choice, on } from "../command/flags.ts";
import { carryOut } from "../install/carry-out.ts";
import { choose } from "../install/choose.ts";
import { inTheWay, planInstall } from "../install/install-plan.ts";
import {
  drivers,
  frameworks,
  languages,
  packageManagers,
  readProject,
} from "../install/project.ts";
import { runTool } from "../install/run-tool.ts";
import { servingLines } from "../install/server-file.ts";
import type { InstallOutput } from "../outputs/install-output.ts";
import { packageVersion } from "../package-version.ts";
import { askConsent } from "../terminal/consent.ts";
import { plainText } from "../terminal/plain-text.ts";
import { write } from "../terminal/write.ts";

/** `install`: makes a project ready for tenants. */
export const install = defineCommand({
  path: "install",
  kind: "changes",
  undoes: true,
  arguments: {},
  flags: {
    framework: choice(frameworks),
    driver: choice(drivers),
    packageManager: choice(packageManagers),
    language: choice(languages),
    noInstall: on(),
    yes: on("y"),
  },
  examples: [
    "install",
    "install --framework express --driver sqlite --yes",
    "install --dry-run --json",
  ],
  exits: [0, 1, 2, 130],
  output: "install",
  texts: {
    en: {
      brief: "Makes the project in this folder ready for tenants",
      description:
        "Writes a configuration, an entity and, where there is none yet, a server, and adds the packages that they need.\nNo file is overwritten, and what fails or is stopped is taken back. What no flag says is told by package.json and the lockfile, or asked for on a terminal.",
      arguments: {},
      flags: {
        framework: "Which framework serves; the one that the project has when absent",
        driver:
          "Where tenants' data goes; the one that the project has when absent, or else sqlite",
        packageManager: "Who installs; the one of the lockfile when absent, or else npm",
        language: "What is written; ts when absent, unless the project is of JavaScript",
        noInstall: "Add the packages to package.json, and install nothing",
      },
      dryRun: "What would be written and added, after the project was checked",
      oldNode: (version: string, needed: string) =>
        `This is Node ${version}, and ${needed} is needed: install a newer one.`,
      noManifest: (folder: string) =>
        `There is no package.json in "${folder}": go to your project's folder, or make one with \`npm init -y\`.`,
      brokenManifest: (path: string) =>
        `"${path}" is no JSON object that can be read: mend it, then try again.`,
      readOnly: (path: string) =>
        `"${path}" may not be written: make it writable, for packages are added to it.`,
      inTheWay: (name: string) =>
        `There is a file "${name}" already, and no file is overwritten: move it away, or go on with what you have.`,
      noFramework: (names: string) =>
        `No framework is known: add one to package.json, or give --framework ${names}.`,
      noManager: (names: string) =>
        `The project is another package manager's: give --package-manager ${names}, or say --no-install and install with yours.`,
      notThere: (manager: string) =>
        `There is no ${manager} to be found here: install it, give another --package-manager, or say --no-install.`,
      failed: (step: string) =>
        `"${step}" failed, and the project is as it was: see the cause, then try again.`,
      framework: "Which framework?",
      driver: "Where does tenants' data go?",
      plan: "This will be written and added:",
      goOn: "Go on?",
      done: (folder: string) => `"${folder}" is ready for tenants.`,
      would: "Would be written and added:",
      lines: "Your server needs these lines:",
      next: "Next:",
    },
    de: {
      brief: "Macht das Projekt in diesem Ordner bereit für Mandanten",
      description:
        "Schreibt eine Konfiguration, eine Entität und, wo es noch keinen gibt, einen Server, und fügt die Pakete hinzu, die sie brauchen.\nKeine Datei wird überschrieben; was fehlschlägt oder angehalten wird, wird zurückgenommen. Was kein Schalter sagt, sagen package.json und die Sperrdatei, oder es wird am Terminal gefragt.",
      arguments: {},
      flags: {
        framework: "Welches Framework bedient; ohne Angabe das, welches das Projekt hat",
        driver:
          "Wohin die Daten der Mandanten kommen; ohne Angabe, was das Projekt hat, sonst sqlite",
        packageManager: "Wer installiert; ohne Angabe der der Sperrdatei, sonst npm",
        language: "Was geschrieben wird; ohne Angabe ts, wenn das Projekt nicht in JavaScript ist",
        noInstall: "Die Pakete in package.json eintragen und nichts installieren",
      },
      dryRun: "Was geschrieben und hinzugefügt würde, nachdem das Projekt geprüft wurde",
      oldNode: (version: string, needed: string) =>
        `Dies ist Node ${version}, und nötig ist ${needed}: ein neueres installieren.`,
      noManifest: (folder: string) =>
        `In „${folder}“ ist keine package.json: in den Ordner des Projekts gehen, oder mit \`npm init -y\` eine anlegen.`,
      brokenManifest: (path: string) =>
        `„${path}“ ist kein JSON-Objekt, das sich lesen lässt: ausbessern, dann noch einmal.`,
      readOnly: (path: string) =>
        `„${path}“ darf nicht geschrieben werden: schreibbar machen, denn Pakete kommen hinein.`,
      inTheWay: (name: string) =>
        `Es gibt schon eine Datei „${name}“, und keine wird überschrieben: sie wegräumen, oder mit dem weitermachen, was da ist.`,
      noFramework: (names: string) =>
        `Es ist kein Framework bekannt: eines in package.json eintragen, oder --framework ${names} angeben.`,
      noManager: (names: string) =>
        `Das Projekt gehört einem anderen Paketmanager: --package-manager ${names} angeben, oder --no-install sagen und mit Ihrem installieren.`,
      notThere: (manager: string) =>
        `Hier ist kein ${manager} zu finden: es installieren, ein anderes --package-manager angeben, oder --no-install sagen.`,
      failed: (step: string) =>
        `„${step}“ schlug fehl, und das Projekt ist, wie es war: siehe die Ursache, dann noch einmal.`,
      framework: "Welches Framework?",
      driver: "Wohin kommen die Daten der Mandanten?",
      plan: "Das wird geschrieben und hinzugefügt:",
      goOn: "Weiter?",
      done: (folder: string) => `„${folder}“ ist bereit für Mandanten.`,
      would: "Geschrieben und hinzugefügt würde:",
      lines: "Ihr Server braucht diese Zeilen:",
      next: "Als Nächstes:",
    },
  },
  async run(session, { noInstall = false, language, ...wanted }) {
    const { texts, settings, terminal, refuse, catalogue } = session;
    const { dryRun, json, quiet } = settings;
    const { folder } = terminal;
    if (!isRecent(process.versions.node)) refuse(texts.oldNode(process.versions.node, oldest));
    const manifest = join(folder, "package.json");
    if (!existsSync(manifest)) refuse(texts.noManifest(folder));
    const project = readProject(folder, language) ?? refuse(texts.brokenManifest(manifest));
    if (!isWritable(manifest)) refuse(texts.readOnly(manifest));
    const framework =
      (await choose(session, wanted.framework ?? project.framework, {
        ...{ question: texts.framework, values: frameworks },
      })) ?? refuse(texts.noFramework(frameworks.join(", ")));
    const known = wanted.driver ?? project.driver;
    const question = { question: texts.driver, values: drivers };
    const driver = (await choose(session, known, question)) ?? "sqlite";
    const plan = planInstall(project, { framework, driver, version: await packageVersion() });
    const existing = inTheWay(folder, plan);
    if (existing !== undefined) refuse(texts.inTheWay(existing));
    const manager = wanted.packageManager ?? project.packageManager;
    const installing = noInstall
      ? undefined
      : (manager ?? refuse(texts.noManager(packageManagers.join(", "))));
    if (installing !== undefined) {
      const { code } = await runTool(installing, ["--version"], { folder });
      if (code !== 0) refuse(texts.notThere(installing));
    }
    const files = Object.keys(plan.files);
    const told = [
      ...files,
      ...plan.additions.map(
        ({ name, range, kind }) => `${name}@${range}${kind === "dependencies" ? "" : " (dev)"}`,
      ),
    ];
    if (!dryRun && !json && !quiet) {
      const lines = [texts.plan, ...told.map((line) => `  ${line}`)];
      await write(terminal.stderr, `${lines.map(plainText).join("\n")}\n`);
      if (settings.mayAsk) await askConsent(session, texts.goOn);
    }
    const steps = dryRun ? [] : await carryOut(session, project, plan, installing);
    const value: InstallOutput = {
      ...{ dryRun, folder, framework, driver, packageManager: manager ?? null, files },
      packages: [...plan.additions],
      ...{ installed: !dryRun && installing !== undefined, steps },
      next: nextCommands(installing ?? manager ?? "npm", {
        ...{ server: plan.server, isServed: driver !== "sqlite" },
        mustInstall: installing === undefined,
      }),
    };
    return {
      value,
      quiet: files,
      show(print) {
        if (dryRun) {
          print.line(texts.would, "yellow");
          for (const line of told) print.line(`  ${line}`);
          return print.line(catalogue.words.nothingChanged, "yellow");
        }
        for (const { step, milliseconds } of steps)
          print.line(`  ${step} ${milliseconds} ms`, "dim");
        print.line(texts.done(folder), "green");
        if (plan.server === undefined) {
          print.line(texts.lines);
          for (const line of servingLines(framework)) print.line(`  ${line}`);
        }
        print.line(texts.next, "bold");
        for (const line of value.next) print.line(`  ${line}`);
      },
    };
  },
});

/** The oldest Node that the packages run on. */
const oldest = "22.19.0";

/** Whoever may write everything still leaves alone what nobody is to write. */
function isWritable(path: string): boolean {
  if ((statSync(path).mode & 0o222) === 0) return false;
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = oldest.split(".").map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/** From here to the first tenant that answers; where a server has the data, first whether that can be reached. */
function nextCommands(
  manager: "npm" | "pnpm",
  has: {
    readonly server: string | undefined;
    readonly isServed: boolean;
    readonly mustInstall: boolean;
  },
): string[] {
  const command = manager === "npm" ? "npx af-tenancy" : "pnpm exec af-tenancy";
  const { server, isServed, mustInstall } = has;
  return [
    ...(mustInstall ? [`${manager} install`] : []),
    ...(isServed ? [`${command} config check`] : []),
    `${command} tenant create acme --domain acme.localhost`,
    ...(server === undefined ? [] : [`node ${server}`, "curl http://acme.localhost:3000/notes"]),
  ];
}
