/** Name of the driver, as placements carry it. */
export const driverName = "mysql";
