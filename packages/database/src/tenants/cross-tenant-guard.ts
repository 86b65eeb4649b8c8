import type { EventSubscriber, FlushEventArgs } from "@mikro-orm/sql";
import { assertOwn } from "./assert-own.ts";
import { assertMayWrite } from "./guarded-methods.ts";

/**
 * Looks at everything that a flush would write, before the first SQL: an entity that came in through a relation or a
 * cascade and belongs to another tenant throws `TenantMismatchError`, and anything at all throws where it may only read.
 */
export class CrossTenantGuard implements EventSubscriber {
  onFlush({ em, uow }: FlushEventArgs): void {
    if (uow.getChangeSets().length > 0 || uow.getCollectionUpdates().length > 0) assertMayWrite(em);
    for (const entity of uow.getPersistStack()) assertOwn(em, entity);
    for (const collection of uow.getCollectionUpdates()) assertOwn(em, collection.getItems(false));
    for (const { entity, meta } of uow.getChangeSets()) {
      assertOwn(em, entity);
      for (const { name } of meta.relations) assertOwn(em, Reflect.get(entity, name));
    }
  }
}
