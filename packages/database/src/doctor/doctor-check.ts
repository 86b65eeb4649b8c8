import type { MaybePromise } from "@af-tenancy/core";
import type { Finding, Severity } from "./finding.ts";

/** Looks for one thing that can be wrong; `Patient` is what a driver knows of the server or folder looked at. */
export interface DoctorCheck<Patient> {
  readonly id: string;
  readonly severity: Severity;
  readonly remedy: string;
  /** Gives one symptom for each subject that something is wrong with; none where all is well. */
  look(patient: Patient): MaybePromise<readonly Symptom[]>;
}

/** What a check saw. */
export type Symptom = Pick<Finding, "subject" | "message">;
