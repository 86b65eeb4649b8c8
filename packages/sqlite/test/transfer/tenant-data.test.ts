import { tenantDataContract } from "@af-tenancy/testing";
import { startData } from "./start-data.ts";

tenantDataContract("sqlite, a file each", { start: () => startData("database") });

tenantDataContract("sqlite, shared tables", {
  start: () => startData("row"),
  tenantColumn: "tenant_id",
});
