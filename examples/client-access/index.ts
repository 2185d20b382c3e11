import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

const config = new pulumi.Config();

// One project for each client. Only its administrators can create keys for that client's cloud.
const clients = { "Client B": config.require("clientB") };

const accesses = Object.entries(clients).map(([client, project]) => {
  const access = new dt.ClientAccess(client, {
    project,
    client,
    company: "Company A",
    watch: "report",
    keyMakers: config.getObject<string[]>("keyMakers") ?? [],
    key: { rotateAfter: "90d", rotationTriggers: { byHand: config.get("rotated") ?? "never" } },
  });
  return [client, access] as const;
});

/** Send each client its email. The client grants roles to it. */
export const emails = Object.fromEntries(accesses.map(([client, { email }]) => [client, email]));
/** For the monitoring system. */
export const credentials = Object.fromEntries(
  accesses.map(([client, access]) => [client, access.credentials]),
);
