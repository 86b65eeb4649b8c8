import type { MigrationPlanOptions } from "@af-tenancy/core";
import type { Outcome } from "../command/define-command.ts";
import type { Session } from "../command/session.ts";
import { definedOnly } from "../tenants/defined-only.ts";
import { type PlanInput, planOptions } from "./plan-options.ts";
import { nobodyMeant, previewPlan } from "./preview-plan.ts";
import { selectUp } from "./select-migrated.ts";

/** What a command that brings tenants up was told. */
interface UpInput extends PlanInput {
  readonly steps: number | undefined;
  readonly force: boolean | undefined;
}

/** Plans to bring tenants up and goes on with that, unless nobody is meant or it is a dry run. */
export async function planUp(
  session: Session,
  { steps, force, ...input }: UpInput,
  goOn: (options: MigrationPlanOptions) => Promise<Outcome>,
): Promise<Outcome> {
  const selected = await selectUp(session, input);
  if (selected === undefined) return nobodyMeant(session, "up");
  const options = {
    ...selected,
    ...(await planOptions(session, input)),
    ...definedOnly({ steps, force }),
  };
  return session.settings.dryRun ? previewPlan(session, options) : goOn(options);
}
