import pulumi
import pulumi_disruptive as dt

config = pulumi.Config()
home = config.require("home")
projects = {name: config.require(name) for name in ("development", "production")}

# One line for each system. A system has no access to an environment that its line leaves out.
systems = {
    "data-warehouse": {"development": "project.user", "production": "project.user"},
    "device-provisioning": {"production": "project.admin"},
}

for system, roles in systems.items():
    account = dt.ServiceAccount(system, project=home, display_name=system)
    for environment, role in roles.items():
        dt.ProjectRoleBinding(
            f"{system}-{environment}",
            project=projects[environment],
            member=account.email,
            role=role,
        )
    key = dt.ServiceAccountKey(system, service_account=account.id, rotate_after="90d")
    pulumi.export(system, key.credentials)
