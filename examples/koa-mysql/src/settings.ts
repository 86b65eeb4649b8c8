/** Where the application listens and where its MySQL or MariaDB server is. */
export interface Settings {
  readonly port: number;
  readonly flavour: "mysql" | "mariadb";
  readonly connection: Connection;
}

/** The server, and the database on it that holds the list of tenants. */
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
  const url = DATABASE_URL || "mariadb://root@127.0.0.1:3306/notes_example";
  const connection = connectionOf(url);
  if (connection === undefined) {
    return "DATABASE_URL is wrong: give mysql:// or mariadb://user:password@host:3306/name, with a name of letters, digits and _.";
  }
  return { port, flavour: url.startsWith("mysql:") ? "mysql" : "mariadb", connection };
}

function connectionOf(text: string): Connection | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const database = url.pathname.slice(1);
  if (!/^(mysql|mariadb):$/.test(url.protocol) || !/^[a-z0-9_]{1,40}$/.test(database))
    return undefined;
  return {
    host: url.hostname,
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database,
  };
}
