import { expect, it } from "vitest";
import { redactor } from "../src/terminal/redactor.ts";

const redact = redactor({ DB_PASSWORD: "hunter2!", NAME: "somebody" });

it.each([
  ["postgres://u:p/a@ss@h/db?password=querysecret&ssl=1", "postgres://***@h/db?password=***&ssl=1"],
  ["mysql://root:sec/ret@db", "mysql://***@db"],
  [
    "no way to 'redis://:a@b@h:6379/0' or http://h/",
    "no way to 'redis://***@h:6379/0' or http://h/",
  ],
  [
    "https://packages.example.com/@af-tenancy%2fcli",
    "https://packages.example.com/@af-tenancy%2fcli",
  ],
  ["http://localhost:4873/@scope/a?b=c@d#e@f", "http://localhost:4873/@scope/a?b=c@d#e@f"],
  ["http://[::1]:4873/@scope/a", "http://[::1]:4873/@scope/a"],
  ["https://h?to=a@b and https://h#a@b", "https://h?to=a@b and https://h#a@b"],
  ["redis://h/a@b", "redis://h/a@b"],
  ["https://me:s3cret@h/@scope/a", "https://***@h/@scope/a"],
  ["https://me:p%40%2F%3Fss@h:8080/a@b", "https://***@h:8080/a@b"],
  ["https://npm_abcdef@h/@scope/a", "https://***@h/@scope/a"],
  ["https://me:p@a@h/x", "https://***@h/x"],
  ["https://me:pa/s?s#x@h/x", "https://***@h/x"],
  ["https://me:1234@h/x", "https://***@h/x"],
  ["mysql://me:12/34?5@h/x", "mysql://***@h/x"],
  ["postgres://me:p%40%3A%2F@h/x", "postgres://***@h/x"],
  ["git+https://me:tok@h/x", "git+https://***@h/x"],
  ["http://h/x?a=1&apiKey=abc#top", "http://h/x?a=1&apiKey=***#top"],
  ["postgres://h/db?password=se@cret", "postgres://h/db?password=***"],
  ["hunter2! is somebody's", "*** is somebody's"],
  ["write to anna@example.com?", "write to anna@example.com?"],
])("S066: prints %s without its secrets", (text, printed) => {
  expect(redact(text)).toBe(printed);
});
