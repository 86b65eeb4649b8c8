import {
  ArrayType,
  BigIntType,
  DateTimeType,
  DateType,
  DecimalType,
  type EntityProperty,
  JsonType,
  type Platform,
  ReferenceKind,
  types,
  Uint8ArrayType,
} from "@mikro-orm/core";
import type { JsonValue, ValueKind, valueKinds } from "./value-kind.ts";

/** A property of an entity that stands in its table, and how its values are written down. */
export interface DataField {
  /** As the application calls it. */
  readonly name: string;
  readonly prop: EntityProperty;
  readonly isKey: boolean;
  readonly nullable: boolean;
  /** A row without it cannot be inserted. */
  readonly required: boolean;
  /** Cells that hold nothing may stand for an empty text. */
  readonly isText: boolean;
  readonly expected: string;
  /** Writes what MikroORM made of a column's value. */
  encode(value: unknown): JsonValue;
  /** Makes what MikroORM takes for a value; `undefined` when it is none. `null` is the caller's. */
  decode(value: JsonValue): unknown;
  toText(value: JsonValue): string;
  fromText(text: string): JsonValue | undefined;
}

/** Describes a property of a table. */
export function dataField(
  prop: EntityProperty,
  kinds: ReturnType<typeof valueKinds>,
  platform: Platform,
): DataField {
  const leaf = leafOf(prop);
  const common = {
    name: prop.name,
    prop,
    isKey: prop.primary === true,
    nullable: prop.nullable === true,
    required: isRequired(prop),
  };
  if (prop.fieldNames.length > 1) return { ...common, ...kinds.list, isText: false };
  const type = prop.customType ?? leaf.customType;
  if (type !== undefined && !isOwnType(type)) {
    // What only the application understands travels as the database holds it.
    const kind = storedKind(leaf, kinds);
    return {
      ...{ ...common, ...kind, isText: kind === kinds.string },
      decode(value) {
        const stored = kind.decode(value);
        return stored === undefined ? undefined : type.convertToJSValue(stored, platform);
      },
    };
  }
  const kind = kindOf(leaf, type, kinds, platform);
  const isText = kind === kinds.string;
  return {
    ...{ ...common, ...kind, isText, expected: expectedOf(leaf, kind, isText) },
    encode: (value) => kind.encode(type?.convertToJSValue(value, platform) ?? value),
    decode(value) {
      const decoded = kind.decode(value);
      if (!isAllowed(leaf, decoded)) return undefined;
      return type instanceof BigIntType ? type.convertToJSValue(decoded as string) : decoded;
    },
  };
}

/** Tells whether a property has columns of its own in its entity's table. */
export function isStored(
  prop: EntityProperty,
  siblings: Readonly<Record<string, EntityProperty>>,
): boolean {
  if (prop.persist === false || prop.formula !== undefined || prop.generated !== undefined)
    return false;
  if (prop.fieldNames === undefined || prop.fieldNames.length === 0) return false;
  if (prop.embedded !== undefined && siblings[prop.embedded[0]]?.object) return false;
  if (prop.kind === ReferenceKind.EMBEDDED) return prop.object === true || prop.array === true;
  if (prop.kind === ReferenceKind.ONE_TO_ONE) return prop.owner;
  return prop.kind === ReferenceKind.SCALAR || prop.kind === ReferenceKind.MANY_TO_ONE;
}

/** What a reference holds is the key of its target. */
export function leafOf(prop: EntityProperty): EntityProperty {
  const target = prop.targetMeta?.getPrimaryProps()[0];
  const isReference =
    prop.kind === ReferenceKind.MANY_TO_ONE || prop.kind === ReferenceKind.ONE_TO_ONE;
  return isReference && target !== undefined ? leafOf(target) : prop;
}

function isRequired({ nullable, default: given, defaultRaw, autoincrement }: EntityProperty) {
  return !nullable && given === undefined && defaultRaw === undefined && !autoincrement;
}

/** A type of MikroORM's, of which it is known what the application sees; a class made from one may change that. */
function isOwnType(type: object): boolean {
  return Object.values<unknown>(types).includes(type.constructor);
}

function storedKind(
  { columnTypes }: EntityProperty,
  kinds: ReturnType<typeof valueKinds>,
): ValueKind {
  const type = columnTypes?.[0] ?? "";
  if (/blob|bytea|binary/i.test(type)) return kinds.bytes;
  return /char|text|uuid/i.test(type) ? kinds.string : kinds.json;
}

function kindOf(
  { kind, type: declared, runtimeType, unsigned }: EntityProperty,
  type: unknown,
  kinds: ReturnType<typeof valueKinds>,
  platform: Platform,
): ValueKind {
  if (kind === ReferenceKind.EMBEDDED || type instanceof JsonType) return kinds.json;
  if (type instanceof ArrayType) return kinds.list;
  if (type instanceof Uint8ArrayType) return kinds.bytes;
  if (type instanceof BigIntType) {
    return unsigned === true && platform.supportsUnsigned() ? kinds.unsigned : kinds.bigint;
  }
  if (type instanceof DecimalType) return kinds.decimal;
  if (type instanceof DateTimeType || runtimeType === "Date") return kinds.time;
  if (type instanceof DateType) return kinds.day;
  if (runtimeType === "boolean") return kinds.boolean;
  if (runtimeType === "number") return /int/i.test(declared) ? kinds.integer : kinds.number;
  return kinds.string;
}

/** SQLite keeps to neither by itself. */
function isAllowed({ enum: isEnum, items, length }: EntityProperty, value: unknown): boolean {
  if (value === undefined) return false;
  if (isEnum && items !== undefined && !Array.isArray(value)) return items.includes(value as never);
  return typeof value !== "string" || !length || [...value].length <= length;
}

function expectedOf(
  { enum: isEnum, items, length }: EntityProperty,
  { expected }: ValueKind,
  isText: boolean,
): string {
  if (isEnum && items !== undefined && isText) return `one of ${items.join(", ")}`;
  if (!isText || !length) return expected;
  return `of no more than ${length} characters, and ${expected}`;
}
