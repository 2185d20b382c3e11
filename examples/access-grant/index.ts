import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

export = async () => {
  const config = new pulumi.Config();
  const organization = config.require("organization");
  const member = config.require("emailOfA");

  // Four ways to choose; whatever is chosen, the preview names each project.
  const filters: Record<string, dt.ProjectFilter> = {
    everything: { organization },
    named: { organization, displayName: ["Oslo", "Bergen"] },
    labelled: { organization, labels: { "monitored-by": "company-a" } },
    matching: { organization, query: "fridge" },
  };
  const projects = await dt.getProjects(filters[config.get("reach") ?? "labelled"]);

  // Taking this out revokes at once; so does a project that no longer fits, at the next update.
  const grant = new dt.AccessGrant("company-a", { member, role: "project.admin", projects });

  // What their account has here, whoever granted it.
  const memberships = grant.memberships.apply(() =>
    dt.getMembers({ organization, inProjects: true, email: member }),
  );
  return {
    accessOfA: memberships.apply((all) => all.map(({ scope, roles }) => `${scope}: ${roles.join()}`).sort()),
  };
};
