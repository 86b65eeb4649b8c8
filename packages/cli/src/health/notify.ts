import type { HealthOutput } from "../outputs/health-output.ts";
import { send } from "../web/send.ts";
import type { HealthStatus } from "./health-check.ts";

/** Whom to tell, and how. */
export interface Notifying {
  readonly url: URL;
  readonly signal: AbortSignal;
  readonly previous: HealthStatus | null;
}

/** Posts what was seen as JSON, and tells what kept it from arriving; the address may be a secret, and is never told. */
export async function notify(
  { status, at, checks }: HealthOutput,
  { url, signal, previous }: Notifying,
): Promise<NonNullable<HealthOutput["notification"]>> {
  const wrong = checks.filter((one) => one.status !== "healthy");
  const text = [
    `af-tenancy: ${previous === null ? status : `${previous} -> ${status}`}`,
    ...wrong.map(({ check, subject, message }) => `${check} ${subject ?? ""}: ${message}`),
  ].join("\n");
  const body = JSON.stringify({ text, status, previous, at, checks });
  const headers = { "content-type": "application/json" };
  try {
    const answer = await send({ url, method: "POST", headers, body, timeoutMs, signal });
    if (answer.status >= 200 && answer.status < 300) return { sent: true, error: null };
    return { sent: false, error: `HTTP ${answer.status}` };
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    return { sent: false, error: code === undefined || typeof code !== "string" ? name : code };
  }
}

const timeoutMs = 10_000;
