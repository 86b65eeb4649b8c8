import type { Catalogue } from "../messages/catalogue.ts";
import { type Given, kebab } from "./build-command.ts";
import type { Command } from "./define-command.ts";
import type { Flag } from "./flags.ts";

/** Gives the values of arguments and flags; what cannot be read is refused, and nothing was done before. */
export function readInput(
  command: Command,
  given: Given,
  { rules, refusals }: Catalogue,
  refuse: (message: string) => never,
): Readonly<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  const left = given.positional.filter((value) => value !== undefined);
  for (const [name, kind] of Object.entries(command.arguments)) {
    if (left.length === 0 && (kind === "required" || kind === "some")) {
      refuse(refusals.missingArgument(kebab(name)));
    }
    if (kind === "rest" || kind === "some") input[name] = left.splice(0);
    else if (left.length > 0) input[name] = left.shift();
  }
  for (const [name, flag] of Object.entries<Flag<unknown>>(command.flags)) {
    const value = given.flags[name];
    if (value === undefined) continue;
    const read = (text: string) =>
      flag.read(text, (rule) => refuse(refusals.badValue(`--${kebab(name)}`, text, rules[rule])));
    if (flag.kind === "switch") input[name] = value === true;
    else input[name] = Array.isArray(value) ? value.map(read) : read(String(value));
  }
  return input;
}
