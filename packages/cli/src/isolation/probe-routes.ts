import { type Answer, send } from "../web/send.ts";
import type { Pair, Probe, Surface, SurfaceTexts } from "./pair.ts";

/** Which routes are asked, as often, and what stops it. */
export interface Asking {
  /** In order; `{canary}` and `{slug}` stand for the tenant's own. */
  readonly urls: readonly string[];
  readonly rounds: number;
  readonly signal: AbortSignal;
}

/** Cookies of one client by name. */
type Cookies = Map<string, string>;

/**
 * Asks the application's routes for both tenants at once, round after round, each with the cookies that it got, and then
 * each with the cookies of the other.
 */
export async function probeRoutes(
  pair: Pair,
  texts: SurfaceTexts,
  asking: Asking,
): Promise<readonly Surface[]> {
  const cookies = new Map<Probe, Cookies>(pair.map((probe) => [probe, new Map()]));
  const cookiesOf = (probe: Probe) => cookies.get(probe) ?? new Map<string, string>();
  const shown = new Set<Probe>();
  const shownWithout = new Set<Probe>();
  let answers = 0;
  let leak: string | undefined;
  const [first, second] = pair;
  for (let round = 0; round < asking.rounds; round += 1) {
    const turns = round % 2 === 0 ? pair : [second, first];
    const each = await Promise.all(turns.map((own) => visitAll(own, cookiesOf(own), asking, own)));
    turns.forEach((own, index) => {
      const other = own === first ? second : first;
      for (const { text, headers } of each[index] ?? []) {
        answers += 1;
        if (shows(JSON.stringify(headers) + text, other))
          leak ??= texts.seen(own.tenant.slug, other.tenant.slug);
        if (shows(text, own)) shown.add(own);
      }
    });
  }
  const routes = (): Surface => {
    const surface = "routes" as const;
    if (leak !== undefined) return { surface, state: "leaking", message: leak };
    if (shown.size < 2) return { surface, state: "untested", message: texts.noRoute };
    return { surface, state: "isolated", message: texts.routes(answers) };
  };
  const session = async (): Promise<Surface> => {
    const surface = "session" as const;
    if (pair.some((probe) => cookiesOf(probe).size === 0)) {
      return { surface, state: "absent", message: texts.noCookie };
    }
    const reading = { ...asking, urls: asking.urls.filter((url) => !url.includes("{canary}")) };
    let isShown = true;
    for (const own of pair) {
      const other = own === first ? second : first;
      const mine = await visitAll(own, new Map(cookiesOf(own)), reading, own);
      const alone = await visitAll(own, new Map(), reading, own);
      const stolen = await visitAll(own, new Map(cookiesOf(other)), reading, other);
      if (alone.some(({ text }) => text.includes(own.route))) shownWithout.add(own);
      isShown &&= mine.some(({ text }) => text.includes(own.route));
      // Not its headers: an application may give a cookie back as it came.
      if (stolen.some(({ text }) => shows(text, other))) {
        const message = texts.seen(own.tenant.slug, other.tenant.slug);
        return { surface, state: "leaking", message };
      }
    }
    // What is shown without cookies, too, comes from no session.
    if (!isShown || shownWithout.size > 0) {
      return { surface, state: "untested", message: texts.noSession };
    }
    return { surface, state: "isolated", message: texts.session };
  };
  return [routes(), await session()];
}

function shows(text: string, { database, cache, route }: Probe): boolean {
  return [database, cache, route].some((canary) => text.includes(canary));
}

/** Asks every route of one tenant in order, and keeps the cookies that come. */
async function visitAll(
  { tenant, host }: Probe,
  cookies: Cookies,
  { urls, signal }: Asking,
  { route }: Probe,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const pattern of urls) {
    const url = new URL(pattern.replaceAll("{slug}", tenant.slug).replaceAll("{canary}", route));
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...(host && { host }), ...(cookie && { cookie }) };
    const answer = await send({ url, headers, timeoutMs, signal });
    keepCookies(answer, cookies);
    answers.push(answer);
  }
  return answers;
}

function keepCookies({ headers }: Answer, cookies: Cookies): void {
  const given = headers["set-cookie"] ?? [];
  for (const one of typeof given === "string" ? [given] : given) {
    const [, name, value] = /^([^=;\s]+)=([^;]*)/.exec(one) ?? [];
    if (name !== undefined && value !== undefined) cookies.set(name, value);
  }
}

const timeoutMs = 10_000;
