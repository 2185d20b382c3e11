import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

export = async () => {
  const config = new pulumi.Config();
  const organization = config.require("organization");
  const member = config.require("emailOfA");

  // Four ways to select projects. The preview lists each selected project.
  const filters: Record<string, dt.ProjectFilter> = {
    everything: { organization },
    named: { organization, displayName: ["Oslo", "Bergen"] },
    labelled: { organization, labels: { "monitored-by": "company-a" } },
    matching: { organization, query: "fridge" },
  };
  const projects = await dt.getProjects(filters[config.get("reach") ?? "labelled"]);

  // Set this to a day, such as 2027-12-31, for access that ends by itself.
  const expires = config.get("until");

  // Deleting this revokes the access. So does the next update for a project that no longer matches.
  const grant = new dt.AccessGrant("company-a", { member, role: "project.admin", projects, expires });

  // All access of their account here, including access that was granted by hand.
  const memberships = grant.memberships.apply(() =>
    dt.getMembers({ organization, inProjects: true, email: member }),
  );
  return {
    accessOfA: memberships.apply((all) => all.map(({ scope, roles }) => `${scope}: ${roles.join()}`).sort()),
  };
};
