import type { Undo } from "./contracts/bootstrapper.ts";

/** One step in taking a stay back, and those that follow it. */
export interface UndoStep {
  readonly run: Undo;
  readonly next: UndoStep | undefined;
}
