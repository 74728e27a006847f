/** Fields of a record of a network security group's flow log, and of a virtual network's. */
export const fields: Readonly<Record<string, string>> = {
  time: "/time",
  category: "/category",
  operationName: "/operationName",
  macAddress: "/macAddress",
  resourceId: "/resourceId",
  targetResourceID: "/targetResourceID",
  flowLogResourceID: "/flowLogResourceID",
  "properties.Version": "/properties/Version",
  flowLogVersion: "/flowLogVersion",
};
