import pulumi
import pulumi_disruptive as dt

config = pulumi.Config()
production = config.require("production")

# Bindings grant access.
jane = dt.ProjectRoleBinding(
    "jane",
    project=production,
    member="jane@example.com",
    role="project.admin",
)

# A list reports all other members. It grants nothing, and deleting it removes nobody.
dt.ProjectAccess(
    "production",
    project=production,
    members=[jane.member],
    mode="report",
    ignore=["*@disruptive-technologies.com"],
)
# The list should name the identity that runs this program.
dt.OrganizationAccess(
    "administrators",
    organization=config.require("organization"),
    members=["ada@example.com", dt.who_am_i().email],
    mode="report",
)
