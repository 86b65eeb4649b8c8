import { connect } from "node:net";

const urls = [
  new URL(process.env.AF_POSTGRES_URL ?? "postgres://postgres@127.0.0.1:5432/postgres"),
  new URL(process.env.AF_MYSQL_URL ?? "mysql://root@127.0.0.1:3306"),
] as const;

/** The PostgreSQL server of these tests, from AF_POSTGRES_URL. */
export const postgresqlServer = settings(urls[0]);

/** The MariaDB server of these tests, from AF_MYSQL_URL. */
export const mysqlServer = settings(urls[1]);

/** Tells whether one of them does not answer. */
export async function serversAreMissing(): Promise<boolean> {
  return !(await Promise.all(urls.map(answers))).every(Boolean);
}

function settings({ hostname, port, username, password }: URL) {
  return {
    host: hostname,
    ...(port !== "" && { port: Number(port) }),
    user: decodeURIComponent(username),
    ...(password !== "" && { password: decodeURIComponent(password) }),
  };
}

function answers({ hostname, port, protocol }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port || (protocol === "mysql:" ? 3306 : 5432)), hostname);
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => settle(true)).once("error", () => settle(false));
  });
}
