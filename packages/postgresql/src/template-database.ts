import { createHash, randomBytes } from "node:crypto";
import { ownerMarker, type RunSql, type SchemaTemplate } from "@af-tenancy/database";
import type { ServerAddress } from "./connection-options.ts";
import type { PostgresqlServers } from "./postgresql-servers.ts";
import { literal, quoted } from "./quoted.ts";
import { codeOf } from "./server-errors.ts";
import { dropUnusedTemplates, useTemplate } from "./template-upkeep.ts";

/**
 * The finished database that new ones are copied from. There is one per server and contents, made by whoever needs it
 * first, under a name that tells what it holds; nobody can connect to it, so that it is never in use when it is copied.
 */
export class TemplateDatabase {
  readonly #servers: PostgresqlServers;
  #template: SchemaTemplate | undefined;
  #fingerprint: Promise<string> | undefined;

  constructor(servers: PostgresqlServers) {
    this.#servers = servers;
  }

  /** Says what it holds; there is none before that. */
  copies(template: SchemaTemplate): void {
    this.#template = template;
  }

  /**
   * SQL that makes a database as a copy of the template, or an empty one where the contents are refused: they are
   * refused again, and told, when the tables are missed.
   */
  async createSql(run: RunSql, address: ServerAddress, name: string): Promise<string> {
    const source = await this.nameOn(address);
    if (source === undefined) return emptySql(name, address);
    if (!(await useTemplate(run, source)) && !(await this.build(run, address))) {
      return emptySql(name, address);
    }
    return `create database ${quoted(name)} template ${quoted(source)}`;
  }

  /** What it is called on a server; `undefined` before anybody has said what it holds. */
  async nameOn(address: ServerAddress): Promise<string | undefined> {
    this.#fingerprint ??= this.#template?.fingerprint();
    const fingerprint = await this.#fingerprint;
    return fingerprint === undefined ? undefined : nameFor(fingerprint, address);
  }

  /** Makes it, which is not there; `false` where the contents are refused. */
  async build(run: RunSql, address: ServerAddress): Promise<boolean> {
    const name = await this.nameOn(address);
    if (this.#template === undefined || name === undefined) return false;
    if (!(await this.#make(run, address, this.#template, name))) return false;
    await dropUnusedTemplates(run);
    return true;
  }

  /** Tells whether it could be made; made by several at once, the first one's is kept. */
  async #make(
    run: RunSql,
    address: ServerAddress,
    template: SchemaTemplate,
    name: string,
  ): Promise<boolean> {
    const statements = [ownerMarker.createTable, ...(await template.statements())];
    const draft = `${name}_${randomBytes(4).toString("hex")}`;
    await run(emptySql(draft, address));
    try {
      await useTemplate(run, draft);
      await this.#servers.session({ ...address, database: draft }, (inside) =>
        inside.run(["set local search_path to public", ...statements].join(";\n")),
      );
      await run(`alter database ${quoted(draft)} with allow_connections false`);
      // A pooler keeps its session to the draft, and nothing that is in use gets another name.
      if (address.pooler) await run(endSessionsSql(draft));
      await run(`alter database ${quoted(draft)} rename to ${quoted(name)}`);
      return true;
    } catch (error) {
      await run(`drop database if exists ${quoted(draft)} with (force)`);
      // Whoever renames at the same moment may be told of the catalog's unique index instead of the name.
      if (await useTemplate(run, name)) return true;
      if (isRefused(error)) return false;
      throw error;
    }
  }
}

/** SQL that makes a database with nothing in it. */
export function emptySql(name: string, { encoding, collation }: ServerAddress): string {
  const options = [
    `create database ${quoted(name)} template template0`,
    ...(encoding === undefined ? [] : [`encoding ${literal(encoding)}`]),
    ...(collation === undefined ? [] : [`locale ${literal(collation)}`]),
  ];
  return options.join(" ");
}

/** SQL that ends everybody's sessions in a database. */
export function endSessionsSql(name: string): string {
  return `select pg_terminate_backend(pid) from pg_stat_activity where datname = ${literal(name)}`;
}

/** A tilde begins no tenant's name, and what it holds is also how it is encoded and sorted. */
function nameFor(fingerprint: string, { encoding, collation }: ServerAddress): string {
  const how = JSON.stringify([encoding, collation, ownerMarker.createTable]);
  const suffix = createHash("sha256").update(how).digest("hex").slice(0, 8);
  return `~template_${fingerprint}_${suffix}`;
}

/** The contents are at fault, and neither the server nor the way to it. */
function isRefused(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return /^(?:0A|22|23|42(?!501|P04))/.test(codeOf(cause));
}
