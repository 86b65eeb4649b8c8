import type { NewTenant } from "@af-tenancy/core";
import type { Session } from "../command/session.ts";
import { ask } from "../terminal/ask.ts";

/** Texts of the questions. */
interface Questions {
  readonly askSlug: string;
  readonly askName: string;
  readonly askDomains: string;
  readonly askHomepage: string;
}

/** What somebody answered. */
interface Answers {
  readonly slug: string;
  readonly name: string | undefined;
  readonly domains: readonly string[] | undefined;
  readonly homepage: boolean;
}

/** Asks for what a new tenant is made from, and says at once of a slug or domain that it is taken or cannot be. */
export async function askForNewTenant(session: Session, questions: Questions): Promise<Answers> {
  const { text, confirm } = await import("@clack/prompts");
  const slug = await askUntilFree(session, questions.askSlug, (answer) => ({ slug: answer }));
  const name = await ask(session, () => text({ message: questions.askName, placeholder: slug }));
  const domains = await askUntilFree(session, questions.askDomains, (answer) => ({
    slug,
    domains: namesIn(answer),
  }));
  const homepage = await ask(session, () =>
    confirm({ message: questions.askHomepage, initialValue: false }),
  );
  const hosts = namesIn(domains);
  return {
    ...{ slug, homepage },
    name: name === "" ? undefined : name,
    domains: hosts.length === 0 ? undefined : hosts,
  };
}

async function askUntilFree(
  session: Session,
  question: string,
  wanted: (answer: string) => NewTenant,
): Promise<string> {
  const { text } = await import("@clack/prompts");
  const { tenancy } = await session.application();
  for (let message = question; ; ) {
    const answer = (await ask(session, () => text({ message }))) ?? "";
    const error = await tenancy.tenants.rehearse(wanted(answer)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) return answer;
    message = `${question}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function namesIn(answer: string): readonly string[] {
  const names = answer.split(",").map((name) => name.trim());
  return names.filter((name) => name !== "");
}
