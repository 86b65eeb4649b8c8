import {
  buildCommand as buildStricliCommand,
  type CommandContext,
  type Command as StricliCommand,
} from "@stricli/core";
import type { Catalogue } from "../messages/catalogue.ts";
import { type Completing, oneSlug, slugsOfArguments, slugsOfList } from "./complete-tenants.ts";
import type { Argument, Command } from "./define-command.ts";
import type { Flag } from "./flags.ts";
import { sharedFlagsOf, sharedText } from "./shared-flags.ts";

/** What commands get from whoever runs them. */
export interface CallContext extends CommandContext {
  /** Takes over with what was written after the command's words, still as texts. */
  call(command: Command, given: Given): Promise<void>;
  /** What a shell asks about, where it does. */
  readonly completing?: Completing;
}

/** What was written after a command's words. */
export interface Given {
  readonly flags: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly positional: readonly string[];
}

/** Makes of a command what the parser understands, with its texts in one language. */
export function buildCommand(command: Command, catalogue: Catalogue): StricliCommand<CallContext> {
  const texts = command.texts[catalogue.language];
  const shared = sharedFlagsOf(command);
  const flags = { ...command.flags, ...shared };
  const brief = (name: string) =>
    (texts.flags as Readonly<Record<string, string>>)[name] ?? sharedText(catalogue, name);
  return buildStricliCommand<Given["flags"], string[], CallContext>({
    docs: {
      brief: texts.brief,
      fullDescription: description(command, catalogue),
      customUsage: [usageOf(command)],
    },
    parameters: {
      flags: Object.fromEntries(
        Object.entries(flags).map(([name, flag]) => [name, parameterOf(flag, brief(name))]),
      ) as never,
      aliases: Object.fromEntries(
        Object.entries(flags).flatMap(([name, { short }]) => (short ? [[short, name]] : [])),
      ),
      positional: positionalOf(command, texts.arguments) as never,
    },
    loader: async () =>
      function run(this: CallContext, given, ...positional) {
        return this.call(command, { flags: given, positional });
      },
  });
}

/** How a command is written: `<slug> [<name>] [flags]`. */
export function usageOf({ arguments: taken }: Command): string {
  const words = Object.entries(taken).map(([name, kind]) => marks[kind](kebab(name)));
  return [...words, "[flags]"].join(" ");
}

/** How a name is written on a command line. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

const marks: Readonly<Record<Argument, (name: string) => string>> = Object.freeze({
  required: (name) => `<${name}>`,
  optional: (name) => `[<${name}>]`,
  some: (name) => `<${name}>...`,
  rest: (name) => `[<${name}>]...`,
});

function description({ texts, examples }: Command, catalogue: Catalogue): string {
  const { brief, description: more } = texts[catalogue.language];
  return [
    more === undefined ? brief : `${brief}\n${more}`,
    "",
    catalogue.help.examples,
    ...examples.map((example) => `  af-tenancy ${example}`),
  ].join("\n");
}

function parameterOf(flag: Flag<unknown>, brief: string): object {
  const { kind, values, placeholder, namesTenants } = flag;
  const common = { brief, optional: true };
  if (kind === "switch") return { ...common, kind: "boolean", withNegated: false };
  if (kind === "choice") return { ...common, kind: "enum", values };
  const parsed = {
    ...common,
    kind: "parsed",
    parse: String,
    placeholder,
    ...(namesTenants && slugsOfList),
  };
  return kind === "list" ? { ...parsed, variadic: "," } : parsed;
}

/** All of them are texts in one list; whoever runs the command tells them apart and asks for what is missing. */
function positionalOf(
  { path, arguments: taken }: Command,
  texts: Readonly<Record<string, string>>,
): object {
  const parameters = Object.entries(taken).map(([name]) => ({
    brief: texts[name] ?? name,
    placeholder: kebab(name),
    parse: String,
    optional: true,
    ...(name === "tenant" && oneSlug),
  }));
  const [last] = Object.values(taken).slice(-1);
  if (last !== "rest" && last !== "some") return { kind: "tuple", parameters };
  const names = parameters.map(({ placeholder }) => placeholder).join(" ");
  const brief = parameters.map(({ brief: each }) => each).join("; ");
  const proposing = slugsOfArguments(path, Object.keys(taken));
  return { kind: "array", parameter: { brief, placeholder: names, parse: String, ...proposing } };
}
