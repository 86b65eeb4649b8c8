import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { Finding, Fix } from "./finding.ts";

/** Gives what can be done about a finding of the databases' own doctor, and taken back. */
export function fileFixOf({ check, subject }: Finding): Fix | undefined {
  if (check !== "sqlite/open-to-others") return undefined;
  return { does: `chmod o-w '${subject.replaceAll("'", "'\\''")}'`, act: () => close(subject) };
}

/** Never through a link, which may lead anywhere: it is refused with `ELOOP`. */
async function close(path: string): Promise<void> {
  const opened = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { mode } = await opened.stat();
    await opened.chmod(mode & 0o7775);
  } finally {
    await opened.close();
  }
}
