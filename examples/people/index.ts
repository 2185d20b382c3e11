import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

const config = new pulumi.Config();
const organization = config.require("organization");
const projects = {
  production: config.require("production"),
  development: config.require("development"),
};

// At least two, so that one can leave.
const administrators = ["ada@example.com", "grace@example.com"];

// When somebody leaves the company, delete their line.
const people: Record<string, Partial<Record<keyof typeof projects, dt.ProjectRole>>> = {
  "linus@example.com": { development: "project.developer", production: "project.user" },
  "margaret@example.com": { development: "project.admin" },
};

for (const member of administrators) new dt.OrgAdminBinding(member, { organization, member });

const memberships = Object.entries(people).flatMap(([member, roles]) =>
  Object.entries(roles).map(([label, role]) => {
    const project = projects[label as keyof typeof projects];
    return new dt.ProjectRoleBinding(`${member}-${label}`, { project, member, role });
  }),
);

/** People who have not accepted the invitation yet. Run `pulumi refresh` to update this. */
export const invited = pulumi
  .all(memberships.map(({ member, status }) => pulumi.all({ member, status })))
  .apply((all) => [...new Set(all.filter(({ status }) => status === "PENDING").map(({ member }) => member))]);
