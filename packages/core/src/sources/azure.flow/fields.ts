/** Fields of a record of one flow, of a network security group's log and of a virtual network's. */
export const fields: Readonly<Record<string, string>> = {
  time: "/time",
  category: "/category",
  operationName: "/operationName",
  macAddress: "/macAddress",
  resourceId: "/resourceId",
  targetResourceID: "/targetResourceID",
  flowLogResourceID: "/flowLogResourceID",
  "properties.Version": "/properties/Version",
  "rule of a group": "/properties/flows/0/rule",
  "flowTuples of a group": "/properties/flows/0/flows/0/flowTuples/0",
  "rule of a network": "/flowRecords/flows/0/flowGroups/0/rule",
  "flowTuples of a network": "/flowRecords/flows/0/flowGroups/0/flowTuples/0",
};
