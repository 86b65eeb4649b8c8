import { ConfigurationError } from "@af-tenancy/core";
import { isMachineHost } from "./is-machine-host.ts";
import { parseHost, type RefuseHost } from "./parse-host.ts";

/** Gives the one label that a host has before a suffix such as `.example.com`; `undefined` for every other host. */
export function labelBefore(suffix: string, host: string): string | undefined {
  const labelEnd = host.length - suffix.length;
  if (host.indexOf(".") !== labelEnd || !host.endsWith(suffix)) return undefined;
  return host.slice(0, labelEnd);
}

/** Checks that a host under a domain can be named by a request and is no address; throws `ConfigurationError`. */
export function checkDomain(key: string, domain: string): void {
  const refuse: RefuseHost = () => {
    throw new ConfigurationError(
      key,
      JSON.stringify(domain),
      'give a host name such as "example.com": ASCII, lower case, no port, no dot at either end.',
    );
  };
  const host = `tenant.${domain}`;
  if (typeof domain !== "string") refuse(host, "no text");
  if (parseHost(host, refuse) !== host || isMachineHost(host)) refuse(host, "not canonical");
}
