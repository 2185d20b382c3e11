import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

export = async () => {
  const config = new pulumi.Config();
  const production = config.require("production");
  const mode = config.get("mode") === "enforce" ? "enforce" : "report";

  // Bindings grant access.
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

  // The list reports or removes all other members. It grants nothing, and deleting it removes nobody.
  new dt.ProjectAccess("production", {
    project: production,
    members: [erp.email, jane.member],
    mode,
    ignore: ["*@disruptive-technologies.com"],
  });

  // The identity that runs this program is an administrator, too. The list never removes it, but should name it.
  const { email: ourselves = "" } = await dt.whoAmI();
  new dt.OrganizationAccess("administrators", {
    organization: config.require("organization"),
    members: ["ada@example.com", ourselves],
    mode,
  });
};
