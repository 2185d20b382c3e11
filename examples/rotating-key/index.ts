import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

const config = new pulumi.Config();

const account = new dt.ServiceAccount("dashboard", {
  project: config.require("serviceAccounts"),
  displayName: "Dashboard",
});
new dt.ProjectRoleBinding("dashboard", {
  project: config.require("measurements"),
  member: account.email,
  role: "project.user",
});

const path = config.require("credentialsFile");
const host = config.get("host") ?? "";
const target: dt.Target =
  host === ""
    ? dt.credentialsFile({ path, tryLogin: true })
    : {
        ...dt.credentialsFile({ path }),
        connection: { host, user: "deploy", privateKey: config.requireSecret("privateKey") },
      };

const key = new dt.DeliveredKey("dashboard", {
  serviceAccount: account.id,
  rotateAfter: "30d",
  // Longer than the dashboard needs to read its file again.
  overlap: "24h",
  rotationTriggers: { incident: config.get("incident") ?? "none" },
  targets: { dashboard: target },
});

export const { keyId, rotateAt, retireAt } = key;
