/** What is wrong, and what can be done about it. */
export interface Finding {
  /** Id of the check that found it; never changes its meaning. */
  readonly check: string;
  readonly severity: "error" | "warning";
  /** What it is wrong with: a server, a database, a tenant, a file. */
  readonly subject: string;
  readonly message: string;
  readonly remedy: string;
  /** What `--fix` does about it; absent where it could not be taken back. */
  readonly fix?: Fix;
}

/** Something that can be taken back, and touches nobody's data. */
export interface Fix {
  /** What it does, for whoever reads it before. */
  readonly does: string;
  act(): Promise<void>;
}

/** Looks for one thing that can be wrong. */
export interface Check<Patient> {
  readonly id: string;
  readonly severity: Finding["severity"];
  readonly remedy: string;
  look(patient: Patient): Promise<readonly Symptom[]>;
}

/** What a check saw. */
export type Symptom = Pick<Finding, "subject" | "message" | "fix">;

/** Makes a finding of what a check saw. */
export function findingOf(
  { id, severity, remedy }: Pick<Check<never>, "id" | "severity" | "remedy">,
  { subject, message, fix }: Symptom,
): Finding {
  return { check: id, severity, remedy, subject, message, ...(fix && { fix }) };
}
