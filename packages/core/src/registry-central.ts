import { centralDomains, isCentralName } from "./central-domains.ts";
import { CentralFollower } from "./central-follower.ts";
import type { TenancyComponent, TenancyHost } from "./contracts/component.ts";
import type { CentralRegistry, RegistryTransaction } from "./contracts/registry.ts";
import type { CentralDomains } from "./contracts/resolver.ts";
import { ConfigurationError } from "./errors/configuration-errors.ts";
import { DomainTakenError, InvalidInputError, SlugTakenError } from "./errors/registry-errors.ts";
import { checkKnownOptions } from "./known-options.ts";
import { attachOnce } from "./memory/attach-once.ts";
import { tellFailure } from "./tell-failure.ts";

/** What is central besides what the registry says. */
export interface RegistryCentralOptions {
  /** Host names that are always central, as in `createTenancy({ central })`; none when absent. */
  readonly names?: readonly string[];
}

/** Central host names that the registry keeps, and their changes. */
export interface RegistryCentral extends CentralDomains, TenancyComponent {
  /**
   * Makes a host name or wildcard central, here at once and in other processes within a second. Gives whether it was not.
   * Throws `InvalidInputError`, or `DomainTakenError` and `SlugTakenError` where a tenant would lose a host by it.
   */
  add(name: string): Promise<boolean>;
  /** Ends that, and gives whether it was so; what the configuration says stays. */
  remove(name: string): Promise<boolean>;
}

/**
 * Keeps central host names in the registry, beside those of the configuration. It belongs to one tenancy.
 *
 * @example const central = registryCentral({ names: ["example.com"] });  // createTenancy({ registry, central })
 * @throws ConfigurationError
 */
export function registryCentral(options: RegistryCentralOptions = {}): RegistryCentral {
  checkKnownOptions<RegistryCentralOptions>("registryCentral", options, { names: true });
  const { names = [] } = options;
  if (!Array.isArray(names) || !names.every(isCentralName)) {
    const remedy = "give an array of host names in lower case, without scheme, port or path.";
    throw new ConfigurationError("registryCentral.names", "not a list of host names", remedy);
  }
  return new KeptCentral(names);
}

class KeptCentral implements RegistryCentral {
  readonly name = "registry-central";
  readonly #configured: readonly string[];
  readonly #attachment = attachOnce("central");
  #follower: CentralFollower | undefined;
  #current: CentralDomains;

  constructor(configured: readonly string[]) {
    this.#configured = [...configured];
    this.#current = centralDomains(configured);
  }

  get current(): CentralDomains {
    return this.#current;
  }

  get names(): readonly string[] {
    return this.#current.names;
  }

  has(host: string): boolean {
    return this.#current.has(host);
  }

  attach(host: TenancyHost): void {
    this.#attachment.attach(host);
    void host.registry; // throws where there is none
  }

  async start(): Promise<void> {
    if (this.#follower !== undefined) return;
    const { registry, clock } = this.#attachment.host();
    const follower = new CentralFollower(registry, clock, {
      found: (names) => {
        this.#current = centralDomains([...new Set([...this.#configured, ...names])]);
      },
      failed: (error) => void tellFailure(this.#attachment.host(), error),
    });
    await follower.start();
    this.#follower = follower;
  }

  async close(): Promise<void> {
    const follower = this.#follower;
    this.#follower = undefined;
    await follower?.stop();
  }

  add(name: string): Promise<boolean> {
    return this.#change("central.added", name, async (registry, transaction) => {
      if (!(await transaction.centralDomains.add(name))) return false;
      await assertNobodys(registry, transaction, name, this.names);
      return true;
    });
  }

  remove(name: string): Promise<boolean> {
    return this.#change("central.removed", name, (_registry, { centralDomains: kept }) =>
      kept.remove(name),
    );
  }

  async #change(
    action: string,
    name: string,
    work: (registry: CentralRegistry, transaction: RegistryTransaction) => Promise<boolean>,
  ): Promise<boolean> {
    if (!isCentralName(name)) {
      const rule = "a central host is a name in lower case, without scheme, port or path";
      throw new InvalidInputError("central", String(name).slice(0, 260), rule);
    }
    const { registry, origin } = this.#attachment.host();
    const { actor, ...cause } = origin;
    const isChanged = await registry.transaction(async (transaction) => {
      if (!(await work(registry, transaction))) return false;
      const { audit, outbox } = transaction;
      await outbox.append({
        ...{ type: action, tenantId: nobody, version: 0, payload: { domains: [name] } },
      });
      await audit.append({ action, tenantId: undefined, actor, cause, details: { name } });
      return true;
    });
    if (isChanged) await this.#follower?.read();
    return isChanged;
  }
}

/** The tenant of a change that is about none; no tenant has this id. */
const nobody = "";

/** Throws where a tenant answers to the name, or to one that a wildcard stands for. */
async function assertNobodys(
  { store }: CentralRegistry,
  { domains }: RegistryTransaction,
  name: string,
  central: readonly string[],
): Promise<void> {
  const dot = name.indexOf(".");
  const [label, rest] = dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)];
  for (const one of [name, `*.${rest}`]) {
    if ((await domains.find(one)) !== undefined) throw new DomainTakenError(one);
  }
  if (label === "*") {
    const all = await domains.list({ limit: Number.MAX_SAFE_INTEGER });
    const below = all.find((one) => one.name.slice(one.name.indexOf(".") + 1) === rest);
    if (below !== undefined) throw new DomainTakenError(below.name);
  } else if (central.includes(rest) && (await store.find({ by: "slug", value: label }))) {
    throw new SlugTakenError(label);
  }
}
