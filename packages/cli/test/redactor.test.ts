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
  ["http://h/x?a=1&apiKey=abc#top", "http://h/x?a=1&apiKey=***#top"],
  ["postgres://h/db?password=se@cret", "postgres://h/db?password=***"],
  ["hunter2! is somebody's", "*** is somebody's"],
  ["write to anna@example.com?", "write to anna@example.com?"],
])("S066: prints %s without its secrets", (text, printed) => {
  expect(redact(text)).toBe(printed);
});
