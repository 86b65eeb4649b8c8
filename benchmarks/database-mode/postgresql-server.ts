const url = new URL(process.env.AF_POSTGRES_URL ?? "postgres://postgres@127.0.0.1:5432/postgres");

/** The server that is measured, from AF_POSTGRES_URL. */
export const server = {
  host: url.hostname,
  port: Number(url.port || 5432),
  user: decodeURIComponent(url.username),
  password: decodeURIComponent(url.password),
};

/** Where schemas are. */
export const database = url.pathname.slice(1);
