import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

const development = new pulumi.Config().require("development");

const account = new dt.ServiceAccount("prototype", {
  project: development,
  displayName: "Prototype, by Basic Auth until November",
  enableBasicAuth: true,
});
// Read-only, and in one project, because every request contains the secret.
new dt.ProjectRoleBinding("prototype", {
  project: development,
  member: account.email,
  role: "project.user",
});
const key = new dt.ServiceAccountKey("prototype", { serviceAccount: account.id });

// curl -u "$(pulumi stack output user):$(pulumi stack output password --show-secrets)" …/v2/projects
export const user = key.keyId;
export const password = key.secret;
