import pulumi
import pulumi_disruptive as dt

config = pulumi.Config()
member = config.require("emailOfA")
organization = config.require("organization")

# The preview lists each selected project. A project that no longer matches loses the access.
found = dt.get_projects(organization=organization, labels={"monitored-by": "company-a"})
for project in found.projects:
    project_id = project.name.removeprefix("projects/")
    dt.ProjectRoleBinding(
        f"company-a-{project_id}",
        project=project_id,
        member=member,
        role="project.admin",
    )

pulumi.export("projects", [project.display_name for project in found.projects])
