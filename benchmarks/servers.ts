/** The MySQL or MariaDB server that is measured, from AF_MYSQL_URL. */
export const mysqlServer = serverOf(
  process.env.AF_MYSQL_URL ?? "mysql://root@127.0.0.1:3306",
  3306,
);

/** The PostgreSQL server that is measured, from AF_POSTGRES_URL. */
export const postgresqlServer = {
  ...serverOf(process.env.AF_POSTGRES_URL ?? "postgres://postgres@127.0.0.1:5432/postgres", 5432),
  database: "postgres",
};

/** The Redis that is measured, from AF_REDIS_URL. */
export const redisServer = process.env.AF_REDIS_URL ?? "redis://127.0.0.1:6379";

function serverOf(url: string, usualPort: number) {
  const { hostname, port, username, password } = new URL(url);
  return {
    host: hostname,
    port: Number(port || usualPort),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}
