import pulumi
import pulumi_disruptive as dt

config = pulumi.Config()
organization = config.require("organization")
projects = {name: config.require(name) for name in ("development", "production")}

# At least two, so that one can leave. `adopt` takes over those who are administrators already.
administrators = ["ada@example.com", "grace@example.com"]

# When somebody leaves the company, delete their line.
people = {
    "linus@example.com": {"development": "project.developer", "production": "project.user"},
}

for member in administrators:
    dt.OrgAdminBinding(member, organization=organization, member=member, adopt=True)

for member, roles in people.items():
    for name, role in roles.items():
        binding = dt.ProjectRoleBinding(
            f"{member}-{name}",
            project=projects[name],
            member=member,
            role=role,
        )
        # PENDING until they accept the invitation. Run `pulumi refresh` to update this.
        pulumi.export(f"{member} in {name}", binding.status)
