import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

const config = new pulumi.Config();
const projects = {
  cleaning: config.require("cleaning"),
  refrigeration: config.require("refrigeration"),
};

const systems = Object.entries(projects).map(([served, project]) => {
  const system = new dt.SystemAccess(`${served}-reports`, {
    // One project for all accounts, where few people have access; or else the project that the system serves.
    home: config.get("home") || project,
    projects,
    // Living somewhere gives no access there, so this is said either way.
    roles: { [served]: "project.user" },
  });
  return [served, system.credentials] as const;
});

export const credentials = Object.fromEntries(systems);
