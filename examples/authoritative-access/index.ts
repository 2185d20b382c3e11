import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

export = async () => {
  const config = new pulumi.Config();
  const production = config.require("production");
  const mode = config.get("mode") === "enforce" ? "enforce" : "report";

  // Single bindings grant, as ever …
  const erp = new dt.SystemAccess("erp", {
    home: production,
    projects: { production },
    roles: { production: "project.user" },
  });
  const jane = new dt.ProjectRoleBinding("jane", {
    project: production,
    member: "jane@example.com",
    role: "project.admin",
  });

  // … and a list says that nobody else is there. It grants nothing, and taking it out removes nobody.
  new dt.ProjectAccess("production", {
    project: production,
    members: [erp.email, jane.member],
    mode,
    ignore: ["*@disruptive-technologies.com"],
  });

  // Whoever runs this administers the organization, too: better declared than merely never removed.
  const { email: ourselves = "" } = await dt.whoAmI();
  new dt.OrganizationAccess("administrators", {
    organization: config.require("organization"),
    members: ["ada@example.com", ourselves],
    mode,
  });
};
