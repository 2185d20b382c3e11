import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

const config = new pulumi.Config();
const organization = config.require("organization");
const deletion = config.getBoolean("retain") === true ? "retain" : "empty";

// One line for each client. A new line creates everything that the client needs.
const clients = {
  "Client B": { customer: "client-b", engineers: ["ada@example.com"] },
};

const accesses = Object.entries(clients).map(([client, { customer, engineers }]) => {
  const access = new dt.ClientAccess(client, {
    project: { organization, displayName: client, labels: { customer }, deletion },
    client,
    company: "Company A",
    keyMakers: engineers,
    key: { rotateAfter: "90d" },
  });
  return [client, access] as const;
});

/** The new projects, for programs that declare what is in them. */
export const projects = Object.fromEntries(accesses.map(([client, { project }]) => [client, project?.id]));
/** Send each client its email. The client grants roles to it. */
export const emails = Object.fromEntries(accesses.map(([client, { email }]) => [client, email]));
