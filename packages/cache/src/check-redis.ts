import { ConfigurationError, checkKnownOptions } from "@af-tenancy/core";
import type { RedisLayerOptions } from "./cached-tenant-store-options.ts";
import { wholeNumber } from "./whole-number.ts";

/** Checks which Redis is meant, and fills in defaults; throws `ConfigurationError`. */
export function checkRedis(name: string, options: RedisLayerOptions): Required<RedisLayerOptions> {
  checkKnownOptions<RedisLayerOptions>(name, options, { url: true, prefix: true, timeout: true });
  const { url, prefix, timeout } = options;
  // Never the address itself: there may be a password in it.
  if (typeof url !== "string" || !/^rediss?:\/\/./.test(url) || !URL.canParse(url)) {
    const remedy = "give an address such as redis://localhost:6379.";
    throw new ConfigurationError(`${name}.url`, "no Redis address", remedy);
  }
  if (typeof prefix !== "string" || !/^[A-Za-z0-9._-]{1,64}$/.test(prefix)) {
    const given = typeof prefix === "string" ? JSON.stringify(prefix.slice(0, 64)) : typeof prefix;
    const remedy =
      "give 1 to 64 letters, digits, dots, hyphens and underscores, others for each registry.";
    throw new ConfigurationError(`${name}.prefix`, given, remedy);
  }
  return { url, prefix, timeout: wholeNumber(`${name}.timeout`, timeout ?? 100, 1, 10_000) };
}
