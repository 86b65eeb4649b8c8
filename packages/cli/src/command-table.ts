import type { Command } from "./command/define-command.ts";
import { completion } from "./commands/completion.ts";
import { tenantActivate } from "./commands/tenant/activate.ts";
import { tenantArchive } from "./commands/tenant/archive.ts";
import { tenantCreate } from "./commands/tenant/create.ts";
import { tenantDelete } from "./commands/tenant/delete.ts";
import { tenantList } from "./commands/tenant/list.ts";
import { tenantPurge } from "./commands/tenant/purge.ts";
import { tenantRename } from "./commands/tenant/rename.ts";
import { tenantRestore } from "./commands/tenant/restore.ts";
import { tenantShow } from "./commands/tenant/show.ts";
import { tenantStatus } from "./commands/tenant/status.ts";
import { tenantSuspend } from "./commands/tenant/suspend.ts";
import { tenantUpdate } from "./commands/tenant/update.ts";

/** Every command, in the order in which help lists them. */
export const commands: readonly Command[] = Object.freeze([
  tenantCreate,
  tenantList,
  tenantShow,
  tenantUpdate,
  tenantRename,
  tenantStatus,
  tenantSuspend,
  tenantActivate,
  tenantArchive,
  tenantDelete,
  tenantRestore,
  tenantPurge,
  completion,
]);
