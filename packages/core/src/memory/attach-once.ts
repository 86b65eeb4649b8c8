import type { Clock } from "../contracts/clock.ts";
import type { TenancyHost } from "../contracts/component.ts";
import { ConfigurationError } from "../errors/configuration-errors.ts";
import { systemClock } from "./system-clock.ts";

/** The tenancy to which a component belongs, once it does. */
export interface Attachment {
  /** Throws `ConfigurationError` when the component belongs to another tenancy. */
  readonly attach: (host: TenancyHost) => void;
  /** Throws `ConfigurationError` when the component belongs to none. */
  readonly host: () => TenancyHost;
  /** The tenancy's time; the system's as long as there is no tenancy. */
  readonly clock: Clock;
}

/** Keeps the tenancy of one component; `option` names it in errors. */
export function attachOnce(option: string): Attachment {
  const system = systemClock();
  let owner: TenancyHost | undefined;
  const clock = (): Clock => owner?.clock ?? system;

  return {
    attach(host) {
      if (owner !== undefined && owner !== host) {
        throw new ConfigurationError(
          option,
          "part of another tenancy already",
          "make one for each createTenancy().",
        );
      }
      owner = host;
    },
    host() {
      if (owner === undefined) {
        throw new ConfigurationError(
          option,
          "not part of a tenancy",
          `pass it to createTenancy({ ${option} }).`,
        );
      }
      return owner;
    },
    clock: {
      now: () => clock().now(),
      monotonic: () => clock().monotonic(),
      sleep: (milliseconds, signal) => clock().sleep(milliseconds, signal),
    },
  };
}
