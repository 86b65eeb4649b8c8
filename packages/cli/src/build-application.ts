import {
  type Application,
  type ArgumentScannerError,
  buildRouteMap,
  buildApplication as buildStricliApplication,
  formatMessageForArgumentScannerError,
  type RouteMap,
  type Command as StricliCommand,
  text_en,
} from "@stricli/core";
import { buildCommand, type CallContext } from "./command/build-command.ts";
import { commands } from "./command-table.ts";
import type { Catalogue } from "./messages/catalogue.ts";
import { packageVersion } from "./package-version.ts";

/** Makes the parser of all commands, in one language. */
export function buildApplication(catalogue: Catalogue): Application<CallContext> {
  return buildStricliApplication(routesOf("", catalogue), {
    name: "af-tenancy",
    versionInfo: { getCurrentVersion: packageVersion },
    scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
    documentation: { onlyRequiredInUsageLine: true },
    localization: { text: textsOf(catalogue) },
  });
}

function routesOf(group: string, catalogue: Catalogue): RouteMap<CallContext> {
  const routes: Record<string, RouteMap<CallContext> | StricliCommand<CallContext>> = {};
  const prefix = group === "" ? "" : `${group} `;
  for (const command of commands) {
    if (!command.path.startsWith(prefix)) continue;
    const [word = "", ...more] = command.path.slice(prefix.length).split(" ");
    routes[word] ??=
      more.length === 0
        ? buildCommand(command, catalogue)
        : routesOf(`${prefix}${word}`, catalogue);
  }
  const brief = catalogue.groups[group] ?? catalogue.application;
  return buildRouteMap({ routes, docs: { brief } });
}

function textsOf({ help, refusals }: Catalogue): typeof text_en {
  const { usage, aliases, commands: list, flags, arguments: taken } = help;
  return {
    ...text_en,
    headers: { usage, aliases, commands: list, flags, arguments: taken },
    keywords: { default: help.default, separator: help.separator },
    briefs: {
      help: help.help,
      helpAll: help.helpAll,
      version: help.version,
      argumentEscapeSequence: help.escape,
    },
    noCommandRegisteredForInput: ({ input, corrections }) =>
      refusals.unknownCommand(input, corrections),
    exceptionWhileParsingArguments: (error) =>
      formatMessageForArgumentScannerError(error as ArgumentScannerError, {
        FlagNotFoundError: ({ input, corrections }) =>
          refusals.unknownFlag(
            `--${input}`,
            corrections.map((one) => `--${one}`),
          ),
        AliasNotFoundError: ({ input }) => refusals.unknownFlag(`-${input}`, []),
        ArgumentParseError: () => refusals.unreadable,
        EnumValidationError: ({ externalFlagName, input, values }) =>
          refusals.notOneOf(`--${externalFlagName}`, input, values),
        InvalidNegatedFlagSyntaxError: ({ externalFlagName }) =>
          refusals.unknownFlag(`--${externalFlagName}`, []),
        UnexpectedFlagError: ({ externalFlagName }) => refusals.flagTwice(`--${externalFlagName}`),
        UnexpectedPositionalError: ({ input }) => refusals.tooMany(input),
        UnsatisfiedFlagError: ({ externalFlagName }) =>
          refusals.flagWithoutValue(`--${externalFlagName}`),
        UnsatisfiedPositionalError: ({ placeholder }) => refusals.missingArgument(placeholder),
      }),
  };
}
