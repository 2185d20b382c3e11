import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

const config = new pulumi.Config();

// A project of ours for each client: who administers it can make keys for that client's cloud, and nobody else.
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

/** To be handed over: each client grants roles to its email. */
export const emails = Object.fromEntries(accesses.map(([client, { email }]) => [client, email]));
/** For the monitoring system. */
export const credentials = Object.fromEntries(
  accesses.map(([client, access]) => [client, access.credentials]),
);
