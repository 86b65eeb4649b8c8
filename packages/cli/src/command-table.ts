import type { Command } from "./command/define-command.ts";
import { cacheClear } from "./commands/cache/clear.ts";
import { cacheStats } from "./commands/cache/stats.ts";
import { cacheWarm } from "./commands/cache/warm.ts";
import { completion } from "./commands/completion.ts";
import { configCheck } from "./commands/config/check.ts";
import { configShow } from "./commands/config/show.ts";
import { doctor } from "./commands/doctor.ts";
import { domainAdd } from "./commands/domain/add.ts";
import { domainList } from "./commands/domain/list.ts";
import { domainPrimary } from "./commands/domain/primary.ts";
import { domainRemove } from "./commands/domain/remove.ts";
import { domainVerify } from "./commands/domain/verify.ts";
import { health } from "./commands/health.ts";
import { install } from "./commands/install.ts";
import { maintenanceOff } from "./commands/maintenance/off.ts";
import { maintenanceOn } from "./commands/maintenance/on.ts";
import { maintenanceStatus } from "./commands/maintenance/status.ts";
import { makeBootstrapper } from "./commands/make/bootstrapper.ts";
import { makeMiddleware } from "./commands/make/middleware.ts";
import { makeResolver } from "./commands/make/resolver.ts";
import { makeSeeder } from "./commands/make/seeder.ts";
import { migrateCreate } from "./commands/migrate/create.ts";
import { migrateDown } from "./commands/migrate/down.ts";
import { migrateFresh } from "./commands/migrate/fresh.ts";
import { migratePlan } from "./commands/migrate/plan.ts";
import { migrateResolve } from "./commands/migrate/resolve.ts";
import { migrateResume } from "./commands/migrate/resume.ts";
import { migrateStatus } from "./commands/migrate/status.ts";
import { migrateUp } from "./commands/migrate/up.ts";
import { pendingClear } from "./commands/pending/clear.ts";
import { pendingFill } from "./commands/pending/fill.ts";
import { pendingList } from "./commands/pending/list.ts";
import { poolStats } from "./commands/pool/stats.ts";
import { repair } from "./commands/repair.ts";
import { seedList } from "./commands/seed/list.ts";
import { seedRun } from "./commands/seed/run.ts";
import { templateBuild } from "./commands/template/build.ts";
import { templateList } from "./commands/template/list.ts";
import { tenantActivate } from "./commands/tenant/activate.ts";
import { tenantAdopt } from "./commands/tenant/adopt.ts";
import { tenantArchive } from "./commands/tenant/archive.ts";
import { tenantClone } from "./commands/tenant/clone.ts";
import { tenantCreate } from "./commands/tenant/create.ts";
import { tenantDelete } from "./commands/tenant/delete.ts";
import { tenantExport } from "./commands/tenant/export.ts";
import { tenantImport } from "./commands/tenant/import.ts";
import { tenantLink } from "./commands/tenant/link.ts";
import { tenantList } from "./commands/tenant/list.ts";
import { tenantPurge } from "./commands/tenant/purge.ts";
import { tenantRename } from "./commands/tenant/rename.ts";
import { tenantRepl } from "./commands/tenant/repl.ts";
import { tenantRestore } from "./commands/tenant/restore.ts";
import { tenantRun } from "./commands/tenant/run.ts";
import { tenantShow } from "./commands/tenant/show.ts";
import { tenantStatus } from "./commands/tenant/status.ts";
import { tenantSuspend } from "./commands/tenant/suspend.ts";
import { tenantUnlink } from "./commands/tenant/unlink.ts";
import { tenantUpdate } from "./commands/tenant/update.ts";
import { testCreate } from "./commands/test/create.ts";
import { testDelete } from "./commands/test/delete.ts";
import { testIsolation } from "./commands/test/isolation.ts";

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
  tenantClone,
  tenantAdopt,
  tenantExport,
  tenantImport,
  tenantRun,
  tenantRepl,
  tenantLink,
  tenantUnlink,
  domainAdd,
  domainRemove,
  domainList,
  domainPrimary,
  domainVerify,
  pendingFill,
  pendingClear,
  pendingList,
  maintenanceOn,
  maintenanceOff,
  maintenanceStatus,
  testCreate,
  testDelete,
  cacheWarm,
  cacheClear,
  cacheStats,
  poolStats,
  testIsolation,
  health,
  doctor,
  install,
  configCheck,
  configShow,
  makeMiddleware,
  makeBootstrapper,
  makeResolver,
  makeSeeder,
  migrateUp,
  migrateDown,
  migrateStatus,
  migrateFresh,
  migratePlan,
  migrateResume,
  migrateResolve,
  migrateCreate,
  seedRun,
  seedList,
  templateBuild,
  templateList,
  repair,
  completion,
]);
