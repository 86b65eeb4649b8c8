/** Where the application listens and where its PostgreSQL server is. */
export interface Settings {
  readonly port: number;
  readonly connection: Connection;
}

/** The server, and the database on it that holds the list of tenants, and their schemas. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Reads the settings from the environment; gives a sentence instead when one of them cannot be meant. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings | string {
  const { PORT = "", DATABASE_URL = "" } = environment;
  const port = Number(PORT || 3000);
  if (!/^\d{0,5}$/.test(PORT) || port > 65_535) {
    return `PORT is "${PORT}": give a whole number from 0 to 65535.`;
  }
  const connection = connectionOf(
    DATABASE_URL || "postgres://postgres@127.0.0.1:5432/notes_example",
  );
  if (connection === undefined) {
    return "DATABASE_URL is wrong: give postgres://user:password@host:5432/name, with a name of letters, digits and _.";
  }
  return { port, connection };
}

function connectionOf(text: string): Connection | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const database = url.pathname.slice(1);
  if (!/^postgres(ql)?:$/.test(url.protocol) || !/^[a-z0-9_]{1,40}$/.test(database))
    return undefined;
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database,
  };
}
