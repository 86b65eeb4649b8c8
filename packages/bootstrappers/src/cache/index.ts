export { cacheBootstrapper } from "./cache-bootstrapper.ts";
