import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

const config = new pulumi.Config();
const projects = {
  development: config.require("development"),
  staging: config.require("staging"),
  production: config.require("production"),
};

// One line for each system. A system has no access to an environment that its line leaves out.
const systems: Record<string, Roles> = {
  "data-warehouse": { development: "project.user", staging: "project.user", production: "project.user" },
  "facility-dashboard": { development: "project.developer", production: "project.user" },
  "device-provisioning": { staging: "project.admin", production: "project.admin" },
};
type Roles = Partial<Record<keyof typeof projects, dt.ProjectRole>>;

const home = config.require("home");
const accesses = Object.entries(systems).map(([system, roles]) => {
  const access = new dt.SystemAccess(system, { home, projects, roles, key: { rotateAfter: "90d" } });
  return [system, access.credentials] as const;
});

// One secret output for each system: pulumi stack output data-warehouse --show-secrets
export = Object.fromEntries(accesses);
