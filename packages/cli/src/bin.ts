#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { runProcess } from "./run-process.ts";

// What was compiled once is taken from there the next time, which is half of a command's time.
enableCompileCache();
await runProcess();
