import type { TenantDatabases } from "@af-tenancy/core";

/** As much of MikroORM's entity manager as is used here. */
export interface Manager {
  getMetadata(): { getAll(): ReadonlyMap<unknown, Meta> };
  insert(entity: unknown, row: object): Promise<unknown>;
  find(entity: unknown, where: object, options: object): Promise<readonly unknown[]>;
}

interface Meta {
  readonly class: unknown;
  readonly className: string;
  readonly abstract?: boolean;
  readonly pivotTable?: boolean;
  readonly embeddable?: boolean;
  readonly virtual?: boolean;
  readonly primaryKeys: readonly string[];
  readonly props: readonly Property[];
}

interface Property {
  readonly name: string;
  readonly kind: string;
  readonly primary?: boolean;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly defaultRaw?: unknown;
  readonly persist?: boolean;
  readonly runtimeType?: string;
  readonly length?: number;
  readonly enum?: boolean;
}

/** An entity of the application of which a row can be made without knowing what it means. */
export interface Plantable {
  readonly entity: unknown;
  readonly name: string;
  /** Makes a row with a text in it; its key is the same for everybody. */
  row(text: string): object;
}

/** Databases that give entity managers. */
export function hasManager<T>(databases: T): databases is T & TenantDatabases & { em(): Manager } {
  return typeof (databases as { em?: unknown } | undefined)?.em === "function";
}

/** Finds an entity with one key and a text, whose other fields need nothing that has to be made up. */
export function plantableOf(manager: Manager): Plantable | undefined {
  for (const meta of manager.getMetadata().getAll().values()) {
    if (meta.abstract || meta.pivotTable || meta.embeddable || meta.virtual) continue;
    const [key, ...more] = meta.props.filter(({ name }) => meta.primaryKeys.includes(name));
    if (key === undefined || more.length > 0 || madeUp(key, "") === undefined) continue;
    const fields = meta.props.filter((one) => one !== key && one.persist !== false && isOwn(one));
    const texts = fields.filter((one) => one.runtimeType === "string" && fits(one));
    const needed = fields.filter((one) => !texts.includes(one) && isNeeded(one));
    if (texts.length === 0 || needed.some((one) => madeUp(one, "") === undefined)) continue;
    return {
      entity: meta.class,
      name: meta.className,
      row: (text) =>
        Object.fromEntries([
          [key.name, madeUp(key, keyText)],
          ...needed.map((one) => [one.name, madeUp(one, text)]),
          ...texts.map(({ name }) => [name, text]),
        ]),
    };
  }
  return undefined;
}

function isOwn({ kind }: Property): boolean {
  return kind !== "1:m" && kind !== "m:n";
}

function isNeeded({ nullable, default: value, defaultRaw }: Property): boolean {
  return nullable !== true && value === undefined && defaultRaw === undefined;
}

function fits({ length = 255, enum: isEnum }: Property): boolean {
  return isEnum !== true && length >= 40;
}

/** Something of the type; `undefined` where nothing can be made up. */
function madeUp(property: Property, text: string): unknown {
  if (property.kind !== "scalar" || property.enum === true) return undefined;
  if (property.runtimeType === "number") return 2_000_000_001;
  if (property.runtimeType === "bigint") return 2_000_000_001n;
  if (property.runtimeType === "boolean") return false;
  if (property.runtimeType === "Date") return new Date(0);
  return property.runtimeType === "string" && fits(property) ? text : undefined;
}

/** Also one for keys that are UUIDs. */
const keyText = "00000000-0000-4000-8000-af7e0a0c0001";
