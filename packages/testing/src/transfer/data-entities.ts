/** What the entities of the contract are declared with: `defineEntity` and `p` of a driver's MikroORM. */
export interface DataWords<Entity> {
  defineEntity(definition: { name: string; properties: Record<string, unknown> }): Entity;
  readonly p: DataTypes;
}

/** What the contract uses of `p`. */
export interface DataTypes {
  string(): DataType;
  text(): DataType;
  integer(): DataType;
  bigint(): DataType;
  decimal(): DataType;
  double(): DataType;
  boolean(): DataType;
  datetime(): DataType;
  date(): DataType;
  json(): DataType;
  blob(): DataType;
  array(): DataType;
  enum(items: readonly string[]): DataType;
  manyToOne(entity: unknown): DataType;
  manyToMany(entity: unknown): DataType;
}

/** What the contract says of a property. */
export interface DataType {
  primary(): DataType;
  nullable(): DataType;
  unique(): DataType;
  hidden(): DataType;
  lazy(): DataType;
  default(value: unknown): DataType;
  precision(digits: number): DataType;
  scale(digits: number): DataType;
  length(characters: number): DataType;
}

/**
 * The entities of the contract for data: `Folder` refers to itself, `Paper` has a property of every type and labels,
 * `Page` has a key of two columns.
 */
export interface DataEntities<Entity = unknown> {
  readonly Folder: Entity;
  readonly Label: Entity;
  readonly Paper: Entity;
  readonly Page: Entity;
}

/**
 * Declares the entities of the contract for data, anew for each application.
 *
 * @example dataEntities<EntitySchema>({ defineEntity, p } as never)
 */
export function dataEntities<Entity>({ defineEntity, p }: DataWords<Entity>): DataEntities<Entity> {
  const Folder: Entity = defineEntity({
    name: "Folder",
    properties: {
      id: p.integer().primary(),
      name: p.string(),
      parent: () => p.manyToOne(Folder).nullable(),
    },
  });
  const Label = defineEntity({
    name: "Label",
    properties: { code: p.string().primary(), title: p.string().unique() },
  });
  const Paper = defineEntity({
    name: "Paper",
    properties: {
      id: p.integer().primary(),
      title: p.string(),
      note: p.text().nullable().lazy(),
      secret: p.string().length(60).nullable().hidden(),
      views: p.bigint().nullable(),
      price: p.decimal().precision(20).scale(4).nullable(),
      ratio: p.double().nullable(),
      done: p.boolean().default(false),
      at: p.datetime().nullable(),
      day: p.date().nullable(),
      more: p.json().nullable(),
      bytes: p.blob().nullable(),
      words: p.array().nullable(),
      kind: p.enum(["draft", "final"]).nullable(),
      folder: () => p.manyToOne(Folder).nullable(),
      labels: () => p.manyToMany(Label),
    },
  });
  const Page = defineEntity({
    name: "Page",
    properties: {
      paper: () => p.manyToOne(Paper).primary(),
      number: p.integer().primary(),
      text: p.text(),
    },
  });
  return { Folder, Label, Paper, Page };
}
