import { z } from "zod";
import { kebab, usageOf } from "../../src/command/build-command.ts";
import type { Command } from "../../src/command/define-command.ts";
import { sharedFlagsOf, sharedText } from "../../src/command/shared-flags.ts";
import { commands } from "../../src/command-table.ts";
import type { ExitCode } from "../../src/exit-codes.ts";
import { english } from "../../src/messages/english.ts";
import { outputs } from "../../src/outputs/outputs.ts";
import {
  costOutput,
  domainOutput,
  jsonValue,
  tenantOutput,
} from "../../src/outputs/tenant-output.ts";

const generated =
  "<!-- Generated from the commands themselves: `vitest run packages/cli -u` writes it anew. -->";

/** What stands in several outputs. */
const parts = {
  "one-tenant": tenantOutput,
  "one-domain": domainOutput,
  cost: costOutput,
  value: jsonValue,
};

/** Gives every page of the reference by the name of its file. */
export function referencePages(): ReadonlyMap<string, string> {
  const pages = new Map<string, string>([["README.md", index()]]);
  for (const group of groups()) pages.set(fileOf(group), page(group));
  pages.set("json.md", schemas());
  return pages;
}

function index(): string {
  const rows = commands.map(
    (command) => `| [\`${command.path}\`](${linkTo(command)}) | ${command.texts.en.brief} |`,
  );
  const exits = Object.entries(english.exits).map(([code, text]) => `| ${code} | ${text} |`);
  return lines(
    "# Commands",
    generated,
    "Every command, its flags and what it prints. How to use them is in [the command](../cli.md).",
    ["| Command | |", "|---|---|", ...rows].join("\n"),
    "## Exit codes",
    ["| Code | Meaning |", "|---|---|", ...exits].join("\n"),
  );
}

function page(group: string): string {
  const title = group === "" ? "Other commands" : `\`${group}\``;
  const brief = english.groups[group] ?? "What belongs to no group.";
  return lines(`# ${title}`, generated, brief, ...commandsOf(group).map(section));
}

function section(command: Command): string {
  const { path, texts, examples, exits, output } = command;
  return lines(
    `## ${path}`,
    [texts.en.brief, texts.en.description].filter(Boolean).join(".\n").replace(/\.?$/, "."),
    ["```sh", `af-tenancy ${path} ${usageOf(command)}`, "```"].join("\n"),
    ["```sh", ...examples.map((example) => `af-tenancy ${example}`), "```"].join("\n"),
    table(command),
    output === undefined
      ? "It prints no JSON."
      : `\`--json\` prints [\`${output}\`](json.md#${output}).`,
    ...(texts.en.dryRun === undefined
      ? ["It changes no tenant, so it has no `--dry-run`."]
      : [`\`--dry-run\` prints: ${lowerFirst(texts.en.dryRun)}.`]),
    `Exits with ${exits.map((code) => `${code} (${meaning(code)})`).join(", ")}.`,
  );
}

function table(command: Command): string {
  const { texts, arguments: taken, flags } = command;
  const rows = Object.keys(taken).map(
    (name) => `| \`<${kebab(name)}>\` | ${texts.en.arguments[name]} |`,
  );
  const all = { ...flags, ...sharedFlagsOf(command) };
  for (const [name, { short, placeholder, values }] of Object.entries(all)) {
    const value = values?.join("\\|") ?? placeholder;
    const written = `${short ? `-${short}, ` : ""}--${kebab(name)}${value ? ` ${value}` : ""}`;
    rows.push(`| \`${written}\` | ${texts.en.flags[name] ?? sharedText(english, name)} |`);
  }
  return ["| Option | |", "|---|---|", ...rows].join("\n");
}

/** Those that stand in several outputs are told once. */
function schemas(): string {
  const registry = z.registry<{ readonly id: string }>();
  for (const [id, schema] of Object.entries({ ...outputs, ...parts })) registry.add(schema, { id });
  const told = z.toJSONSchema(registry, { uri: (id) => `#${id}` }).schemas;
  return lines(
    "# What `--json` prints",
    generated,
    "One document on stdout. The package exports the same as zod schemas: `outputs`.",
    ...Object.entries(told).map(([name, told]) => {
      const { $schema: _dialect, $id: _id, ...schema } = told;
      return `## ${name}\n\n\`\`\`json\n${compact(schema)}\n\`\`\``;
    }),
  );
}

/** JSON with what fits into a line on one. */
function compact(value: unknown, indent = ""): string {
  const line = JSON.stringify(value, null, 1).replace(/\n\s*/g, " ");
  if (typeof value !== "object" || value === null || line.length + indent.length < 100) return line;
  const inner = `${indent}  `;
  const entries = Array.isArray(value)
    ? value.map((one) => compact(one, inner))
    : Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${compact(one, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${entries.map((one) => inner + one).join(",\n")}\n${indent}${close}`;
}

/** Groups of which a command is a direct member. */
function groups(): ReadonlySet<string> {
  return new Set(commands.map(groupOf));
}

function commandsOf(group: string): readonly Command[] {
  return commands.filter((command) => groupOf(command) === group);
}

function groupOf({ path }: Command): string {
  return path.split(" ").slice(0, -1).join(" ");
}

function fileOf(group: string): string {
  return group === "" ? "other.md" : `${group.replaceAll(" ", "-")}.md`;
}

function linkTo(command: Command): string {
  return `${fileOf(groupOf(command))}#${command.path.replaceAll(" ", "-")}`;
}

function meaning(code: ExitCode): string {
  return lowerFirst(english.exits[code].split(/[;:.]/)[0] ?? "");
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function lines(...parts: readonly string[]): string {
  return `${parts.map((part) => part.trimEnd()).join("\n\n")}\n`;
}
