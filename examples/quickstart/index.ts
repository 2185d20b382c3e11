import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

// The access of all systems, in one table.
const systems: Record<string, Partial<Record<Environment, dt.ProjectRole>>> = {
  // Reads measurements in every environment.
  "data-warehouse": {
    development: "project.user",
    staging: "project.user",
    production: "project.user",
  },
  // Developed against real devices; read-only in production.
  "facility-dashboard": {
    development: "project.developer",
    staging: "project.user",
    production: "project.user",
  },
  // Not live yet.
  "alarm-center": {
    development: "project.developer",
    staging: "project.developer",
  },
  // Registers and moves devices, and gives people access to them.
  "device-provisioning": {
    development: "project.admin",
    staging: "project.admin",
    production: "project.admin",
  },
};

type Environment = "development" | "staging" | "production";

const config = new pulumi.Config();
const projects: Record<Environment, string> = {
  development: config.require("development"),
  staging: config.require("staging"),
  production: config.require("production"),
};

// A person, by email. They get an invitation if they have no account yet.
new dt.OrgAdminBinding("administrator", {
  organization: config.require("organization"),
  member: config.require("administrator"),
});

const credentials = Object.entries(systems).map(([system, access]) => {
  // The account belongs to this project, but has no access to it.
  const account = new dt.ServiceAccount(system, {
    project: config.require("serviceAccounts"),
    displayName: system,
  });
  for (const [environment, role] of Object.entries(access)) {
    new dt.ProjectRoleBinding(`${system}-${environment}`, {
      project: projects[environment as Environment],
      member: account.email,
      role,
    });
  }
  const { keyId, secret, email } = new dt.ServiceAccountKey(system, { serviceAccount: account.id });
  return [system, { keyId, secret, email }] as const;
});

// One secret output for each system: pulumi stack output data-warehouse --show-secrets
export = Object.fromEntries(credentials);
