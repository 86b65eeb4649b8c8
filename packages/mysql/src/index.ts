// For applications
export { driverName } from "./driver-name.ts";
