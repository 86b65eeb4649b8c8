import type {
  EntityMetadata,
  EventArgs,
  EventSubscriber,
  SqlEntityManager,
  TransactionEventArgs,
} from "@mikro-orm/sql";
import { bindingOfManager } from "../tenants/assert-own.ts";
import { assertSameGlobalId, giveGlobalId } from "./global-id.ts";
import type { KnownResource } from "./known-resources.ts";
import type { Note, Notebooks } from "./notebooks.ts";
import type { ChangeKind } from "./pending-changes.ts";
import { idOf, isInTrash, wholeRecord } from "./synced-record.ts";

/** What a watch of one MikroORM needs. */
export interface RecordWatchParts {
  /** The resources, by the class of their entity here. */
  readonly resources: ReadonlyMap<unknown, KnownResource>;
  /** The central database's; a tenant is told by the entity manager otherwise. */
  readonly central: boolean;
  readonly notebooks: Notebooks;
  /** Tells whether an entity manager writes what was synced. */
  isSyncing(em: SqlEntityManager): boolean;
  /** Throws where a tenant's record may not be changed. */
  assertAllowed(resource: KnownResource): void;
  /** Writes what has to be delivered, in the transaction that is about to be committed. */
  write(em: SqlEntityManager, notes: readonly Note[]): Promise<void>;
}

/** Sees which synced records each flush changes, and has that written in the flush's own transaction. */
export class RecordWatch implements EventSubscriber {
  readonly #parts: RecordWatchParts;

  constructor(parts: RecordWatchParts) {
    this.#parts = parts;
  }

  getSubscribedEntities(): EntityMetadata["class"][] {
    return [...this.#parts.resources.keys()] as EntityMetadata["class"][];
  }

  beforeCreate(args: EventArgs<object>): void {
    const resource = this.#resourceOf(args);
    if (resource !== undefined) giveGlobalId(args.entity, resource);
  }

  async afterCreate(args: EventArgs<object>): Promise<void> {
    const resource = this.#resourceOf(args);
    if (resource !== undefined) await this.#note(args, resource, "created", resource.fields);
  }

  beforeUpdate(args: EventArgs<object>): void {
    const resource = this.#resourceOf(args);
    if (resource !== undefined) assertSameGlobalId(args.changeSet?.payload ?? {}, resource);
  }

  async afterUpdate(args: EventArgs<object>): Promise<void> {
    const resource = this.#resourceOf(args);
    if (resource === undefined) return;
    const payload = args.changeSet?.payload ?? {};
    const fields = resource.fields.filter((field) => field in payload);
    const { trashed } = resource.given;
    const moved = trashed !== undefined && trashed.field in payload;
    if (!moved && fields.length === 0) return;
    const kind = moved ? (isInTrash(args.entity, resource) ? "trashed" : "restored") : "updated";
    await this.#note(args, resource, kind, fields);
  }

  /** Before, because afterwards nobody could read what the record was. */
  async beforeDelete(args: EventArgs<object>): Promise<void> {
    const resource = this.#resourceOf(args);
    if (resource !== undefined) await this.#note(args, resource, "removed", []);
  }

  async beforeTransactionCommit({ em }: TransactionEventArgs): Promise<void> {
    const notes = this.#parts.notebooks.write(em);
    if (notes.length > 0) await this.#parts.write(em as SqlEntityManager, notes);
  }

  afterTransactionCommit({ em, transaction }: TransactionEventArgs): void {
    const isPart = transaction !== undefined && "savepointName" in transaction;
    if (!isPart) this.#parts.notebooks.keep(em);
  }

  afterTransactionRollback({ em }: TransactionEventArgs): void {
    this.#parts.notebooks.drop(em);
  }

  #resourceOf({ em, meta }: EventArgs<object>): KnownResource | undefined {
    const resource = this.#parts.resources.get(meta.class);
    if (resource === undefined || this.#parts.isSyncing(em as SqlEntityManager)) return undefined;
    if (!this.#parts.central) this.#parts.assertAllowed(resource);
    return resource;
  }

  async #note(
    args: EventArgs<object>,
    resource: KnownResource,
    kind: ChangeKind,
    fields: readonly string[],
  ): Promise<void> {
    const { central, notebooks } = this.#parts;
    const em = args.em as SqlEntityManager;
    const record =
      kind === "created" ? args.entity : await wholeRecord(em, args.meta, args.entity, resource);
    if (record === undefined || resource.given.shouldSync?.(record) === false) return;
    const moving = isHidden(record, resource) ? [] : fields;
    if (moving.length === 0 && !this.#alwaysMoves(kind)) return;
    notebooks.add(em, {
      kind: !central && kind === "trashed" ? "updated" : kind,
      fields: moving,
      resource: resource.name,
      globalId: idOf(record, resource),
      tenantId: central ? null : (bindingOfManager(em)?.tenantId ?? null),
    });
  }

  /** What a tenant puts in its trash stays in the others; what leaves it there may lack what changed meanwhile. */
  #alwaysMoves(kind: ChangeKind): boolean {
    if (this.#parts.central) return kind !== "updated";
    return kind === "restored" || kind === "removed";
  }
}

/** It is in the trash, and what is in there does not move. */
function isHidden(record: object, resource: KnownResource): boolean {
  return isInTrash(record, resource) && resource.given.trashed?.sync !== true;
}
