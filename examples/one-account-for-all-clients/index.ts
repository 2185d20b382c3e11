import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

const home = new pulumi.Config().require("home");

const account = new dt.ServiceAccount("all-clients", { project: home, displayName: "Company A" });
const key = new dt.ServiceAccountKey("all-clients", { serviceAccount: account.id, rotateAfter: "30d" });

/** Send this to every client. Each client grants roles to it. */
export const email = account.email;
export const credentials = key.credentials;

// The projects of all clients, as the account sees them. Only their organization tells them apart.
const provider = new dt.Provider("as-all-clients", {
  keyId: key.keyId,
  keySecret: key.secret,
  email: account.email,
});
export const clients = dt.getProjectsOutput({}, { provider }).apply((projects) => {
  const byClient: Record<string, string[]> = {};
  for (const { organizationDisplayName: client, displayName } of projects) {
    byClient[client] = [...(byClient[client] ?? []), displayName];
  }
  return byClient;
});
