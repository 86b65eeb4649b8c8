import { domainToASCII, domainToUnicode } from "node:url";
import { checkKnownOptions, InvalidInputError, mixesScripts } from "@af-tenancy/core";
import { isMachineHost } from "./is-machine-host.ts";
import { parseHost, type RefuseHost } from "./parse-host.ts";

/** What a domain may be. */
export interface CanonicalDomainOptions {
  /** Accepts a domain whose parts mix scripts, as genuine names seldom do; `false` when absent. */
  readonly mixedScripts?: boolean;
}

/**
 * Gives the name under which a domain is registered: what `canonicalHost` will say when a request comes for it.
 *
 * International names become their ASCII form (UTS-46), but only when they are written the way they are shown: a
 * full-width, soft-hyphenated or upper-case variant is refused instead of silently becoming another name. So is one that
 * mixes scripts, such as Latin letters and Cyrillic ones that look alike. For a wildcard pass what follows its `*.`.
 *
 * @example canonicalDomain("Acme.Example") // "acme.example"
 * @example canonicalDomain("bücher.example") // "xn--bcher-kva.example"
 * @throws InvalidInputError for what is no domain: a port, an address, `localhost`, a malformed or disguised name.
 * @throws ConfigurationError for an unknown option.
 */
export function canonicalDomain(input: string, options: CanonicalDomainOptions = {}): string {
  checkKnownOptions<CanonicalDomainOptions>("canonicalDomain", options, { mixedScripts: true });
  const refuse: RefuseHost = (_text, reason) => {
    throw new InvalidInputError("domains", input, reason);
  };
  const domain = parseHost(asciiForm(input, refuse), refuse);
  if (isMachineHost(domain)) {
    refuse(input, "it names a machine and never a tenant: list it in createTenancy({ central })");
  }
  if (input.includes(":")) refuse(input, "a domain is written without a port");
  if (!hasSoundPunycode(domain)) {
    refuse(input, 'a part of it begins with "xn--" and stands for no international name');
  }
  if (options.mixedScripts !== true && mixesScripts(domain)) {
    refuse(input, "it mixes scripts, as names do that are to look like others");
  }
  return domain;
}

function asciiForm(input: string, refuse: RefuseHost): string {
  const written = input.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  if (!/[^\0-\x7f]/.test(written)) return written;
  const ascii = domainToASCII(written);
  const shown = domainToUnicode(ascii);
  if (shown === "") refuse(input, "it is no valid international name");
  // `domainToASCII` also drops tabs and cuts at a slash; only what reads the same afterwards was a name.
  if (shown !== written) refuse(input, `it would become "${shown}": write that if it is meant`);
  return ascii;
}

/** For a part that cannot be decoded some versions of Node give nothing, others give it back as it is. */
function hasSoundPunycode(domain: string): boolean {
  const shown = domainToUnicode(domain);
  return domainToASCII(shown) === domain && !/(?:^|\.)xn--/.test(shown);
}
