import { tenantDataContract } from "@af-tenancy/testing";
import { startData } from "./start-data.ts";

tenantDataContract("sqlite, a file each", {
  keepsNumbers: ["Infinity", "-Infinity"],
  start: () => startData("database"),
});

tenantDataContract("sqlite, shared tables", {
  keepsNumbers: ["Infinity", "-Infinity"],
  start: () => startData("row"),
  tenantColumn: "tenant_id",
});
