import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

const config = new pulumi.Config();
const projects = {
  cleaning: config.require("cleaning"),
  refrigeration: config.require("refrigeration"),
};

const systems = Object.entries(projects).map(([served, project]) => {
  const system = new dt.SystemAccess(`${served}-reports`, {
    // One project for all accounts, with few members. Without it, the project that the system reads.
    home: config.get("home") || project,
    projects,
    // An account has no access to its own project by default, so grant it explicitly.
    roles: { [served]: "project.user" },
  });
  return [served, system.credentials] as const;
});

export const credentials = Object.fromEntries(systems);
