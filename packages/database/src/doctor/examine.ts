import type { DoctorCheck } from "./doctor-check.ts";
import type { Finding } from "./finding.ts";

/** Makes the checks one after the other; one that cannot look is a finding too, and never taken for health. */
export async function examine<Patient>(
  patient: Patient,
  checks: readonly DoctorCheck<Patient>[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) {
    try {
      const symptoms = await check.look(patient);
      findings.push(...symptoms.map((symptom) => findingOf(check, symptom)));
    } catch (error) {
      findings.push(findingOf(unexamined, { subject: check.id, message: textOf(error) }));
    }
  }
  return findings;
}

/** The finding that a server cannot be looked at, for lack of a connection to it. */
export function unreachableFinding(server: string, error: unknown): Finding {
  return findingOf(unreachable, { subject: server, message: textOf(error) });
}

function findingOf(
  { id, severity, remedy }: Pick<DoctorCheck<never>, "id" | "severity" | "remedy">,
  { subject, message }: Pick<Finding, "subject" | "message">,
): Finding {
  return Object.freeze({ check: id, severity, subject, message, remedy });
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? text : `${text} Cause: ${textOf(cause)}`;
}

const unexamined = Object.freeze({
  id: "doctor/unexamined",
  severity: "error",
  remedy: "Mend what kept it from looking, then ask again: what it looks for may be there.",
});

const unreachable = Object.freeze({
  id: "doctor/unreachable",
  severity: "error",
  remedy: "Start the server, or correct how it is reached; nothing of it was examined.",
});
